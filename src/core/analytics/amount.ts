import { divide, fromNumber, text } from '../base/decimal.ts';

/** Averages are printed to 8 digits; sums keep all that they have. */
const AVERAGE_UNIT = 10n ** 10n;

/** Exact mean of `count` amounts as decimal text, rounded down to 8 digits (against us); undefined of nothing. */
export function averageText(sum: bigint, count: number): string | undefined {
  if (count === 0) return undefined;
  return text(divide(sum, BigInt(count) * AVERAGE_UNIT, 'floor') * AVERAGE_UNIT);
}

/** An amount that was followed as a number (equity between fills) as decimal text with 8 digits at most. */
export function numberText(value: number): string | undefined {
  const rounded = Math.round(value * 1e8) / 1e8;
  return Math.abs(rounded) < 1e15 ? text(fromNumber(rounded)) : undefined;
}
