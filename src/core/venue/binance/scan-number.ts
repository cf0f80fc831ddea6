/*
 * Decimal text to the nearest double, from bytes, without a string on the common path. Each reader takes the place
 * where the text begins and gives the place after it, or -1 where the text is not one of its kind. The message's last
 * byte is a brace, so a run of digits always ends inside of it.
 */

const QUOTE = 0x22;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
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
