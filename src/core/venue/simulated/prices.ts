import { divide, type Money, notional, ONE, type Price, type Qty, times, toStep } from '../../base/decimal.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { Sign } from '../../domain/order.ts';
import type { Costs } from '../../domain/settings.ts';

/** What a taker pays beyond a mid on candles: half the modelled spread and the slippage, rounded to the tick against us. */
export function takerPrice(mid: Price, sign: Sign, costs: Costs, tick: Price): Price {
  return worse(mid, sign, costs.spread / 2n + costs.slippage, tick);
}

/** What a taker pays beyond a touch that is known: the slippage. */
export function slippedPrice(touch: Price, sign: Sign, costs: Costs, tick: Price): Price {
  return worse(touch, sign, costs.slippage, tick);
}

function worse(price: Price, sign: Sign, share: bigint, tick: Price): Price {
  if (sign === 1) return toStep(share === 0n ? price : (times(price, ONE + share, 'up') as Price), tick, 'up');
  return toStep(share === 0n ? price : (times(price, ONE - share, 'down') as Price), tick, 'down');
}

/** Fee on the value of a fill, rounded once, against us, to the asset's smallest unit. */
export function feeOf(price: Price, fill: Qty, rate: bigint, instrument: Instrument): Money {
  return toStep(times(notional(price, fill), rate, 'up'), instrument.assetStep, 'up') as Money;
}

/** On spot a buy pays in what it bought. */
export function feeInBase(fill: Qty, rate: bigint): Qty {
  return toStep(times(fill, rate, 'up'), 10n ** 10n, 'up') as Qty;
}

/** The price at which an isolated margin is gone: `entry -/+ margin / qty`, rounded against us. */
export function bankruptcyPrice(cost: Money, margin: Money, qty: Qty, sign: Sign, tick: Price): Price {
  const left = sign === 1 ? cost - margin : cost + margin;
  const price = divide(left * ONE, qty, sign === 1 ? 'floor' : 'ceil');
  return toStep(price < 0n ? 0n : price, tick, sign === 1 ? 'floor' : 'ceil') as Price;
}
