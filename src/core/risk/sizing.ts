import { type Money, ONE, type Price, type Qty, type Rate } from '../base/decimal.ts';
import type { Sign } from '../domain/order.ts';
import { raise, toTick } from './rounding.ts';

/** From where to where, and what the venue takes on the way. */
export interface LossTerms {
  readonly entry: Price;
  /** Where the stop fills: its trigger and the slippage (`stopFillOf`). */
  readonly exit: Price;
  readonly feeIn: Rate;
  readonly feeOut: Rate;
}

/** Where a triggered stop is expected to fill: `slippage` beyond the trigger, to the tick against us. */
export function stopFillOf(sign: Sign, stopPrice: Price, slippage: Rate, tick: Price): Price {
  if (slippage === 0n) return stopPrice;
  if (sign === 1) return toTick((stopPrice * (ONE - slippage)) / ONE, tick, 'floor');
  return toTick(raise(stopPrice * (ONE + slippage)), tick, 'ceil');
}

/**
 * What one unit loses from entry to stop, rounded up: `|EP - SL| + f_in x EP + f_out x SL + slip x SL`,
 * with the exit fee taken of the price after slippage.
 */
export function lossPerUnit({ entry, exit, feeIn, feeOut }: LossTerms): Money {
  const way = entry > exit ? entry - exit : exit - entry;
  if (feeIn === 0n && feeOut === 0n) return way as Money;
  return (way + raise(feeIn === feeOut ? feeIn * (entry + exit) : feeIn * entry + feeOut * exit)) as Money;
}

/** `wanted / price`, rounded down to the step. Not above zero where `wanted` is not. */
export function qtyByNotional(wanted: Money, entry: Price, step: Qty): Qty {
  const exact = (wanted * ONE) / entry;
  return (exact - (exact % step)) as Qty;
}

/**
 * The quantity whose loss at the stop stays within `budget`: `budget / perUnit`, rounded down to the step. Each of the two
 * fees is rounded up to `assetStep` when it is booked, so two of them are set aside first.
 */
export function qtyByRisk(budget: Money, perUnit: Money, step: Qty, assetStep: Money): Qty {
  const rest = budget - 2n * assetStep;
  if (rest <= 0n || perUnit <= 0n) return 0n as Qty;
  const exact = (rest * ONE) / perUnit;
  return (exact - (exact % step)) as Qty;
}
