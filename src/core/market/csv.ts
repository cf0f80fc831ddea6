import { finish, type Steps } from '../base/steps.ts';
import type { Candles } from '../domain/candle.ts';
import { inTurns } from '../platform/pace.ts';
import {
  type CandleCheck,
  type CandleColumns,
  type CandleFlaw,
  checkCandles,
  explainFlaw,
  nextFlaw,
  unevenRows,
} from './candle-check.ts';
import { DataError } from './data-error.ts';
import { countGaps, type GapCount, usualStep } from './gaps.ts';
import { expectContent, type Opening, place, placeByNames, readOpening, type Wanted } from './header.ts';
import { type Layout, lineOfRow, linesOfRows, scanTable } from './table.ts';
import { readTextFile, type TextFile, unpack } from './text-file.ts';

export interface CandleOptions {
  /** The time frame in ms; otherwise the usual step in the file. */
  readonly timeframeMs?: number | undefined;
  /** That of a file whose steps do not tell, because all its rows have one time. */
  readonly aloneMs?: number | undefined;
}

/** Candles of a file, with what the numbers alone do not tell. */
export interface ParsedCandles {
  readonly candles: Candles;
  /** The largest number of digits after the point in a price, trailing zeros not counted. */
  readonly priceDigits: number;
  readonly volumeDigits: number;
  readonly gaps: GapCount;
}

export interface CandleFile extends ParsedCandles {
  readonly path: string;
  /** SHA-256 of the file as it lies on disk, in hex; computed when first asked for. */
  sha256(): string;
}

const TIME_NAMES = ['timestamp_ms', 'timestamp', 'open_time', 'time', 'ts', 'unix', 't', 'open_at', 'date', 'datetime'];
const COLUMNS: readonly Wanted[] = [
  { name: 'time', aliases: TIME_NAMES, kind: 'time' },
  { name: 'open', aliases: ['open', 'o', 'open_price'], kind: 'number' },
  { name: 'high', aliases: ['high', 'h', 'high_price'], kind: 'number' },
  { name: 'low', aliases: ['low', 'l', 'low_price'], kind: 'number' },
  { name: 'close', aliases: ['close', 'c', 'close_price'], kind: 'number' },
  { name: 'volume', aliases: ['volume', 'vol', 'v', 'base_volume'], kind: 'number' },
];

/**
 * Reads candles from a CSV or CSV.gz file with the columns timestamp, open, high, low, close, volume: by name where
 * there is a header, else the first six (Binance's twelve-column files are such). Times are s, ms, us or ns UTC, or
 * dates with a zone. Gaps are counted, not refused.
 * @throws {DataError} for what no series of candles can hold: rows out of order, twice, impossible or uneven.
 */
export async function readCandles(
  path: string,
  options: CandleOptions = {},
  signal?: AbortSignal,
): Promise<CandleFile> {
  return await candlesIn(await readTextFile(path, signal), options, signal);
}

/** `readCandles` of a file that was read. */
export async function candlesIn(
  { name, bytes, sha256 }: TextFile,
  options: CandleOptions,
  signal?: AbortSignal,
): Promise<CandleFile> {
  return { path: name, sha256, ...(await inTurns(parsing(bytes, name, options), signal)) };
}

/** `readCandles` of bytes already in memory (plain or gzip); `name` is for messages. */
export function parseCandles(raw: Uint8Array, name: string, options: CandleOptions = {}): ParsedCandles {
  return finish(parsing(unpack(raw, name), name, options));
}

function* parsing(bytes: Uint8Array, name: string, options: CandleOptions): Steps<ParsedCandles> {
  const { columns, layout, priceDigits, volumeDigits } = yield* scanCandles(bytes, name);
  const row = nextFlaw(columns, 0);
  if (row < columns.length) throw refusal(bytes, layout, name, explainFlaw(columns, row));
  const candles = { timeframeMs: timeframeOf(columns, name, options), ...columns };
  for (const uneven of unevenRows(candles)) throw refusal(bytes, layout, name, uneven);
  return { candles, priceDigits, volumeDigits, gaps: countGaps(candles) };
}

