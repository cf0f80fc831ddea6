import {
  type Channel,
  type ChannelState,
  type Endpoint,
  type ExchangeStream,
  isVenueProblem,
  type StreamHealth,
  type StreamSink,
  type Timers,
  type VenueProblem,
} from '../exchange.ts';
import { RateBudget } from './budget.ts';
import { familyOf } from './codes.ts';
import { loadExchange } from './load.ts';
import { type ProClient, type Watched, watchesOf } from './pro.ts';
import { clientOf } from './rest.ts';
import { scrubber } from './scrub.ts';
import { attachWire } from './wire.ts';

/** What a stream by ccxt pro needs. */
export interface CcxtStreamOptions {
  readonly exchange: string;
  readonly endpoint: Endpoint;
  readonly timers: Timers;
  /** Between 0 and 1, for waits that differ. */
  readonly random: () => number;
  readonly timeframeMs: number;
  readonly log?: ((text: string) => void) | undefined;
}

/** How long a channel may say nothing before it is silent: ccxt itself notices a dead socket after a minute. */
const SILENCE_MS: Readonly<Record<Channel, number>> = {
  quote: 10_000,
  book: 10_000,
  trade: 120_000,
  candle: 90_000,
  mark: 10_000,
};
/** All of a connection silent for so long: it is replaced, and not again for as long. */
const DEAD_MS = 15_000;
const SWEEP_MS = 1_000;
const BACKOFF_MS = { min: 1_000, max: 60_000 };
const LEVELS = 50;
/** A proxy's login and the venue's own bytes may be in the words of an error. */
const scrub = scrubber(undefined);

/** Opens the stream of an exchange by its ccxt pro class; a problem where it has none. Nothing is asked yet. */
export async function openCcxtStream(
  options: CcxtStreamOptions,
): Promise<((sink: StreamSink) => ExchangeStream) | VenueProblem> {
  const { exchange, endpoint, timers } = options;
  const found = await loadExchange(exchange, 'pro');
  if (isVenueProblem(found)) return found;
  const client = clientOf(found, { exchange, endpoint, timers }) as ProClient;
  attachWire(client, {
    family: familyOf(exchange),
    base: endpoint.base,
    proxy: endpoint.base === undefined ? endpoint.proxy : undefined,
    timeoutMs: 10_000,
    timers,
    budget: new RateBudget(timers, null),
    scrub,
  });
  client.newUpdates = true;
  if (endpoint.proxy !== undefined && endpoint.base === undefined) client.wssProxy = endpoint.proxy;
  // Without it ccxt refuses plain ws, which a stand-in on loopback speaks.
  if (endpoint.base !== undefined) await client.loadHttpProxyAgent();
  return (sink) => new CcxtStream(client, options, sink);
}

/** One channel of one symbol while it is open. Instants are of `mono` but for `lastAt`. */
interface Lane {
  readonly symbol: string;
  readonly channel: Channel;
  state: ChannelState;
  /** NaN before the first message. */
  heardAt: number;
  lastAt: number;
  messages: number;
  openedAt: number;
}

/** Channels that ccxt pro watches, each in a loop of its own; silence is watched here. */
class CcxtStream implements ExchangeStream {
  readonly exchange: string;
  readonly #client: ProClient;
  readonly #options: CcxtStreamOptions;
  readonly #sink: StreamSink;
  readonly #watches: readonly Watched[];
  readonly #lanes = new Map<string, Lane[]>();
  #reconnects = 0;
  #replacedAt = Number.NEGATIVE_INFINITY;
  #dropped = 0;
  #lastError: StreamHealth['lastError'] = null;
  /** Pauses after errors. */
  readonly #pauses = new Set<() => void>();
  #giveUp: () => void;
  #isEnded = false;

  constructor(client: ProClient, options: CcxtStreamOptions, sink: StreamSink) {
    this.exchange = options.exchange;
    this.#client = client;
    this.#options = options;
    this.#sink = sink;
    this.#watches = watchesOf(client, options.timeframeMs, LEVELS);
    this.#giveUp = options.timers.after(SWEEP_MS, () => this.#sweep());
  }

