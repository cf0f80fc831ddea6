import { ONE, type Price, type Rounding, toStep } from '../base/decimal.ts';

const LESS = ONE - 1n;

/** A product of two exact values (36 digits, not below zero) back at 18, rounded up: one division, no check. */
export const raise = (product: bigint): bigint => (product + LESS) / ONE;

/** Most prices lie on their tick: the remainder is cheaper than rounding. */
export function toTick(value: bigint, tick: Price, rounding: Rounding): Price {
  return (value % tick === 0n ? value : toStep(value, tick, rounding)) as Price;
}
