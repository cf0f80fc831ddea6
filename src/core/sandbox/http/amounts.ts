import { digitsOf, divide, ONE, parse, type Rounding } from '../../base/decimal.ts';

/** Decimal text with exactly so many digits after the point, as Binance pads it: `0.10`, `50000.00000000`. */
export function fixed(value: bigint, digits: number, rounding: Rounding = 'floor'): string {
  const unit = 10n ** BigInt(18 - digits);
  const whole = divide(value, unit, rounding);
  const sign = whole < 0n ? '-' : '';
  const plain = (whole < 0n ? -whole : whole).toString().padStart(digits + 1, '0');
  if (digits === 0) return sign + plain;
  return `${sign}${plain.slice(0, -digits)}.${plain.slice(-digits)}`;
}

/** Digits after the point of a text. */
export function digitsAfterPoint(amount: string): number {
  const point = amount.indexOf('.');
  return point < 0 ? 0 : amount.length - point - 1;
}

/** The digits that a step needs: 2 for 0.01. */
export const digitsOfStep = (step: bigint): number => digitsOf(step);

/** The product of two decimal texts, exact to 18 digits. */
export const product = (a: string, b: string): bigint => (parse(a) * parse(b)) / ONE;

/** A ratio of two values at the scale; zero where there is nothing to divide by. */
export const share = (part: bigint, whole: bigint): bigint => (whole === 0n ? 0n : divide(part * ONE, whole, 'floor'));
