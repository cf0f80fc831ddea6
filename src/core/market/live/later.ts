import type { ExchangeFrame } from '../../domain/frame.ts';
import type { Timers } from '../../venue/exchange.ts';
import type { LiveFeed, OpenProblem } from '../feed.ts';
import { NO_FACTS, TIMEFRAME_MS } from './options.ts';

/** What is known of an exchange that cannot be reached yet. */
export interface LaterOptions {
  readonly exchange: string;
  readonly title: string;
  readonly endpointText: string;
  readonly proxyText: string | null;
  readonly timers: Timers;
  readonly clock?: (() => number) | undefined;
  readonly speed?: number | undefined;
  /** Why it could not be reached. */
  readonly problem: OpenProblem;
  /** Tries again. */
  readonly open: () => Promise<LiveFeed | OpenProblem>;
}

/** Between two tries. */
const AGAIN_MS = 5_000;

/**
 * The feed of an exchange that cannot be reached: an engine whose journal has runs on it starts all the same, tells that the
 * feed is down, and tries again whenever a symbol is asked for. Once it is reached everything is the feed's own.
 */
export function createLaterFeed(options: LaterOptions): LiveFeed {
  const { exchange, timers, speed = 1 } = options;
  const clock = options.clock ?? (() => timers.wall());
  let inner: LiveFeed | undefined;
  let problem = options.problem;
  let failedAt = timers.wall();
  let triedAt = timers.mono();
  let trying: Promise<LiveFeed | OpenProblem> | undefined;
  let listener = (): void => {};
  let isEnded = false;
  const attempt = async (): Promise<LiveFeed | OpenProblem> => {
    triedAt = timers.mono();
    const opened = await options.open();
    if ('code' in opened) {
      problem = opened;
      failedAt = timers.wall();
      return opened;
    }
    if (isEnded) await opened.end();
    inner = opened;
    opened.onInput(listener);
    return opened;
  };
  const reach = (): Promise<LiveFeed | OpenProblem> => {
    if (inner !== undefined) return Promise.resolve(inner);
    if (trying === undefined && timers.mono() - triedAt < AGAIN_MS) return Promise.resolve(problem);
    trying ??= attempt().finally(() => {
      trying = undefined;
    });
    return trying;
  };
  return {
    exchange,
    timeframeMs: TIMEFRAME_MS,
    speed,
    now: (since) => inner?.now(since) ?? clock(),
    // Whether it lists a symbol is not known: asking for it says what is wrong.
    serves: (symbol) => inner?.serves(symbol) ?? true,
    near: (symbol) => inner?.near(symbol) ?? [],
    instrument: (symbol) => inner?.instrument(symbol),
    async open(symbol, from) {
      const reached = await reach();
      return 'code' in reached ? reached : await reached.open(symbol, from);
    },
    close: (symbol) => inner?.close(symbol),
    take: () => inner?.take(),
    onInput(heard) {
      listener = heard;
      inner?.onInput(heard);
    },
    facts: (symbol) => inner?.facts(symbol) ?? NO_FACTS,
    closed: (symbol) => inner?.closed(symbol) ?? [],
    frame: () => inner?.frame() ?? frameOf(options, failedAt, problem),
    async end() {
      isEnded = true;
      await inner?.end();
    },
  };
}

const frameOf = (
  { exchange, title, endpointText, proxyText }: LaterOptions,
  at: number,
  { found, fix }: OpenProblem,
): ExchangeFrame => ({
  name: exchange,
  title,
  endpoint: endpointText,
  proxy: proxyText,
  state: 'down',
  latencyMsP50: null,
  latencyMsP99: null,
  weightUsed: null,
  weightMax: null,
  silentUntil: null,
  offsetMs: null,
  offsetErrorMs: null,
  reconnects: 0,
  resyncs: 0,
  surprises: 0,
  dropped: 0,
  refused: 0,
  lastError: { at, text: `${found}; ${fix}` },
  streams: [],
});
