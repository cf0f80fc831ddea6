import { fromNumber, text } from '../base/decimal.ts';
import type { Candles } from '../domain/candle.ts';

const ROWS_A_PART = 4_096;
const HEADER = 'timestamp_ms,open,high,low,close,volume\n';
const DIGITS_MAX = 15;
const CHUNK = 4_096;

/**
 * Candles as CSV in parts of some thousand rows: a header, then times in ms UTC and the shortest decimal text of each
 * number, which reads back to the same bits.
 */
export function* exportCandles(candles: Candles): Generator<string> {
  yield HEADER;
  for (let from = 0; from < candles.length; from += ROWS_A_PART) {
    yield printRows(candles, from, Math.min(from + ROWS_A_PART, candles.length));
  }
}

function printRows(candles: Candles, from: number, to: number): string {
  const { openAt, open, high, low, close, volume } = candles;
  let part = '';
  for (let row = from; row < to; row++) {
    part += `${openAt[row]},${plain(open[row])},${plain(high[row])},${plain(low[row])},${plain(close[row])},${plain(volume[row])}\n`;
  }
  return part;
}

/** Without an exponent where 18 digits after the point can hold it. */
function plain(value: number | undefined): string {
  const shortest = String(value);
  if (!shortest.includes('e-')) return shortest;
  const places = (shortest.split('e-')[0] ?? '').replace(/^\d\.?/, '').length + Number(shortest.split('e-')[1]);
  return places > 18 ? shortest : text(fromNumber(value as number));
}

/** The smallest number of digits after the point that writes every number of the columns, at most 15. */
export function digitsIn(columns: readonly Float64Array[]): number {
  let digits = 0;
  for (const column of columns) {
    for (let from = 0; from < column.length; from += CHUNK) {
      digits = moreDigits(column, from, Math.min(from + CHUNK, column.length), digits);
    }
  }
  return digits;
}

function moreDigits(column: Float64Array, from: number, to: number, atLeast: number): number {
  let digits = atLeast;
  let power = 10 ** digits;
  for (let row = from; row < to; row++) {
    const value = column[row] as number;
    while (digits < DIGITS_MAX && Math.round(value * power) / power !== value) {
      digits++;
      power = 10 ** digits;
    }
  }
  return digits;
}