/**
 * Looks at every row of a candle file and reports all that is wrong with it.
 * @throws {DataError} only where it cannot be read as a table of candles at all.
 */
export async function checkCandleFile(
  path: string,
  options: CandleOptions = {},
  signal?: AbortSignal,
): Promise<CandleCheck> {
  const { bytes } = await readTextFile(path, signal);
  const { columns, layout } = await inTurns(scanCandles(bytes, path), signal);
  const check = checkCandles({ timeframeMs: timeframeOf(columns, path, options), ...columns });
  const rows = check.flaws.map(({ row }) => row);
  const lines = linesOfRows(bytes, layout, rows);
  return { ...check, flaws: check.flaws.map((flaw, i) => ({ ...flaw, line: lines[i] as number })) };
}

interface ScannedCandles {
  readonly columns: CandleColumns;
  readonly layout: Layout;
  readonly priceDigits: number;
  readonly volumeDigits: number;
}

function* scanCandles(bytes: Uint8Array, name: string): Steps<ScannedCandles> {
  const opening = readOpening(bytes, name);
  expectContent(opening, 'candles', name);
  const placed =
    opening.names === undefined ? place(COLUMNS, [0, 1, 2, 3, 4, 5]) : placeByNames(opening, COLUMNS, name);
  const layout = { rowsAt: opening.rowsAt, columns: placed.columns };
  const table = yield* scanTable(bytes, layout, name);
  const [openAt, open, high, low, close, volume] = placed.slots.map((slot) => table.columns[slot] as Float64Array);
  const digits = placed.slots.map((slot) => table.places[slot] as number);
  const columns = { length: table.rows, openAt, open, high, low, close, volume } as CandleColumns;
  if (isVwap(opening, columns)) throw vwapRefusal(opening, name);
  return { columns, layout, priceDigits: Math.max(...digits.slice(1, 5)), volumeDigits: digits[5] as number };
}

/** Kraken's REST candles have their average price before the volume, and no names that would tell. */
function isVwap({ names, cells }: Opening, { length, low, high, volume }: CandleColumns): boolean {
  if (names !== undefined || cells.length <= COLUMNS.length) return false;
  for (let row = 0; row < length; row++) {
    const at = volume[row] as number;
    if (!(at >= (low[row] as number) && at <= (high[row] as number))) return false;
  }
  return true;
}

function vwapRefusal({ line }: Opening, file: string): DataError {
  const expected = 'a volume in column 6';
  const found = 'a price between low and high in every row';
  return new DataError({ file, line, expected, found, fix: 'Name the columns in a first line' });
}

function timeframeOf(columns: CandleColumns, name: string, options: CandleOptions): number {
  if (options.timeframeMs !== undefined) return options.timeframeMs;
  const rising = usualStep(columns.openAt);
  // Rows from the newest to the oldest have steps, too: a check tells that they do not rise.
  const step = Number.isFinite(rising) ? rising : usualStep(columns.openAt.toReversed());
  if (Number.isFinite(step)) return step;
  if (options.aloneMs !== undefined) return options.aloneMs;
  const found = columns.length === 1 ? 'one' : `${columns.length} of one time`;
  const fix = 'Name the time frame: --timeframe 1m, for a backtest --data-timeframe 1m';
  throw new DataError({ file: name, expected: 'two rows to tell the time frame', found, fix });
}

const FIXES: Readonly<Record<CandleFlaw['code'], string>> = {
  unsorted: 'Sort the rows by time, or correct the one time that is wrong',
  duplicate: 'Remove the repeated row',
  impossible: 'Correct or remove the row',
  uneven: 'Correct or remove the row, or give each time frame a file of its own',
};

function refusal(bytes: Uint8Array, layout: Layout, file: string, flaw: CandleFlaw): DataError {
  const { row, expected, found, code } = flaw;
  return new DataError({ file, line: lineOfRow(bytes, layout, row), expected, found, fix: FIXES[code] });
}
