import { digitsOf } from '../../base/decimal.ts';
import type { Listing } from '../market.ts';

const DIGITS = 18;
const POWERS: readonly bigint[] = Array.from({ length: DIGITS + 1 }, (_, digits) => 10n ** BigInt(digits));

/** Digits after the point that a symbol's amounts are printed with. */
export interface Format {
  readonly price: number;
  readonly qty: number;
  /** Of price times quantity. */
  readonly quote: number;
}

/** An exact value with so many digits after the point; what is beyond them is cut, as the venue does. */
export function fixed(value: bigint, digits: number): string {
  const units = value / (POWERS[DIGITS - digits] as bigint);
  const text = (units < 0n ? -units : units).toString().padStart(digits + 1, '0');
  const body = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  return units < 0n ? `-${body}` : body;
}

/** Digits after the point as they are written: `61800.20` -> 2. */
export function digitsIn(text: string): number {
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
}

/** Spot prints eight digits always; USDS-M those of tick and step, or of the data where it has more. */
export function formatOf(
  kind: 'usdm' | 'spot',
  { instrument }: Listing,
  seen: { readonly price?: number; readonly qty?: number } = {},
): Format {
  if (kind === 'spot') return { price: 8, qty: 8, quote: 8 };
  const price = Math.max(digitsOf(instrument.tick), seen.price ?? 0);
  const qty = Math.max(digitsOf(instrument.step), seen.qty ?? 0);
  return { price, qty, quote: Math.min(8, price + qty) };
}
