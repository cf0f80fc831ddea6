import { closeSync, fstatSync, read, readFileSync, readSync } from 'node:fs';
import type { Candles } from '../domain/candle.ts';
import { type ArrowLayout, type Read, readArrowLayout } from './arrow-file.ts';
import { DataError } from './data-error.ts';
import { openData } from './open-data.ts';

/** What the schema of a stored series says about it. */
export interface SeriesMetadata {
  readonly exchange: string;
  readonly symbol: string;
  /** By name: `1m`. */
  readonly timeframe: string;
  readonly priceDigits: number;
  readonly volumeDigits: number;
}

const PRICES = ['open', 'high', 'low', 'close', 'volume'] as const;
const NAMES = ['date', ...PRICES];
const CHUNK = 4_096;

/**
 * The bytes of an Arrow IPC file with the columns `date` (timestamp[ms, UTC]), `open high low close volume` (float64):
 * one batch, uncompressed, no nulls. pandas, polars and every Arrow library read it.
 */
export async function encodeCandles(candles: Candles, metadata: SeriesMetadata): Promise<Uint8Array> {
  const { Field, Float64, makeData, RecordBatch, Schema, Struct, Table, TimestampMillisecond, tableToIPC } =
    await import('apache-arrow');
  const date = new TimestampMillisecond('UTC');
  const float = new Float64();
  const fields = [Field.new('date', date, false), ...PRICES.map((name) => Field.new(name, float, false))];
  const details = new Map(Object.entries(metadata).map(([key, value]) => [key, String(value)]));
  const length = candles.length;
  const children = [
    makeData({ type: date, length, nullCount: 0, data: toLongs(candles.openAt) }),
    ...PRICES.map((name) => makeData({ type: float, length, nullCount: 0, data: candles[name] })),
  ];
  const schema = new Schema(fields, details);
  const batch = new RecordBatch(schema, makeData({ type: new Struct(fields), length, nullCount: 0, children }));
  return tableToIPC(new Table(schema, batch), 'file');
}

/** Milliseconds as 64-bit integers, written as two halves: a bigint a row would be slow. */
function toLongs(times: Float64Array): BigInt64Array<ArrayBuffer> {
  const longs = new BigInt64Array(times.length);
  const halves = new Int32Array(longs.buffer);
  for (let from = 0; from < times.length; from += CHUNK)
    splitLongs(times, halves, from, Math.min(from + CHUNK, times.length));
  return longs;
}

function splitLongs(times: Float64Array, halves: Int32Array, from: number, to: number): void {
  for (let row = from; row < to; row++) {
    const high = Math.floor((times[row] as number) / 2 ** 32);
    halves[2 * row] = (times[row] as number) - high * 2 ** 32;
    halves[2 * row + 1] = high;
  }
}

function joinLongs(halves: Int32Array, times: Float64Array, from: number, to: number): void {
  for (let row = from; row < to; row++) {
    times[row] = ((halves[2 * row] as number) >>> 0) + (halves[2 * row + 1] as number) * 2 ** 32;
  }
}

export interface DecodedCandles {
  readonly columns: Omit<Candles, 'timeframeMs'>;
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Opens a stored series, of bytes that were read before or of the file. The price and volume columns are views of them,
 * nothing is copied or checked.
 * @throws {DataError} where the file is not such a series.
 */
export function decodeCandles(path: string, bytes: Uint8Array<ArrayBuffer> = readAligned(path)): DecodedCandles {
  const layout = layoutOf((offset, length) => bytes.subarray(offset, offset + length), bytes.length, path);
  const offsets = new Map(layout.columns.map((column) => [column.name, bytes.byteOffset + column.offset]));
  const column = (name: string): Float64Array => new Float64Array(bytes.buffer, offsets.get(name), layout.rows);
  const halves = new Int32Array(bytes.buffer, offsets.get('date'), layout.rows * 2);
  const openAt = new Float64Array(layout.rows);
  for (let from = 0; from < openAt.length; from += CHUNK)
    joinLongs(halves, openAt, from, Math.min(from + CHUNK, openAt.length));
  const [open, high, low, close, volume] = PRICES.map(column);
  const columns = { length: layout.rows, openAt, open, high, low, close, volume } as DecodedCandles['columns'];
  return { columns, metadata: layout.metadata };
}

/**
 * The bytes of a file, read by two other threads, a half each: the copy out of the system's memory is what takes the
 * time, and something else may be done meanwhile.
 */
export async function readBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const file = openData(path, 'file', restoreFix(path));
  try {
    const bytes = Buffer.allocUnsafeSlow(fstatSync(file).size);
    const half = bytes.length >>> 1;
    const [first, second] = await Promise.all([
      readRange(file, bytes, 0, half),
      readRange(file, bytes, half, bytes.length),
    ]);
    return bytes.subarray(0, first < half ? first : second);
  } finally {
    closeSync(file);
  }
}

