/**
 * Exact decimals: what is ordered, filled, paid and owned. One scale for all: a value is a bigint of 10^-18 units, so
 * `price x qty` is exact for every instrument whose tick and step have 18 digits together. Outside memory a value is text.
 */
declare const unit: unique symbol;
/** Quote asset per one unit of base asset. */
export type Price = bigint & { readonly [unit]: 'price' };
/** Base asset (or contracts), never negative where it is a size. */
export type Qty = bigint & { readonly [unit]: 'qty' };
/** An amount of an asset: balances, fees, funding, profit and loss. */
export type Money = bigint & { readonly [unit]: 'money' };
/** A plain ratio: fees, funding rates, leverage, margin rates. 0.04 % is `rate('0.0004')`. */
export type Rate = bigint & { readonly [unit]: 'rate' };
/** The named direction that every rounding has. */
export type Rounding = 'down' | 'up' | 'floor' | 'ceil';

const DIGITS = 18;
/** One, at the scale. */
export const ONE = 10n ** 18n;
/** Beyond 10^18 units a value is an error: no account and no market is that large. */
const LIMIT = ONE * ONE;
const NANO = 10n ** 10n;

export class DecimalError extends Error {
  override readonly name = 'DecimalError';
}

const SHAPE = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * Reads decimal text (`-12.5`, `1e-7`) exactly. Digits beyond the 18th place are an error, never rounded away.
 * @throws {DecimalError} where the text is no decimal, has excess digits or is too large.
 */
export function parse(text: string): bigint {
  const match = SHAPE.exec(text);
  if (match === null) throw new DecimalError(`expected a decimal number such as 12.5, found ${quote(text)}`);
  const [, sign, whole = '', fraction = '', exponent] = match;
  const digits = whole + fraction;
  const places = fraction.length - (exponent === undefined ? 0 : Number(exponent));
  const shift = DIGITS - places;
  let value: bigint;
  if (shift >= 0) value = BigInt(digits) * 10n ** BigInt(shift);
  else {
    const cut = 10n ** BigInt(-shift);
    value = BigInt(digits) / cut;
    if (value * cut !== BigInt(digits)) {
      throw new DecimalError(`expected at most ${DIGITS} digits after the point, found ${quote(text)}`);
    }
  }
  if (value >= LIMIT) throw new DecimalError(`expected less than 10^18, found ${quote(text)}`);
  return sign === '-' ? -value : value;
}

function quote(text: string): string {
  return `"${text.length > 40 ? `${text.slice(0, 40)}...` : text}"`;
}

/** The powers of ten that a double holds exactly. */
const TENS = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));
/** Digits that every double has: a decimal of no more of them is the shortest text of the double nearest to it. */
const SURE_DIGITS = 1e15;
/** Largest power of ten that lies well within 32 bits. */
const UNIT_MAX = 9;
const bits = new DataView(new ArrayBuffer(8));

/**
 * The double nearest to a value of at most 15 digits (below a million, to be sure of them): a whole number of some power of
 * ten, both exact in a double, so that their quotient is rounded once. NaN where a value has more digits.
 */
function shortNumber(value: bigint): number {
  const near = Number(value);
  const size = Math.abs(near);
  let power = 0;
  while (size >= SURE_DIGITS * (TENS[power] as number)) if (++power > UNIT_MAX) return NaN;
  const unit = TENS[power] as number;
  const count = Math.round(near / unit);
  // `count x unit` is less than one unit away, and a unit has less than 32 bits: equal in the last 32 bits is equal.
  bits.setBigInt64(0, value);
  return Math.imul(count, unit) === bits.getInt32(4) ? count / (TENS[DIGITS - power] as number) : NaN;
}

/** Below it a number prints with an exponent. */
const PLAIN_MIN = 1e-6;

/** Prints the shortest decimal text that `parse` reads back to the same value. */
export function text(value: bigint): string {
  const short = shortNumber(value);
  if (short >= PLAIN_MIN || short <= -PLAIN_MIN || short === 0) return String(short);
  const negative = value < 0n;
  const digits = (negative ? -value : value).toString().padStart(DIGITS + 1, '0');
  const cut = digits.length - DIGITS;
  let end = digits.length;
  while (end > cut && digits.charCodeAt(end - 1) === 48) end--;
  const body = end === cut ? digits.slice(0, cut) : `${digits.slice(0, cut)}.${digits.slice(cut, end)}`;
  return negative ? `-${body}` : body;
}

export const price = (source: string): Price => parse(source) as Price;
export const qty = (source: string): Qty => parse(source) as Qty;
export const money = (source: string): Money => parse(source) as Money;
export const rate = (source: string): Rate => parse(source) as Rate;
export const NO_MONEY = 0n as Money;
export const NO_QTY = 0n as Qty;

