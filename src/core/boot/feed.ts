import { existsSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Rate } from '../base/decimal.ts';
import { rate } from '../base/decimal.ts';
import { type Refusal, refusal } from '../command/refusal.ts';
import { time } from '../command/telling/words.ts';
import { type Candles, TIMEFRAMES, timeframeName } from '../domain/candle.ts';
import { readSymbol } from '../domain/instrument-table.ts';
import type { Deployment } from '../lab/deployment.ts';
import type { RunRequest } from '../lab/request.ts';
import { DataError } from '../market/data-error.ts';
import { type Extras, type FeedIdentity, listExtras, mergeExtras, NO_EXTRAS, type Series } from '../market/feed.ts';
import type { StoredSeries } from '../market/store.ts';
import { nodeCrypto } from '../platform/crypto.ts';
import { candlesFolder, type Paths } from './paths.ts';

/** Candles as they were found, before it is known where trading begins. */
export interface OpenedFeed {
  readonly candles: Candles;
  readonly priceDigits: number | undefined;
  readonly identity: () => FeedIdentity;
  readonly extras: Extras;
  readonly source: Series['source'];
  readonly more?: (() => Candles | undefined) | undefined;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * Opens what a request names: a file, a stored series, or the simulated market. `ofMids`: the run analyses mids, and the
 * store has those apart.
 */
export async function openFeed(
  request: RunRequest,
  paths: Paths,
  ofMids: boolean,
  signal?: AbortSignal,
): Promise<OpenedFeed | Refusal> {
  if (readSymbol(request.symbol) === undefined) {
    const fix = 'write BASE/QUOTE for spot, BASE/QUOTE:QUOTE for a perpetual';
    return refusal(2, 'UNKNOWN_SYMBOL', 'a symbol such as BTC/USDT:USDT or BTC/USDT', `"${request.symbol}"`, fix);
  }
  const { fundingFile } = request;
  if (fundingFile !== undefined && !existsSync(fundingFile)) return noFile(fundingFile);
  try {
    const { source } = request;
    if (source.from === 'synthetic') return await openSynthetic(request.symbol, source.seed);
    const opened =
      source.from === 'file'
        ? await openFile(request, source.path, signal)
        : await openStored(request, source.exchange, paths, ofMids);
    if ('exit' in opened) return opened;
    return fundingFile === undefined ? opened : await withFunding(opened, request, fundingFile, signal);
  } catch (error) {
    if (error instanceof DataError) return dataRefusal(error);
    throw error;
  }
}

/** What a broken file becomes at the edge. */
export function dataRefusal(error: DataError): Refusal {
  const { line } = error;
  const where = line === undefined ? basename(error.file) : `${basename(error.file)} line ${line}`;
  return refusal(2, 'BAD_DATA', `${where}: ${error.expected}`, error.found, error.fix);
}

/** That a file of candles, trades or funding rates is not there. */
export const noFile = (path: string): Refusal =>
  refusal(2, 'NO_FILE', 'the path of a CSV or CSV.gz file', `no file at "${path}"`, 'name a file that is there');

async function openFile(
  request: RunRequest,
  path: string,
  signal: AbortSignal | undefined,
): Promise<OpenedFeed | Refusal> {
  if (!existsSync(path)) return noFile(path);
  const timeframeMs = request.sourceTimeframe === undefined ? undefined : TIMEFRAMES[request.sourceTimeframe];
  const file = await readSeries(path, { timeframeMs, signal });
  const identity = (): FeedIdentity => ({
    kind: 'replay',
    path: resolve(path),
    sha256: file.sha256(),
    symbol: request.symbol,
  });
  return { candles: file.candles, priceDigits: file.priceDigits, identity, extras: NO_EXTRAS, source: 'replay' };
}

interface SeriesOptions {
  /** Of candles in the file; told by their steps where it is not named. */
  readonly timeframeMs?: number | undefined;
  /** Of what comes of it: candles that are built from trades, or one that stands alone, whose steps tell nothing. */
  readonly wantedMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Candles of a file of candles, or built from a file of trades by their time. A first candle that began before the first
 * trade is left out: part of it may be unseen.
 */
export async function readSeries(
  path: string,
  { timeframeMs, wantedMs, signal }: SeriesOptions = {},
): Promise<{ candles: Candles; priceDigits: number; sha256(): string }> {
  const [{ candlesIn }, { readTextFile }] = await Promise.all([
    import('../market/csv.ts'),
    import('../market/text-file.ts'),
  ]);
  // Once: what came from a pipe does not come again.
  const file = await readTextFile(path, signal);
  try {
    return await candlesIn(file, { timeframeMs, aloneMs: wantedMs }, signal);
  } catch (error) {
    if (!(error instanceof DataError) || !/trade/.test(`${error.found} ${error.fix}`)) throw error;
    const [{ tradesIn }, { buildCandles }] = await Promise.all([
      import('../market/trades.ts'),
      import('../market/build.ts'),
    ]);
    const trades = await tradesIn(file, signal);
    const builtMs = wantedMs ?? timeframeMs ?? MINUTE_MS;
    const { candles: built, isFirstPartial } = buildCandles(trades, builtMs);
    const candles = isFirstPartial ? sliceOf(built, 1, built.length) : built;
    if (candles.length === 0) throw noneWhole(path, builtMs, trades.at);
    return {
      candles,
      priceDigits: trades.priceDigits,
      sha256: () => trades.sha256(),
    };
  }
}

/** Why nothing came of a file: its times, which rise, lie within what is seen in part. */
export function noneWhole(file: string, timeframeMs: number, times: Float64Array): DataError {
  const expected = `all of at least one candle of ${timeframeName(timeframeMs)}`;
  const found = `what came from ${time(times[0] ?? 0)} to ${time(times.at(-1) ?? 0)}`;
  return new DataError({ file, expected, found, fix: 'Give a longer file, or ask for a shorter time frame' });
}

async function openStored(
  request: RunRequest,
  exchange: string,
  paths: Paths,
  ofMids: boolean,
): Promise<OpenedFeed | Refusal> {
  const { openCandles, listCandles } = await import('../market/store.ts');
  const root = candlesFolder(paths);
  const all = listCandles(root);
  const stored = all.filter(
    (each) =>
      each.symbol === request.symbol && each.exchange === exchange && each.price === (ofMids ? 'mid' : undefined),
  );
  const wanted = request.sourceTimeframe ?? request.timeframe;
  const exact = stored.find((each) => timeframeName(each.timeframeMs) === wanted);
  const found =
    exact ??
    (wanted === undefined ? stored[0] : stored.find((each) => (TIMEFRAMES[wanted] ?? 1) % each.timeframeMs === 0));
  if (found === undefined) return noCandles(`${request.symbol} ${wanted ?? ''} (${exchange})`, ofMids, all);
  const opened = await openCandles(root, found);
  const { path } = opened;
  const identity = (): FeedIdentity => ({ kind: 'replay', path, sha256: checksumOf(path), symbol: request.symbol });
  return { candles: opened.candles, priceDigits: opened.priceDigits, identity, extras: NO_EXTRAS, source: 'replay' };
}

async function noCandles(wanted: string, ofMids: boolean, all: readonly StoredSeries[]): Promise<Refusal> {
  const { seriesName } = await import('../command/data/series.ts');
  const names = all
    .slice(0, 8)
    .map(({ timeframeMs, price, ...each }) =>
      seriesName({ ...each, timeframe: timeframeName(timeframeMs), series: price ?? 'candles' }),
    );
  const has = names.length === 0 ? 'the store is empty' : `the store has ${names.join(', ')}`;
  const fix = ofMids
    ? 'an engine keeps them while a run with price=mid is on that exchange; or give --data FILE, or --param price=trade'
    : 'dzentra data import FILE --symbol SYMBOL --timeframe 1m, or give --data FILE';
  return refusal(2, 'NO_CANDLES', `stored candles of ${ofMids ? 'the mids of ' : ''}${wanted}`, has, fix);
}

const checksumOf = (path: string): string => nodeCrypto().hash('sha256', readFileSync(path), 'hex');

async function withFunding(
  feed: OpenedFeed,
  { symbol }: RunRequest,
  path: string,
  signal: AbortSignal | undefined,
): Promise<OpenedFeed> {
  const { readFunding } = await import('../market/funding.ts');
  const { at, rate: rates, sha256 } = await readFunding(path, signal);
  const settlements = Array.from(at, (instant, i) => ({
    kind: 'funding' as const,
    symbol,
    at: instant,
    rate: rate(rates[i] as string) as Rate,
  }));
  const identity = (): FeedIdentity => {
    const own = feed.identity();
    return own.kind === 'replay' ? { ...own, funding: sha256() } : own;
  };
  return { ...feed, identity, extras: listExtras(settlements) };
}

/** The simulated market grows as it is asked: first so many days, then twice as many. */
const SYNTHETIC_DAYS = 45;

async function openSynthetic(symbol: string, seed: number): Promise<OpenedFeed> {
  const [{ SyntheticMarket, SYNTHETIC_EPOCH_AT }, { quotesOf, settlementsOf }] = await Promise.all([
    import('../market/synthetic.ts'),
    import('../market/synthetic-extras.ts'),
  ]);
  const market = new SyntheticMarket(symbol, seed);
  let days = SYNTHETIC_DAYS;
  const candles = (): Candles => market.candles(SYNTHETIC_EPOCH_AT, SYNTHETIC_EPOCH_AT + days * DAY_MS);
  return {
    candles: candles(),
    priceDigits: market.priceDigits,
    identity: () => ({ kind: 'synthetic', seed, symbol }),
    extras: mergeExtras(settlementsOf(market, SYNTHETIC_EPOCH_AT + 1), quotesOf(market, SYNTHETIC_EPOCH_AT)),
    source: 'synthetic',
    more() {
      days *= 2;
      return candles();
    },
  };
}

/** The series that the pump plays: cut to the days asked for, trading from the first candle that is not warm-up. */
export function seriesOf(feed: OpenedFeed, request: RunRequest, deployment: Deployment): Series | Refusal {
  const { candles, extras, source, more } = feed;
  const { from, to } = request;
  const cut = to === undefined ? candles : headOf(candles, to);
  const start = source === 'synthetic' ? Math.min(deployment.warmupCandles + 1, cut.length - 1) : 0;
  const tradeFrom = from === undefined ? start : firstAt(cut, from);
  if (tradeFrom >= cut.length) {
    const first = time(candles.openAt[0] ?? 0);
    const last = time((candles.openAt[candles.length - 1] ?? 0) + candles.timeframeMs);
    return refusal(
      2,
      'NO_CANDLES',
      'candles between --from and --to',
      `candles from ${first} to ${last}`,
      'choose days within them',
    );
  }
  const base = { symbol: request.symbol, source, candles: cut, tradeFrom, extras };
  return more === undefined || to !== undefined || !isPaced(request) ? base : { ...base, more };
}

/** A market without an end is for a run with a pace: at full speed it would only fill the memory. */
const isPaced = (request: RunRequest): boolean => 'speed' in request && request.speed !== 'max';

function firstAt(candles: Candles, from: number): number {
  let index = 0;
  while (index < candles.length && (candles.openAt[index] as number) < from) index++;
  return index;
}

function headOf(candles: Candles, to: number): Candles {
  return sliceOf(candles, 0, firstAt(candles, to - candles.timeframeMs + 1));
}

/** Candles from one index up to another, as views of the same columns. */
function sliceOf(candles: Candles, from: number, to: number): Candles {
  const part = (column: Float64Array): Float64Array => column.subarray(from, to);
  const { openAt, open, high, low, close, volume, timeframeMs } = candles;
  return {
    timeframeMs,
    length: Math.max(0, to - from),
    openAt: part(openAt),
    open: part(open),
    high: part(high),
    low: part(low),
    close: part(close),
    volume: part(volume),
  };
}
