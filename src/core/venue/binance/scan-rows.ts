import { ROWS_MAX, type Rows } from './scan-fields.ts';
import { readDecimal } from './scan-number.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const ZERO = 0x30;
const POINT = 0x2e;
const OPEN = 0x5b;
const CLOSE = 0x5d;
/** As many digits as an int32 holds for sure. */
const RUN = 9;
const POWERS = Float64Array.from([1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]);

/**
 * Reads `["1.5","2"],["1.4","0"]]`, the closing bracket of all rows included. Gives the place after it, or -1: a price
 * of zero is none. Most bytes of a stream are rows, so that short decimals are read in place, a quarter faster than by
 * a call; others go the common way.
 */
export function readRows(rows: Rows, bytes: Uint8Array, from: number): number {
  const { price, qty } = rows;
  rows.count = 0;
  if (bytes[from] === CLOSE) return from + 1;
  let at = from;
  for (let count = 0; count < ROWS_MAX; count++) {
    if (bytes[at] !== OPEN || bytes[at + 1] !== QUOTE) return -1;

    let start = at + 2;
    at = start;
    let digits = 0;
    let places = 0;
    let digit = (bytes[at] as number) - ZERO;
    while (digit >>> 0 < 10) {
      digits = (digits * 10 + digit) | 0;
      digit = (bytes[++at] as number) - ZERO;
    }
    let whole = at - start;
    if (digit === POINT - ZERO) {
      digit = (bytes[++at] as number) - ZERO;
      while (digit >>> 0 < 10) {
        digits = (digits * 10 + digit) | 0;
        digit = (bytes[++at] as number) - ZERO;
      }
      places = at - start - whole - 1;
      if (places === 0) return -1;
    }
    if (digit !== QUOTE - ZERO || whole === 0 || (whole > 1 && bytes[start] === ZERO)) return -1;
    if (whole + places <= RUN) price[count] = digits / (POWERS[places] as number);
    else if (readDecimal(bytes, start, price, count) < 0) return -1;
    if (price[count] === 0 || bytes[at + 1] !== COMMA || bytes[at + 2] !== QUOTE) return -1;

    start = at + 3;
    at = start;
    digits = 0;
    places = 0;
    digit = (bytes[at] as number) - ZERO;
    while (digit >>> 0 < 10) {
      digits = (digits * 10 + digit) | 0;
      digit = (bytes[++at] as number) - ZERO;
    }
    whole = at - start;
    if (digit === POINT - ZERO) {
      digit = (bytes[++at] as number) - ZERO;
      while (digit >>> 0 < 10) {
        digits = (digits * 10 + digit) | 0;
        digit = (bytes[++at] as number) - ZERO;
      }
      places = at - start - whole - 1;
      if (places === 0) return -1;
    }
    if (digit !== QUOTE - ZERO || whole === 0 || (whole > 1 && bytes[start] === ZERO)) return -1;
    if (whole + places <= RUN) qty[count] = digits / (POWERS[places] as number);
    else if (readDecimal(bytes, start, qty, count) < 0) return -1;

    if (bytes[at + 1] !== CLOSE) return -1;
    const next = bytes[at + 2];
    at += 3;
    if (next === COMMA) continue;
    rows.count = count + 1;
    return next === CLOSE ? at : -1;
  }
  return -1;
}