/**
 * The double nearest to an exact value. Triggers compare candles with it.
 */
export function toNumber(value: bigint): number {
  const short = shortNumber(value);
  return Number.isNaN(short) ? Number(text(value)) : short;
}

/**
 * The exact decimal that a market number stands for: its shortest text (`61840.2`, not its binary expansion).
 * @throws {DecimalError} where the number is not finite or has more than 18 digits after the point.
 */
export function fromNumber(value: number): bigint {
  const scaled = Math.round(value * 1e8);
  if (scaled < 1e15 && scaled > -1e15 && scaled / 1e8 === value) return BigInt(scaled) * NANO;
  return parse(String(value));
}

/**
 * The value as a double, within one unit of its last place: for analysis, never for a trigger.
 */
export const approximate = (value: bigint): number => Number(value) / 1e18;

/**
 * The exact price behind a market number: its shortest text, or 18 digits where a small double (a mid, a modelled touch)
 * has more.
 */
export function priceOf(value: number): Price {
  if (value !== lastValue) {
    lastPrice = roundNumber(value) as Price;
    lastValue = value;
  }
  return lastPrice;
}

// One price is asked for by several rules in a row.
let lastValue = NaN;
let lastPrice = 0n as Price;

/** The exact decimal that a positive number stands for, rounded to 18 digits where its shortest text has more. */
export function roundNumber(value: number): bigint {
  if (value >= 0.01 || Math.round(value * 1e8) / 1e8 === value) return fromNumber(value);
  const shortest = String(value);
  // Under 2^-7 a double is nearer to its shortest text than half of the 18th digit.
  const isRounded = value < 0.0078125 || shortest.length > '0.'.length + DIGITS;
  return parse(isRounded ? value.toFixed(DIGITS) : shortest);
}

/** `price x qty`: exact where tick and step have 18 digits together, which `instrument` checks. */
export function notional(at: Price, size: Qty): Money {
  if (at !== lastAt || size !== lastSize) {
    lastNotional = ((at * size) / ONE) as Money;
    lastAt = at;
    lastSize = size;
  }
  return lastNotional;
}

// The value of one fill is asked for by its fee, its position and its trade.
let lastAt = 0n as Price;
let lastSize = 0n as Qty;
let lastNotional = 0n as Money;

/** `amount x ratio`, rounded once in the named direction at the last digit. */
export function times(amount: bigint, ratio: bigint, rounding: Rounding): bigint {
  return divide(amount * ratio, ONE, rounding);
}

/** `numerator / denominator` of two values of one unit as a plain ratio at the scale. */
export function ratio(numerator: bigint, denominator: bigint, rounding: Rounding): Rate {
  return divide(numerator * ONE, denominator, rounding) as Rate;
}

/** Integer division with a named direction: down to zero, up away from zero, floor, ceil. */
export function divide(numerator: bigint, denominator: bigint, rounding: Rounding): bigint {
  const quotient = numerator / denominator;
  if (rounding === 'down' || quotient * denominator === numerator) return quotient;
  const negative = numerator < 0n !== denominator < 0n;
  if (rounding === 'up') return negative ? quotient - 1n : quotient + 1n;
  if (rounding === 'floor') return negative ? quotient - 1n : quotient;
  return negative ? quotient : quotient + 1n;
}

/** Rounds to a multiple of `step` (a tick, a lot, an asset's smallest unit) in the named direction. */
export function toStep<T extends bigint>(value: T, step: bigint, rounding: Rounding): T {
  if (step <= 1n) return value;
  const rest = value % step;
  // Most values lie on their step already.
  if (rest === 0n) return value;
  const down = value - rest;
  if (rounding === 'down') return down as T;
  const negative = rest < 0n;
  if (rounding === 'up') return (negative ? down - step : down + step) as T;
  if (rounding === 'floor') return (negative ? down - step : down) as T;
  return (negative ? down : down + step) as T;
}

/** Digits after the point that a value needs: `0.001` -> 3. */
export function digitsOf(value: bigint): number {
  let rest = value < 0n ? -value : value;
  if (rest === 0n) return 0;
  let digits = DIGITS;
  while (digits > 0 && rest % 10n === 0n) {
    rest /= 10n;
    digits--;
  }
  return digits;
}

/** `a + b` for terms that are often zero: a comparison costs less than a sum. */
export const plus = <T extends bigint>(a: T, b: T): T => (b === 0n ? a : a === 0n ? b : a + b) as T;
export const absolute = <T extends bigint>(value: T): T => (value < 0n ? -value : value) as T;
export const smaller = <T extends bigint>(a: T, b: T): T => (a < b ? a : b);
export const larger = <T extends bigint>(a: T, b: T): T => (a > b ? a : b);
