import { text } from 'node:stream/consumers';
import { isRefusal, type Refusal, refusal } from '../command/refusal.ts';
import { endpointOf, shownProxy } from '../config/exchanges.ts';
import type { Log } from '../config/logging.ts';
import { findKey } from '../config/secrets/find.ts';
import { type FoundKey, fits, isSecretProblem } from '../config/secrets/key.ts';
import type { VenueAccountFrame } from '../domain/frame.ts';
import { MINUTE_MS } from '../domain/time.ts';
import { createExchangeFeed, type ExchangeFeed } from '../lab/host/feed.ts';
import type { LiveFeed, OpenProblem } from '../market/feed.ts';
import type { LaterOptions } from '../market/live/later.ts';
import { nodeHttp } from '../platform/http.ts';
import {
  type Endpoint,
  type ExchangeRest,
  type ExchangeStream,
  isVenueProblem,
  type StreamSink,
} from '../venue/exchange.ts';
import { watchAccount } from './account-watch.ts';
import { configPorts } from './config.ts';
import { openAt } from './exchange-rest.ts';
import type { Paths } from './paths.ts';
import { secretPlaces } from './secret-places.ts';
import { systemTimers } from './timers.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What the wiring of an exchange needs beside its name. */
export interface ExchangeSurroundings {
  readonly paths: Paths;
  readonly env: Environment;
  readonly log: Log;
  /** A symbol that the journal has runs on: with one the engine starts even where the exchange cannot be reached. */
  readonly held: string | undefined;
  /** Gives up what is asked of the exchange while it is opened. */
  readonly signal?: AbortSignal | undefined;
}

/** An exchange as the feed of an engine, and the real account where a key was given for it. */
export interface OpenedExchange {
  readonly feed: ExchangeFeed;
  readonly account: () => VenueAccountFrame | null;
  close(): Promise<void>;
}

/** Exchanges whose streams are read by an own adapter, and which of its markets. */
const OWN_STREAMS: Readonly<Record<string, 'usdm' | 'spot'>> = { binanceusdm: 'usdm', binance: 'spot' };

/**
 * Opens the exchange that the configuration names: its REST, its stream, its clock. Undefined where the signal aborted
 * before its first answer.
 */
export async function openExchange(
  exchange: string,
  { paths, env, log, held, signal }: ExchangeSurroundings,
): Promise<OpenedExchange | Refusal | undefined> {
  const config = await configPorts(paths, env).load();
  if (isRefusal(config)) return config;
  const endpoint = endpointOf(config, env, exchange);
  // The class takes longest to load: it comes while the stand-in is asked for its time.
  const loading = import('../venue/ccxt/load.ts').then(({ loadExchange }) => loadExchange(exchange));
  const [{ clock, speed }] = await Promise.all([paceOf(endpoint, signal), loading]);
  const key = await keyOf(exchange, endpoint, { paths, env, log });
  const rest = await openAt(exchange, endpoint, key);
  if (isRefusal(rest)) return rest;
  const { createLiveFeed } = await import('../market/live/feed.ts');
  const place = {
    exchange,
    timers: systemTimers,
    clock,
    speed,
    endpointText: endpoint.base ?? 'the venue',
    proxyText: endpoint.proxy === undefined ? null : shownProxy(endpoint.proxy),
  };
  const open = async (): Promise<LiveFeed | OpenProblem> => {
    const stream = await streamOf(exchange, endpoint, rest, log);
    return await createLiveFeed({ ...place, rest, stream, log: (text) => log.warn(text, { exchange }) });
  };
  const reached = await givenUpBy(signal, open, () => rest.close());
  if (reached === undefined) return undefined;
  if (isProblem(reached) && held === undefined) {
    await rest.close();
    return refusal(4, reached.code, reached.expected, reached.found, reached.fix);
  }
  if (isProblem(reached))
    log.error('the exchange cannot be reached: it is tried again', { exchange, found: reached.found });
  const live = isProblem(reached) ? await later({ ...place, title: rest.title, problem: reached, open }) : reached;
  const name = endpoint.base === undefined ? exchange : `${exchange}@${new URL(endpoint.base).host}`;
  const first = held ?? (live.serves('BTC/USDT:USDT') ? 'BTC/USDT:USDT' : (live.near('BTC/USDT')[0] ?? 'BTC/USDT'));
  const account = key === undefined ? undefined : watchAccount(rest, key, systemTimers, log);
  return {
    feed: createExchangeFeed(live, name, first),
    account: () => account?.last() ?? null,
    async close() {
      account?.end();
      await live.end();
      await rest.close();
    },
  };
}

