/*
 * Decimal text to the nearest double, from bytes, without a string on the common path. Each reader takes the place
 * where the text begins and gives the place after it, or -1 where the text is not one of its kind. The message's last
 * byte is a brace, so a run of digits always ends inside of it.
 */

const QUOTE = 0x22;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
/** Four digits of text are four digits above it, and the highest bit of each byte is none of a digit's. */
export const ZEROS = 0x30303030;
const HIGH_BITS = 0x80808080 | 0;
const SAFE = Number.MAX_SAFE_INTEGER;
/** As many digits as an int32 holds for sure. */
const RUN = 9;
const POWERS = Float64Array.from([1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]);

/**
 * Reads `61837.63000000"`, the closing quote included, into `out[slot]`. At most nine digits before the point and
 * nine after it: as one whole number below 2^53 they are exact; one division by a power of ten up to 1e22 then rounds correctly
 * (W. D. Clinger, How to Read Floating Point Numbers Accurately, 1990). What is longer goes through `Number`.
 */
export function readDecimal(bytes: Uint8Array, from: number, out: Float64Array, slot: number): number {
  let at = from;
  let digits = 0;
  let digit = (bytes[at] as number) - ZERO;
  const first = digit;
  while (digit >>> 0 < 10) {
    digits = (digits * 10 + digit) | 0;
    digit = (bytes[++at] as number) - ZERO;
  }
  const wholeDigits = at - from;
  if (wholeDigits === 0 || (first === 0 && wholeDigits > 1)) return -1;
  if (wholeDigits > RUN) return readLong(bytes, from, out, slot);
  if (digit === QUOTE - ZERO) {
    out[slot] = digits;
    return at + 1;
  }
  if (digit !== POINT - ZERO) return -1;
  const whole = digits;
  const fractionFrom = ++at;
  digit = (bytes[at] as number) - ZERO;
  while (digit >>> 0 < 10) {
    digits = (digits * 10 + digit) | 0;
    digit = (bytes[++at] as number) - ZERO;
  }
  const places = at - fractionFrom;
  if (places === 0 || digit !== QUOTE - ZERO) return -1;
  if (places > RUN) return readLong(bytes, from, out, slot);
  const power = POWERS[places] as number;
  if (wholeDigits + places <= RUN) {
    out[slot] = digits / power;
    return at + 1;
  }
  // All digits together have wrapped around 2^32; those of the fraction, fewer than ten, are what is left of it.
  const fraction = (digits - Math.imul(whole, power)) >>> 0;
  const exact = whole * power + fraction;
  if (exact > SAFE) return readLong(bytes, from, out, slot);
  out[slot] = exact / power;
  return at + 1;
}

/** The same for a rate: it may be below zero, and empty (`"r":""` of a dated contract), which is NaN. */
export function readRate(bytes: Uint8Array, from: number, out: Float64Array, slot: number): number {
  if (bytes[from] === QUOTE) {
    out[slot] = Number.NaN;
    return from + 1;
  }
  if (bytes[from] !== MINUS) return readDecimal(bytes, from, out, slot);
  const to = readDecimal(bytes, from + 1, out, slot);
  // Zero minus the value and not its negation: there is no negative zero among rates.
  if (to >= 0) out[slot] = 0 - (out[slot] as number);
  return to;
}

/** Reads a whole number of JSON, not below zero and not above 2^53 - 1. What follows it is not looked at. */
export function readInteger(bytes: Uint8Array, from: number, out: Float64Array, slot: number): number {
  let at = from;
  let high = 0;
  let digit = (bytes[at] as number) - ZERO;
  const first = digit;
  while (digit >>> 0 < 10 && at - from < RUN) {
    high = (Math.imul(high, 10) + digit) | 0;
    digit = (bytes[++at] as number) - ZERO;
  }
  if (at === from || (first === 0 && at - from > 1)) return -1;
  if (digit < 0 || digit > 9) {
    out[slot] = high;
    return at;
  }
  const lowFrom = at;
  let low = 0;
  while (digit >>> 0 < 10 && at - lowFrom < RUN) {
    low = (Math.imul(low, 10) + digit) | 0;
    digit = (bytes[++at] as number) - ZERO;
  }
  if (digit >= 0 && digit <= 9) return -1;
  const value = high * (POWERS[at - lowFrom] as number) + low;
  if (value > SAFE) return -1;
  out[slot] = value;
  return at;
}

/**
 * The same for instants and ids, which are long: of 12 to 15 digits, by four at once; others go the common way. `view`
 * is of `bytes`, and at least 16 bytes longer than what is read.
 */
export function readLongInteger(
  view: DataView,
  bytes: Uint8Array,
  from: number,
  out: Float64Array,
  slot: number,
): number {
  const first = view.getInt32(from, true) ^ ZEROS;
  const second = view.getInt32(from + 4, true) ^ ZEROS;
  const third = view.getInt32(from + 8, true) ^ ZEROS;
  const rest = view.getInt32(from + 12, true) ^ ZEROS;
  const end = faults(rest);
  const isOther = (faults(first) | faults(second) | faults(third)) !== 0 || (first & 0xff) === 0 || end === 0;
  if (isOther) return readInteger(bytes, from, out, slot);
  // Of the last four bytes those before the first that is no digit, moved up so that zeros stand before them.
  const more = (31 - Math.clz32(end & -end)) >> 3;
  const low = fourDigits((rest << (24 - 8 * more)) << 8);
  const high = (Math.imul(fourDigits(first), 10_000) + fourDigits(second)) * 10_000 + fourDigits(third);
  out[slot] = high * (POWERS[more] as number) + low;
  return from + 12 + more;
}

/** The number of four digits, the first one in the lowest byte: pairs of them, then the pair of pairs. */
export function fourDigits(digits: number): number {
  return Math.imul((Math.imul(digits, 2_561) >>> 8) & 0x00ff00ff, 6_553_601) >>> 16;
}

/** Not zero where one of four bytes is above nine. */
export function faults(digits: number): number {
  return ((digits + 0x76767676) | digits) & HIGH_BITS;
}

/** The same for the first and last trade of a candle, where -1 says that there was none: NaN. */
export function readTradeId(bytes: Uint8Array, from: number, out: Float64Array, slot: number): number {
  if (bytes[from] !== MINUS) return readInteger(bytes, from, out, slot);
  const to = readInteger(bytes, from + 1, out, slot);
  if (to < 0 || out[slot] !== 1) return -1;
  out[slot] = Number.NaN;
  return to;
}

const LONG = /^(?:0|[1-9]\d*)(?:\.\d+)?$/;

function readLong(bytes: Uint8Array, from: number, out: Float64Array, slot: number): number {
  const to = bytes.indexOf(QUOTE, from);
  if (to < 0) return -1;
  let text = '';
  for (let at = from; at < to; at++) text += String.fromCharCode(bytes[at] as number);
  if (!LONG.test(text)) return -1;
  out[slot] = Number(text);
  return out[slot] < Infinity ? to + 1 : -1;
}
