import { divide, type Money, ONE, type Price, type Rate, times, toNumber } from '../base/decimal.ts';
import { opposite, type Sign } from '../domain/order.ts';
import type { Position } from '../domain/position.ts';
import type { LossRule, StopRule, TargetRule } from '../domain/settings.ts';
import { raise, toTick } from './rounding.ts';

/**
 * Where the stop stands for an entry at `entry`; undefined where the rule has none. `stopDistance` is the strategy's own,
 * in price units, NaN for none: it is clamped to the rule's shares of price, and without it the fixed distance holds.
 * Rounded to the tick toward the entry (never more risk than asked), and at least one tick away from it. A long's stop
 * comes out at zero where the distance is the whole price: `review` refuses that.
 */
export function stopPriceOf(
  rule: StopRule,
  sign: Sign,
  entry: Price,
  stopDistance: number,
  tick: Price,
): Price | undefined {
  if (rule.by === 'none') return undefined;
  if (rule.by === 'fixed' || !(stopDistance > 0)) return stopAt(sign, entry, apart(sign, entry, rule.distance), tick);
  // Whole ticks: a double never becomes money but rounded to one. The 1e-9 keeps 0.3 / 0.1 at three ticks.
  const ticks = Math.floor(stopDistance / toNumber(tick) + 1e-9);
  if (!(ticks < Number.MAX_SAFE_INTEGER)) return stopAt(sign, entry, apart(sign, entry, rule.distanceMax), tick);
  const own = BigInt(ticks) * tick * ONE;
  if (own < entry * rule.distanceMin) return stopAt(sign, entry, apart(sign, entry, rule.distanceMin), tick);
  if (own > entry * rule.distanceMax) return stopAt(sign, entry, apart(sign, entry, rule.distanceMax), tick);
  return stopAt(sign, entry, sign === 1 ? entry * ONE - own : entry * ONE + own, tick);
}

/** The price at a share of the entry away from it, on the losing side of `sign`, with 36 digits. */
const apart = (sign: Sign, entry: Price, share: Rate): bigint => entry * (sign === 1 ? ONE - share : ONE + share);

/** Rounds a price of 36 digits to the last of 18 and then to the tick, both toward the entry. */
function stopAt(sign: Sign, entry: Price, exact: bigint, tick: Price): Price {
  if (sign === 1) {
    if (exact <= 0n) return 0n as Price;
    const stop = toTick(raise(exact), tick, 'ceil');
    return stop < entry ? stop : toTick(entry - 1n, tick, 'floor');
  }
  const stop = toTick(exact / ONE, tick, 'floor');
  return stop > entry ? stop : toTick(entry + 1n, tick, 'ceil');
}

/**
 * Where profit is taken; undefined where the rule has none, where a multiple has no stop to be a multiple of, and for a
 * short whose target would lie at zero or below. Rounded to the tick away from the entry.
 */
export function targetPriceOf(
  rule: TargetRule,
  sign: Sign,
  entry: Price,
  stopPrice: Price | undefined,
  tick: Price,
): Price | undefined {
  if (rule.by === 'none') return undefined;
  if (rule.by === 'fixed') return targetAt(sign, apart(opposite(sign), entry, rule.distance), tick);
  if (stopPrice === undefined) return undefined;
  // Signed: the stop lies on one side of the entry and the target on the other.
  return targetAt(sign, entry * ONE + (entry - stopPrice) * rule.multiple, tick);
}

function targetAt(sign: Sign, exact: bigint, tick: Price): Price | undefined {
  if (sign === 1) return toTick(raise(exact), tick, 'ceil');
  if (exact <= 0n) return undefined;
  const target = toTick(exact / ONE, tick, 'floor');
  return target > 0n ? target : undefined;
}

/** The loss in currency that forces a close, from the equity at the entry, rounded down; undefined for none. */
export function lossMaxOf(rule: LossRule, equity: Money): Money | undefined {
  if (rule.by === 'none') return undefined;
  if (rule.by === 'amount') return rule.amount;
  return (equity > 0n ? times(equity, rule.fraction, 'down') : 0n) as Money;
}

/** Fees of both legs of one trade, as shares of each leg's value. */
export interface LegFees {
  readonly feeIn: Rate;
  readonly feeOut: Rate;
}

/** Where a trade is even after its fees: long `EP (1 + f_in) / (1 - f_out)`, short mirrored; to the tick, away from the entry. */
export function breakEvenPrice(sign: Sign, entry: Price, fees: LegFees, tick: Price): Price {
  if (sign === 1) return (divide(entry * (ONE + fees.feeIn), (ONE - fees.feeOut) * tick, 'ceil') * tick) as Price;
  return (divide(entry * (ONE - fees.feeIn), (ONE + fees.feeOut) * tick, 'floor') * tick) as Price;
}

/** Where the whole trade nets zero if the rest is closed there: fees paid, funding and partial closes counted. */
export function breakEvenOf(position: Position, feeOut: Rate, tick: Price): Price {
  return fillWithLoss(position, 0n as Money, feeOut, tick);
}

/** What the closing fill of a triggered stop costs, as shares of its value. */
export interface TriggerCosts {
  readonly feeOut: Rate;
  readonly slippage: Rate;
}

/**
 * The trigger at which a position, closed there at market, has lost `lossMax` net of everything (fees paid, funding,
 * partial closes, exit fee, slippage). Fill and trigger are whole ticks, each rounded toward profit, so that the loss is
 * never larger (but for the last digit of the booked fee). Undefined where no price above zero loses so much.
 */
export function lossPriceOf(position: Position, lossMax: Money, costs: TriggerCosts, tick: Price): Price | undefined {
  const { slippage, feeOut } = costs;
  const fill = fillWithLoss(position, lossMax, feeOut, tick);
  const [kept, rounding] =
    position.sign === 1 ? ([ONE - slippage, 'ceil'] as const) : ([ONE + slippage, 'floor'] as const);
  const found = divide(fill * ONE, kept * tick, rounding) * tick;
  return found > 0n ? (found as Price) : undefined;
}

/** Solves `side x (q x P - cost) - fee - paid = -loss` for P, to the tick toward profit. */
function fillWithLoss(position: Position, loss: Money, feeOut: Rate, tick: Price): Price {
  const { sign, qty, cost } = position;
  const paid = position.fees - position.funding - position.gross;
  const value = sign === 1 ? cost + paid - loss : cost - paid + loss;
  const kept = sign === 1 ? ONE - feeOut : ONE + feeOut;
  return (divide(value * ONE * ONE, qty * kept * tick, sign === 1 ? 'ceil' : 'floor') * tick) as Price;
}

/** The trigger of the stop that rests at the venue: the nearer to the entry of stop loss and max loss. */
export function protectivePriceOf(
  sign: Sign,
  stopPrice: Price | undefined,
  lossPrice: Price | undefined,
): Price | undefined {
  if (stopPrice === undefined) return lossPrice;
  if (lossPrice === undefined) return stopPrice;
  return stopPrice > lossPrice === (sign === 1) ? stopPrice : lossPrice;
}
