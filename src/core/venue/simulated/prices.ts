import {
  digitsOf,
  divide,
  type Money,
  notional,
  ONE,
  type Price,
  type Qty,
  times,
  toStep,
} from '../../base/decimal.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { Sign } from '../../domain/order.ts';
import type { Position } from '../../domain/position.ts';
import type { Costs } from '../../domain/settings.ts';

/** What a taker pays beyond a mid on candles: half the modelled spread and the slippage, rounded to the tick against us. */
export function takerPrice(mid: Price, sign: Sign, costs: Costs, tick: Price): Price {
  const { spread, slippage } = costs;
  return worse(mid, sign, spread === 0n ? slippage : spread / 2n + slippage, tick);
}

/** What a taker pays beyond a touch that is known: the slippage. */
export function slippedPrice(touch: Price, sign: Sign, costs: Costs, tick: Price): Price {
  return worse(touch, sign, costs.slippage, tick);
}

function worse(price: Price, sign: Sign, share: bigint, tick: Price): Price {
  if (sign === 1) return toStep(share === 0n ? price : (times(price, ONE + share, 'up') as Price), tick, 'up');
  const least = toStep(share === 0n ? price : (times(price, ONE - share, 'down') as Price), tick, 'down');
  // Nobody buys at zero: the lowest price that there is has one tick.
  return least === 0n ? tick : least;
}

/** Fee on the value of a fill, rounded once, against us, to the asset's smallest unit; a rebate is below zero. */
export function feeOf(price: Price, fill: Qty, rate: bigint, { assetStep }: Instrument): Money {
  const value = notional(price, fill);
  if (rate < 0n || assetStep < 1n) return toStep(times(value, rate, 'ceil'), assetStep, 'ceil') as Money;
  if (rate !== share.rate || assetStep !== share.step) share = shareOf(rate, assetStep);
  const parts = share.part === 1n ? value : value * share.part;
  return (((parts + share.rest) / share.whole) * assetStep) as Money;
}

/** A rate in steps of an asset as a fraction in its lowest terms: `rate / (ONE x step) = part / whole`. */
interface Share {
  readonly rate: bigint;
  readonly step: bigint;
  readonly part: bigint;
  readonly whole: bigint;
  /** `whole - 1`: what rounds a division up. */
  readonly rest: bigint;
}

function shareOf(rate: bigint, step: bigint): Share {
  const unit = ONE * step;
  let divisor = unit;
  for (let rest = rate; rest > 0n; ) [divisor, rest] = [rest, divisor % rest];
  const whole = unit / divisor;
  return { rate, step, part: rate / divisor, whole, rest: whole - 1n };
}

// Most fills pay the same rate.
let share = shareOf(0n, 1n);

/** On spot a buy pays in what it bought: to the eighth digit, coarser where its value at a whole tick had no exact text. */
export function feeInBase(fill: Qty, rate: bigint, tick: Price): Qty {
  const unit = tick % TEN_DIGITS === 0n ? EIGHT_DIGITS : 10n ** BigInt(digitsOf(tick));
  return toStep(times(fill, rate, 'ceil'), unit, 'ceil') as Qty;
}

const EIGHT_DIGITS = 10n ** 10n;
const TEN_DIGITS = 10n ** 8n;

/** How a liquidation ends: the position is taken at a tick, and what is left of its margin there is the fee. */
export interface Taking {
  readonly price: Price;
  readonly fee: Money;
}

/** The whole isolated margin is lost and no more of it: at `entry -/+ margin / qty`, to the tick toward the entry. */
export function takenAt(position: Position, margin: Money, { tick, assetStep }: Instrument): Taking {
  const { sign, qty, cost } = position;
  const left = sign === 1 ? cost - margin : cost + margin;
  const exact = divide(left * ONE, qty, sign === 1 ? 'ceil' : 'floor') as Price;
  const price = toStep(exact, tick, sign === 1 ? 'ceil' : 'floor');
  const value = notional(price, qty);
  const rest = margin - (sign === 1 ? cost - value : value - cost);
  return { price, fee: toStep((rest > 0n ? rest : 0n) as Money, assetStep, 'down') };
}
