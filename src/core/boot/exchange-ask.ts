import { text } from 'node:stream/consumers';
import { isRefusal, type Refusal } from '../command/refusal.ts';
import { endpointOf } from '../config/exchanges.ts';
import { findKey } from '../config/secrets/find.ts';
import { type FoundKey, fits, isSecretProblem, type SecretProblem } from '../config/secrets/key.ts';
import { keepYoungHeap } from '../platform/heap.ts';
import { nodeHttp } from '../platform/http.ts';
import type { Endpoint, ExchangeRest } from '../venue/exchange.ts';
import { configPorts } from './config.ts';
import { openAt } from './exchange-rest.ts';
import type { Paths } from './paths.ts';
import { secretPlaces } from './secret-places.ts';
import { systemTimers } from './timers.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where an exchange is found, and what gives up asking it. */
export interface ExchangePlace {
  readonly paths: Paths;
  readonly env: Environment;
  readonly signal?: AbortSignal | undefined;
}

/** An exchange that was asked for its markets: the answer is on its way. */
export interface AskedExchange {
  readonly exchange: string;
  readonly endpoint: Endpoint;
  readonly pace: Pace;
  readonly key: FoundKey | SecretProblem | undefined;
  readonly rest: ExchangeRest;
  readonly markets: Promise<Listing>;
  readonly signal: AbortSignal | undefined;
}

/** What it lists, or why it does not say. */
export type Listing = Awaited<ReturnType<ExchangeRest['markets']>>;

/** The name of a feed that is an exchange: `binanceusdm`. */
const isExchangeName = (feed: string): boolean =>
  feed !== 'synthetic' && feed !== 'replay' && /^[a-z][a-z0-9]{1,30}$/.test(feed);

/**
 * Asks the exchange that is the feed of an engine its first question: what it lists. Undefined where the feed is none.
 * Resolves when the question is on its way, so that it is answered while the engine is loaded and opened.
 */
export async function askExchange(
  feed: string | undefined,
  { paths, env, signal }: ExchangePlace,
): Promise<AskedExchange | Refusal | undefined> {
  if (feed === undefined || !isExchangeName(feed)) return undefined;
  keepYoungHeap();
  const config = await configPorts(paths, env).load();
  if (isRefusal(config)) return config;
  const endpoint = endpointOf(config, env, feed);
  // The class takes longest to load: it comes while the stand-in is asked for its time.
  const loading = import('../venue/ccxt/load.ts').then(({ loadExchange }) => loadExchange(feed));
  const [pace] = await Promise.all([paceOf(endpoint, signal), loading]);
  const key = await keyOf(feed, endpoint, paths, env);
  const { promise: connected, resolve: onConnect } = Promise.withResolvers<void>();
  const known = key === undefined || isSecretProblem(key) ? undefined : key;
  const rest = await openAt(feed, endpoint, known, { timers: systemTimers, onConnect });
  if (isRefusal(rest)) return rest;
  // What is closed asks nothing.
  if (signal?.aborted === true) await rest.close();
  const markets = rest.markets();
  await endingAt(signal, rest, () => Promise.race([connected, markets]));
  return { exchange: feed, endpoint, pace, key, rest, markets, signal };
}

/** Does what an exchange is asked for; when the signal aborts, that is given up. */
export async function endingAt<T>(
  signal: AbortSignal | undefined,
  rest: Pick<ExchangeRest, 'close'>,
  work: () => Promise<T>,
): Promise<T> {
  const giveUp = (): void => void rest.close();
  signal?.addEventListener('abort', giveUp, { once: true });
  try {
    return await work();
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
}

/** An engine asks nobody: a key that is sealed needs its passphrase where the machine finds it. */
async function keyOf(
  exchange: string,
  endpoint: Endpoint,
  paths: Paths,
  env: Environment,
): Promise<FoundKey | SecretProblem | undefined> {
  const found = await findKey(exchange, secretPlaces(paths, env, undefined));
  if (found === undefined || isSecretProblem(found)) return found;
  return fits(found, endpoint) ?? found;
}

/** How time passes at an exchange; `clock` is absent where it is the system's. */
export interface Pace {
  readonly clock?: () => number;
  readonly speed: number;
}

const USUAL: Pace = { speed: 1 };

/** A stand-in on loopback may play its market at another time and speed. */
export async function paceOf({ base }: Endpoint, end?: AbortSignal): Promise<Pace> {
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
