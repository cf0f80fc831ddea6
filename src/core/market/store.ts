import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Candles } from '../domain/candle.ts';
import { timeframeName } from '../domain/candle.ts';
import { createPace } from '../platform/pace.ts';
import { decodeCandles, encodeCandles, readBytes, restoreFix, type SeriesSummary, summarize } from './arrow-candles.ts';
import { explainFlaw, nextFlaw, unevenRows } from './candle-check.ts';
import { DataError } from './data-error.ts';
import { countGaps, type GapCount } from './gaps.ts';
import { type Differing, mergeCandles } from './merge.ts';
import { digitsIn } from './print.ts';
import { changeStore, writeWhole } from './store-file.ts';
import { isExchange, keyOf, type SeriesKey, seriesPath } from './store-key.ts';

/** Stored candles. The columns are views of the file's bytes: do not write into them. */
export interface StoredCandles {
  readonly path: string;
  readonly candles: Candles;
  readonly priceDigits: number;
  readonly volumeDigits: number;
  readonly gaps: GapCount;
}

export interface ImportReport {
  readonly path: string;
  /** Candles in the store now. */
  readonly rows: number;
  readonly added: number;
  /** Candles that were there before with the same numbers. */
  readonly known: number;
  readonly gaps: GapCount;
}

export interface StoredSeries extends SeriesKey {
  readonly path: string;
  /** What its file says of it, or why that cannot be read. */
  readonly summary: SeriesSummary | DataError;
}

/**
 * Adds candles to the history store, one file a series, and leaves either the old file or the whole new one behind.
 * @param root the folder that holds one folder an exchange
 * @throws {DataError} where a candle differs from the stored one of the same time, unless that `stays`, or is impossible;
 * where another process writes to the store and does not end. Rejects with the signal's reason before anything is written.
 */
export async function importCandles(
  root: string,
  key: SeriesKey,
  candles: Candles,
  differing?: Differing,
  signal?: AbortSignal,
): Promise<ImportReport> {
  const path = seriesPath(root, key);
  if (candles.timeframeMs !== key.timeframeMs) throw wrongTimeframe(path, key, candles);
  refuseFlaws(path, candles, 'See all flaws with data check, correct the source and import it again');
  const pace = createPace(signal);
  return changeStore(root, async () => {
    await pace();
    const stored = existsSync(path) ? openFile(path, key) : undefined;
    if (stored !== undefined) refuseFlaws(path, stored.candles, restoreFix(path));
    const merged = stored === undefined ? candles : mergeCandles(stored.candles, candles, path, differing);
    const added = merged.length - (stored?.candles.length ?? 0);
    if (added > 0) {
      await pace();
      const bytes = await encodeCandles(merged, metadataOf(key, candles, stored));
      await pace();
      writeWhole(path, bytes);
    }
    return { path, rows: merged.length, added, known: candles.length - added, gaps: countGaps(merged) };
  });
}

function metadataOf(
  { exchange, symbol, timeframeMs, price }: SeriesKey,
  { open, high, low, close, volume }: Candles,
  stored: StoredCandles | undefined,
) {
  const prices = [open, high, low, close];
  return {
    exchange,
    symbol,
    timeframe: timeframeName(timeframeMs),
    priceDigits: Math.max(stored?.priceDigits ?? 0, digitsIn(price === 'mid' ? prices.map(touches) : prices)),
    volumeDigits: Math.max(stored?.volumeDigits ?? 0, digitsIn([volume])),
  };
}

/** Bid + ask of mids, without the last bits that adding them made: a mid may lie on half a tick, those do not. */
const touches = (mids: Float64Array): Float64Array => mids.map((mid) => Number((2 * mid).toPrecision(15)));

function wrongTimeframe(file: string, key: SeriesKey, candles: Candles): DataError {
  const expected = `candles of ${timeframeName(key.timeframeMs)}`;
  return new DataError({
    file,
    expected,
    found: timeframeName(candles.timeframeMs),
    fix: 'Name the time frame they have',
  });
}

/** Steps are measured from the first candle, so that two series that do not fit on one grid are refused together. */
function refuseFlaws(file: string, candles: Candles, fix: string): void {
  const row = nextFlaw(candles, 0);
  const flaw = row < candles.length ? explainFlaw(candles, row) : unevenRows(candles).next().value;
  if (flaw === undefined) return;
  throw new DataError({ file, line: flaw.row + 1, expected: flaw.expected, found: flaw.found, fix });
}

/**
 * Opens a stored series. While the disk is read something else may be done.
 * @throws {DataError} where there is none, or the file is damaged.
 */
export async function openCandles(root: string, key: SeriesKey): Promise<StoredCandles> {
  const path = pathOfStored(root, key);
  const stored = openFile(path, key, await readBytes(path));
  refuseFlaws(path, stored.candles, restoreFix(path));
  return stored;
}

/** A stored series as it is, flaws and all: for `checkCandles`. @throws {DataError} where there is none. */
export function openUnchecked(root: string, key: SeriesKey): StoredCandles {
  return openFile(pathOfStored(root, key), key);
}

const WHERE_STORED =
  'dzentra data list tells what there is, --exchange names its source, dzentra data import brings more';

function pathOfStored(root: string, key: SeriesKey): string {
  const path = seriesPath(root, key);
  if (existsSync(path)) return path;
  const of = key.price === undefined ? key.symbol : `the ${key.price} of ${key.symbol}`;
  const expected = `stored candles of ${of} ${timeframeName(key.timeframeMs)} from ${key.exchange}`;
  throw new DataError({ file: path, expected, found: 'none', fix: WHERE_STORED });
}

function openFile(path: string, key: SeriesKey, bytes?: Uint8Array<ArrayBuffer>): StoredCandles {
  const { columns, metadata } = decodeCandles(path, bytes);
  const own = { symbol: key.symbol, timeframe: timeframeName(key.timeframeMs) };
  for (const [name, expected] of Object.entries(own)) {
    const found = metadata.get(name) ?? expected;
    if (found !== expected)
      throw new DataError({ file: path, expected, found, fix: 'Give the file its own name back' });
  }
  const candles = { timeframeMs: key.timeframeMs, ...columns };
  const { open, high, low, close, volume } = candles;
  const digits = (name: string, of: readonly Float64Array[]): number => {
    const value = metadata.get(name);
    return value !== undefined && /^\d{1,2}$/.test(value) ? Number(value) : digitsIn(of);
  };
  return {
    path,
    candles,
    priceDigits: digits('priceDigits', [open, high, low, close]),
    volumeDigits: digits('volumeDigits', [volume]),
    gaps: countGaps(candles),
  };
}

/** All stored series, by exchange, symbol and time frame, damaged ones too. Files that are none of ours are passed over. */
export function listCandles(root: string): readonly StoredSeries[] {
  if (!existsSync(root)) return [];
  const folders = readdirSync(root, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && isExchange(entry.name),
  );
  const keys = folders.flatMap((folder) =>
    readdirSync(join(root, folder.name)).flatMap((name) => keyOf(folder.name, name) ?? []),
  );
  const order = (key: SeriesKey): string =>
    `${key.exchange} ${key.symbol} ${String(key.timeframeMs).padStart(12, '0')} ${key.price ?? ''}`;
  keys.sort((a, b) => (order(a) < order(b) ? -1 : 1));
  return keys.map((key) => {
    const path = seriesPath(root, key);
    return { ...key, path, summary: summaryOf(path) };
  });
}

function summaryOf(path: string): StoredSeries['summary'] {
  try {
    return summarize(path);
  } catch (error) {
    if (error instanceof DataError) return error;
    throw error;
  }
}