/** What is opened; undefined where the signal aborts before: what is under way ends at once when `end` is called. */
async function givenUpBy<T extends LiveFeed | OpenProblem>(
  signal: AbortSignal | undefined,
  open: () => Promise<T>,
  end: () => Promise<void>,
): Promise<T | undefined> {
  const giveUp = (): void => void end();
  signal?.addEventListener('abort', giveUp, { once: true });
  try {
    const opened = signal?.aborted === true ? undefined : await open();
    if (signal?.aborted !== true) return opened;
    if (opened !== undefined && !isProblem(opened)) await opened.end();
    await end();
    return undefined;
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
}

const later = async (options: LaterOptions): Promise<LiveFeed> =>
  (await import('../market/live/later.ts')).createLaterFeed(options);

const isProblem = (live: object): live is OpenProblem => 'code' in live;

/** An engine asks nobody: a key that is sealed needs its passphrase where the machine finds it. */
async function keyOf(
  exchange: string,
  endpoint: Endpoint,
  { paths, env, log }: Pick<ExchangeSurroundings, 'paths' | 'env' | 'log'>,
): Promise<FoundKey | undefined> {
  const found = await findKey(exchange, secretPlaces(paths, env, undefined));
  const problem = found === undefined || isSecretProblem(found) ? found : fits(found, endpoint);
  if (problem === undefined) return found as FoundKey | undefined;
  log.warn('the key cannot be used: prices go on, the account is not shown', { exchange, found: problem.found });
  return undefined;
}

/** How time passes at an exchange; `clock` is absent where it is the system's. */
interface Pace {
  readonly clock?: () => number;
  readonly speed: number;
}

const USUAL: Pace = { speed: 1 };

/** A stand-in on loopback may play its market at another time and speed. */
async function paceOf({ base }: Endpoint, end: AbortSignal | undefined): Promise<Pace> {
  if (base === undefined) return USUAL;
  const { wall, mono } = systemTimers;
  try {
    const late = AbortSignal.timeout(CLOCK_MS);
    const signal = end === undefined ? late : AbortSignal.any([late, end]);
    const told = JSON.parse(await answerOf(`${base}/sandbox/clock`, signal)) as unknown;
    const { now, speed } = told as { readonly now?: unknown; readonly speed?: unknown };
    if (typeof now !== 'number' || typeof speed !== 'number' || !(speed > 0)) return USUAL;
    if (speed === 1 && Math.abs(now - wall()) < OWN_TIME_MS) return USUAL;
    const from = mono();
    return { clock: () => Math.floor(now + (mono() - from) * speed), speed };
  } catch {
    return USUAL;
  }
}

/** The body of what is at an address on loopback. */
function answerOf(url: string, signal: AbortSignal): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const asked = nodeHttp.get(url, { signal, agent: false }, (answer) => {
    text(answer).then(resolve, reject);
  });
  asked.once('error', reject);
  return promise;
}

/** How long a stand-in may take to tell its clock. */
const CLOCK_MS = 2_000;
/** A stand-in whose clock is off by more than this plays in a time of its own; less is a clock that is off. */
const OWN_TIME_MS = 3_600_000;

async function streamOf(
  exchange: string,
  endpoint: Endpoint,
  rest: ExchangeRest,
  log: Log,
): Promise<((sink: StreamSink) => ExchangeStream) | undefined> {
  const market = OWN_STREAMS[exchange];
  if (market === undefined) {
    const { openCcxtStream } = await import('../venue/ccxt/stream.ts');
    const told = (text: string): void => log.info(text, { exchange });
    const opened = await openCcxtStream({
      exchange,
      endpoint,
      timers: systemTimers,
      random: Math.random,
      timeframeMs: MINUTE_MS,
      log: told,
    });
    return isVenueProblem(opened) ? undefined : opened;
  }
  const markets = await rest.markets();
  if (isVenueProblem(markets)) return undefined;
  const symbols = new Map(markets.map(({ id, symbol }) => [id, symbol]));
  const ids = new Map(markets.map(({ id, symbol }) => [symbol, id]));
  const { createBinanceStream } = await import('../venue/binance/stream.ts');
  return (sink) =>
    createBinanceStream({
      market,
      endpoint,
      timers: systemTimers,
      random: Math.random,
      sink,
      symbolOf: (id) => symbols.get(id),
      idOf: (symbol) => ids.get(symbol),
      snapshot: (symbol) => rest.book(symbol, 1_000),
      timeframeMs: MINUTE_MS,
      log: (text) => log.info(text, { exchange }),
    });
}
