import type { Axis } from './chart.ts';

/** Round values along an axis, ascending, and the digits after the point that tell them apart. */
export interface Ticks {
  readonly values: readonly number[];
  readonly digits: number;
}

const MANTISSAS = [1, 2, 5, 10] as const;
/** More digits than a number has after the point. */
const DIGITS_MAX = 18;
/** Further from zero, in steps, a double tells a tick from its neighbours by too few of its bits. */
const STEPS_MAX = 2 ** 40;

/**
 * Multiples of 1, 2 or 5 times a power of ten within an axis: about `most`, none finer than `digitsMost` digits. Without a
 * span, or beyond what numbers can tell apart, there are none.
 */
export function ticksOf({ low, high }: Axis, most: number, digitsMost: number): Ticks {
  const least = (high - low) / most;
  if (!(least > 0) || !Number.isFinite(least)) return { values: [], digits: 0 };
  const power = Math.max(-Math.min(DIGITS_MAX, digitsMost), Math.floor(Math.log10(least)));
  const mantissa = MANTISSAS.find((each) => scaled(each, power) >= least * (1 - 1e-9)) ?? 10;
  const step = scaled(mantissa, power);
  const from = Math.ceil(low / step - 1e-9);
  const to = Math.floor(high / step + 1e-9);
  if (!(from >= -STEPS_MAX && to <= STEPS_MAX)) return { values: [], digits: 0 };
  const values = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => scaled((from + i) * mantissa, power));
  return { values, digits: Math.max(0, -power - (mantissa === 10 ? 1 : 0)) };
}

/** A division by a power of ten is rounded once, a product with a tenth twice. */
const scaled = (count: number, power: number): number => (power < 0 ? count / 10 ** -power : count * 10 ** power);