  open(symbol: string): void {
    if (this.#isEnded || this.#lanes.has(symbol)) return;
    const openedAt = this.#options.timers.mono();
    const lanes = this.#watches.map(
      ({ channel }): Lane => ({
        symbol,
        channel,
        state: 'opening',
        heardAt: Number.NaN,
        lastAt: 0,
        messages: 0,
        openedAt,
      }),
    );
    this.#lanes.set(symbol, lanes);
    for (const [index, watched] of this.#watches.entries()) void this.#follow(watched, lanes[index] as Lane);
  }

  close(symbol: string): void {
    this.#lanes.delete(symbol);
  }

  health(): StreamHealth {
    const lanes = [...this.#lanes.values()].flat();
    const isLive = lanes.some(({ state }) => state === 'live' || state === 'quiet');
    return {
      state: isLive
        ? 'up'
        : lanes.length === 0 || lanes.some(({ state }) => state === 'opening')
          ? 'connecting'
          : 'down',
      connections: Object.keys(this.#client.clients).length,
      reconnects: this.#reconnects,
      lastError: this.#lastError,
      channels: lanes.map(({ symbol, channel, state, lastAt, messages }) => ({
        symbol,
        channel,
        state,
        lastAt,
        messages,
      })),
      surprises: 0,
      dropped: this.#dropped,
      resyncs: 0,
      droppedSample: null,
    };
  }

  async end(): Promise<void> {
    this.#isEnded = true;
    this.#giveUp();
    for (const giveUp of this.#pauses) giveUp();
    this.#pauses.clear();
    this.#lanes.clear();
    await this.#client.close().catch(() => undefined);
  }

  /** Watches until the symbol is closed; after an error it waits, longer each time. */
  async #follow({ watch }: Watched, lane: Lane): Promise<void> {
    let failed = 0;
    while (this.#isOpen(lane)) {
      try {
        const tell = await watch(lane.symbol);
        if (!this.#isOpen(lane)) return;
        failed = 0;
        this.#heard(lane, tell);
      } catch (error) {
        if (!this.#isOpen(lane)) return;
        failed++;
        this.#failed(lane, error);
        await this.#pause(failed);
      }
    }
  }

  #isOpen(lane: Lane): boolean {
    return !this.#isEnded && this.#lanes.get(lane.symbol)?.includes(lane) === true;
  }

  #heard(lane: Lane, tell: (sink: StreamSink, at: number) => number): void {
    const { timers } = this.#options;
    const at = timers.wall();
    lane.heardAt = timers.mono();
    lane.lastAt = at;
    lane.messages++;
    this.#change(lane, 'live', lane.messages === 1 ? 'the stream gives' : 'the stream gives again');
    this.#dropped += tell(this.#sink, at);
  }

  #failed(lane: Lane, error: unknown): void {
    const text = error instanceof Error ? scrub(`${error.name}: ${error.message}`) : 'an error without words';
    this.#lastError = { at: this.#options.timers.wall(), text };
    this.#change(lane, 'lost', text);
  }

  #pause(failed: number): Promise<void> {
    const { timers, random } = this.#options;
    const most = Math.min(BACKOFF_MS.max, BACKOFF_MS.min * 2 ** Math.min(failed, 10));
    return new Promise((resolve) => {
      const giveUp = timers.after(most / 2 + (random() * most) / 2, () => {
        this.#pauses.delete(giveUp);
        resolve();
      });
      this.#pauses.add(giveUp);
    });
  }

  #sweep(): void {
    const { timers } = this.#options;
    this.#giveUp = timers.after(SWEEP_MS, () => this.#sweep());
    const now = timers.mono();
    let youngest = Number.NEGATIVE_INFINITY;
    let count = 0;
    for (const lane of [...this.#lanes.values()].flat()) {
      const heardAt = Number.isNaN(lane.heardAt) ? lane.openedAt : lane.heardAt;
      youngest = Math.max(youngest, heardAt);
      count++;
      const silentMs = now - heardAt;
      if (silentMs > SILENCE_MS[lane.channel] && lane.state !== 'lost') {
        this.#change(lane, 'silent', `nothing for ${Math.round(silentMs / 1_000)} s`);
      }
    }
    if (count > 0 && now - Math.max(youngest, this.#replacedAt) > DEAD_MS) void this.#replace(now);
  }

  /** Ends every socket: what waits on one is rejected, and watches again on a new one. */
  async #replace(now: number): Promise<void> {
    this.#replacedAt = now;
    this.#reconnects++;
    this.#options.log?.(`${this.exchange}: nothing came for ${DEAD_MS / 1_000} s, the sockets are replaced`);
    await this.#client.close().catch(() => undefined);
  }

  #change(lane: Lane, state: ChannelState, why: string): void {
    if (lane.state === state) return;
    lane.state = state;
    const { symbol, channel } = lane;
    this.#sink.changed({ symbol, channel, state, why });
  }
}