/** Reads up to the end of the range or of the file: where it stopped. */
async function readRange(file: number, bytes: Uint8Array, from: number, to: number): Promise<number> {
  let at = from;
  while (at < to) {
    const count = await readInto(file, bytes, at, to);
    if (count === 0) break;
    at += count;
  }
  return at;
}

/** Without `promisify`: an import of node:util loads a dozen modules that nobody asked for. */
function readInto(file: number, bytes: Uint8Array, from: number, to: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(file, bytes, from, to - from, from, (error, count) => {
      if (error === null) resolve(count);
      else reject(error);
    });
  });
}

function readAligned(path: string): Uint8Array<ArrayBuffer> {
  const file = openData(path, 'file', restoreFix(path));
  try {
    const bytes = readFileSync(file);
    return bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
  } finally {
    closeSync(file);
  }
}

export interface SeriesSummary {
  readonly rows: number;
  /** Open times of the first and the last candle, ms UTC. */
  readonly firstAt: number;
  readonly lastAt: number;
  readonly bytes: number;
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Reads how many candles a file has and from when to when, without reading the candles.
 * @throws {DataError} where the file is not such a series.
 */
export function summarize(path: string): SeriesSummary {
  const file = openData(path, 'file', restoreFix(path));
  try {
    const bytes = fstatSync(file).size;
    const read: Read = (offset, length) => {
      const part = new Uint8Array(length);
      return part.subarray(0, readSync(file, part, 0, length, offset));
    };
    const { rows, columns, metadata } = layoutOf(read, bytes, path);
    const date = columns.find((column) => column.name === 'date')?.offset ?? 0;
    const timeAt = (row: number): number => {
      const halves = new Int32Array(read(date + 8 * row, 8).buffer);
      return ((halves[0] as number) >>> 0) + (halves[1] as number) * 2 ** 32;
    };
    return { rows, firstAt: timeAt(0), lastAt: timeAt(rows - 1), bytes, metadata };
  } finally {
    closeSync(file);
  }
}

/** What helps where a stored file is damaged: candles are not added to it, and some, as of mids, nobody can fetch again. */
export const restoreFix = (file: string): string =>
  `Move ${file} away, take it from a backup or bring its candles in again with data import or data download`;

function layoutOf(read: Read, size: number, file: string): ArrowLayout {
  const reading = readArrowLayout(read, size);
  const fix = restoreFix(file);
  if (!('layout' in reading)) throw new DataError({ file, ...reading, fix });
  const { layout } = reading;
  const names = layout.columns.map((column) => column.name);
  const isOurs = names.length === NAMES.length && NAMES.every((name) => names.includes(name));
  if (!isOurs) throw new DataError({ file, expected: `the columns ${NAMES.join()}`, found: names.join(), fix });
  if (layout.rows === 0) throw new DataError({ file, expected: 'at least one candle', found: 'none', fix });
  const isAligned = layout.columns.every((column) => column.offset % 8 === 0);
  if (!isAligned) throw new DataError({ file, expected: 'columns at multiples of 8 bytes', found: 'others', fix });
  return layout;
}
