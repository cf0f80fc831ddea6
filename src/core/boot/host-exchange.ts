import { type Refusal, refusal } from '../command/refusal.ts';
import { shownProxy } from '../config/exchanges.ts';
import type { Log } from '../config/logging.ts';
import { isSecretProblem } from '../config/secrets/key.ts';
import type { VenueAccountFrame } from '../domain/frame.ts';
import { MINUTE_MS } from '../domain/time.ts';
import { createExchangeFeed, type ExchangeFeed } from '../lab/host/feed.ts';
import type { LiveFeed, OpenProblem } from '../market/feed.ts';
import type { LaterOptions } from '../market/live/later.ts';
import type { LiveOptions } from '../market/live/options.ts';
import { type Endpoint, type ExchangeRest, isVenueProblem } from '../venue/exchange.ts';
import { type AccountWatch, lockedAccount, watchAccount } from './account-watch.ts';
import { type AskedExchange, endingAt, type Listing } from './exchange-ask.ts';
import { systemTimers } from './timers.ts';

/** What an exchange becomes a part of. */
export interface ExchangeSurroundings {
  readonly log: Log;
  /** A symbol that the journal has runs on: with one the engine starts even where the exchange cannot be reached. */
  readonly held: string | undefined;
  /** The folder of the history store: candles of mids are kept there. */
  readonly candles: string;
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
 * Makes a feed of an exchange that was asked: its REST, its stream, its clock. Undefined where the signal aborted before
 * it answered.
 */
export async function openExchange(
  { exchange, endpoint, pace, key, rest, markets, signal }: AskedExchange,
  { log, held, candles }: ExchangeSurroundings,
): Promise<OpenedExchange | Refusal | undefined> {
  if (key !== undefined && isSecretProblem(key)) {
    log.warn('the key cannot be used: prices go on, the account is not shown', { exchange, found: key.found });
  }
  const place = {
    exchange,
    timers: systemTimers,
    ...pace,
    endpointText: endpoint.base ?? 'the venue',
    proxyText: endpoint.proxy === undefined ? null : shownProxy(endpoint.proxy),
  };
  const open = async (asked: Promise<Listing>): Promise<LiveFeed | OpenProblem> => {
    const { createLiveFeed, unreached } = await import('../market/live/feed.ts');
    const listed = await asked;
    if (isVenueProblem(listed)) return unreached({ ...place, rest }, listed);
    const stream = await streamOf(exchange, endpoint, rest, log);
    return await createLiveFeed({ ...place, rest, stream, log: (text) => log.warn(text, { exchange }) });
  };
  const reached = signal?.aborted === true ? undefined : await endingAt(signal, rest, () => open(markets));
  if (reached === undefined || signal?.aborted === true) {
    if (reached !== undefined && !isProblem(reached)) await reached.end();
    await rest.close();
    return undefined;
  }
  if (isProblem(reached) && held === undefined) {
    await rest.close();
    return refusal(4, reached.code, reached.expected, reached.found, reached.fix);
  }
  if (isProblem(reached))
    log.error('the exchange cannot be reached: it is tried again', { exchange, found: reached.found });
  const again = (): Promise<LiveFeed | OpenProblem> => open(rest.markets());
  const live = isProblem(reached)
    ? await later({ ...place, title: rest.title, problem: reached, open: again })
    : reached;
  const name = endpoint.base === undefined ? exchange : `${exchange}@${new URL(endpoint.base).host}`;
  const first = held ?? (live.serves('BTC/USDT:USDT') ? 'BTC/USDT:USDT' : (live.near('BTC/USDT')[0] ?? 'BTC/USDT'));
  const account = accountBehind(key, rest, log);
  const { createMidStore } = await import('../market/mid-store.ts');
  const mids = createMidStore({
    root: candles,
    exchange: folderOf(name),
    timeframeMs: live.timeframeMs,
    log: (text) => log.warn(text, { exchange }),
  });
  return {
    feed: createExchangeFeed(live, name, first, mids),
    account: () => account?.last() ?? null,
    async close() {
      await mids.end();
      account?.end();
      await live.end();
      await rest.close();
    },
  };
}

/** The account that a key is for: watched, or why the key cannot be used; undefined where none was given. */
function accountBehind(key: AskedExchange['key'], rest: ExchangeRest, log: Log): AccountWatch | undefined {
  if (key === undefined) return undefined;
  if (!isSecretProblem(key)) return watchAccount(rest, key, systemTimers, log);
  const locked = lockedAccount(rest.exchange, key, systemTimers.wall());
  return { last: () => locked, end: () => undefined };
}

/** `binanceusdm@127.0.0.1:8080` -> `binanceusdm-127-0-0-1-8080`: mids of a stand-in stay apart from those of the venue. */
const folderOf = (name: string): string => name.replaceAll(/[^A-Za-z0-9]+/g, '-');

const later = async (options: LaterOptions): Promise<LiveFeed> =>
  (await import('../market/live/later.ts')).createLaterFeed(options);

const isProblem = (live: object): live is OpenProblem => 'code' in live;

async function streamOf(
  exchange: string,
  endpoint: Endpoint,
  rest: ExchangeRest,
  log: Log,
): Promise<LiveOptions['stream']> {
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
  const { createBinanceStream } = await import('../venue/binance/stream.ts');
  return (sink, names) =>
    createBinanceStream({
      market,
      endpoint,
      timers: systemTimers,
      random: Math.random,
      sink,
      symbolOf: (id) => names.symbolOf(id),
      idOf: (symbol) => names.idOf(symbol),
      snapshot: (symbol) => rest.book(symbol, 1_000),
      timeframeMs: MINUTE_MS,
      log: (text) => log.info(text, { exchange }),
    });
}
