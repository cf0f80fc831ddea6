import {
  absolute,
  divide,
  larger,
  type Money,
  NO_MONEY,
  ONE,
  type Price,
  priceOf,
  type Rate,
  smaller,
  text,
  times,
  toStep,
} from '../base/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Sign } from '../domain/order.ts';
import type { Costs } from '../domain/settings.ts';
import { type Denied, deny } from './denial.ts';
import { lossMaxOf, stopPriceOf, targetPriceOf } from './exits.ts';
import type { EntryRequest, ReviewContext } from './request.ts';
import { raise } from './rounding.ts';
import { lossPerUnit, stopFillOf } from './sizing.ts';

/** The prices of an entry before it has a size. */
export interface Terms {
  /** What stop, target and notional are measured from: the limit, or the mid. */
  readonly entry: Price;
  /** What a fill is expected to cost: the limit, or touch and slippage, to the tick against us. */
  readonly fill: Price;
  /** The order's own limit: the asked one, or the slippage cap of a market entry. */
  readonly limit: Price | undefined;
  readonly stopPrice: Price | undefined;
  readonly targetPrice: Price | undefined;
  readonly lossMax: Money | undefined;
  /** What one unit loses from the expected fill to the stop, costs included; 0 without a stop. */
  readonly perUnit: Money;
  readonly feeIn: Rate;
}

/** Prices an entry. Nothing is judged here: a stop on the wrong side comes out as such. */
export function termsOf(request: EntryRequest, context: ReviewContext): Terms {
  const { sign } = request;
  const { run, quote, account } = context;
  const { stop, target, loss } = run.risk;
  const { tick } = run.instrument;
  const { costs } = account;
  const entry = request.limit ?? priceOf(quote.mid);
  const fill = request.limit ?? expectedFill(sign, entry, context);
  const noRule = request.noStop === true || stop.by === 'none';
  const own = noRule ? undefined : stopPriceOf(stop, sign, entry, request.stopDistance, tick);
  const stopPrice = request.stopPrice ?? own;
  const feeIn = feeRateIn(costs, request.limit !== undefined, request.postOnly);
  return {
    entry,
    fill,
    limit: request.limit ?? capPrice(sign, context),
    stopPrice,
    targetPrice: request.targetPrice ?? targetPriceOf(target, sign, entry, stopPrice, tick),
    lossMax: lossMaxOf(loss, context.equity),
    perUnit: stopPrice === undefined ? NO_MONEY : lossToStop(sign, fill, stopPrice, feeIn, context),
    feeIn,
  };
}

/** The fee of an entry at worst: a limit that does not take as it comes fills as a maker. */
export function feeRateIn({ makerRate, takerRate }: Costs, isLimit: boolean, postOnly: boolean | undefined): Rate {
  if (postOnly === true) return makerRate;
  return isLimit ? larger(makerRate, takerRate) : takerRate;
}

function lossToStop(sign: Sign, entry: Price, stopPrice: Price, feeIn: Rate, { account, run }: ReviewContext): Money {
  const { costs } = account;
  const exit = stopFillOf(sign, stopPrice, exitSlippage(costs), run.instrument.tick);
  return lossPerUnit({ entry, exit, feeIn, feeOut: costs.takerRate });
}

/** What a triggered fill pays beyond its trigger: half the modelled spread, and the slippage. */
export const exitSlippage = ({ spread, slippage }: Costs): Rate =>
  (spread === 0n ? slippage : slippage + divide(spread, 2n, 'up')) as Rate;

function expectedFill(sign: Sign, entry: Price, { quote, account, run, isStreamed }: ReviewContext): Price {
  const touch = sign === 1 ? quote.ask : quote.bid;
  const { tick } = run.instrument;
  const { costs } = account;
  const offTouch = slipped(touch === quote.mid ? entry : priceOf(touch), sign, costs.slippage);
  if (sign === 1) return toStep(offTouch, tick, 'ceil');
  // On candles the venue takes half the spread and the slippage off the mid at once, which is a little more.
  const worst = isStreamed === true ? offTouch : smaller(offTouch, slipped(entry, sign, exitSlippage(costs)));
  const fill = toStep(worst, tick, 'floor');
  return fill === 0n ? tick : fill;
}

function slipped(price: Price, sign: Sign, share: Rate): Price {
  if (share === 0n) return price;
  return times(price, sign === 1 ? ONE + share : ONE - share, sign === 1 ? 'ceil' : 'floor') as Price;
}

/** The worst price of a market entry: the touch and the cap, to the tick on our side, but never short of the touch. */
function capPrice(sign: Sign, { quote, run }: ReviewContext): Price | undefined {
  const cap = run.risk.slippageCap;
  if (cap === undefined) return undefined;
  const { tick } = run.instrument;
  if (sign === 1) {
    const touch = priceOf(quote.ask);
    const most = toStep(times(touch, ONE + cap, 'floor') as Price, tick, 'floor');
    return most >= touch ? most : toStep(touch, tick, 'ceil');
  }
  const touch = priceOf(quote.bid);
  const least = toStep(times(touch, ONE - cap, 'ceil') as Price, tick, 'ceil');
  return least <= touch ? least : toStep(touch, tick, 'floor');
}

/** Are prices that were given by hand whole ticks? */
export function tickDenial(request: EntryRequest, { tick }: Instrument): Denied | undefined {
  return (
    offTick('limit', request.limit, tick) ??
    offTick('stop', request.stopPrice, tick) ??
    offTick('target', request.targetPrice, tick)
  );
}

function offTick(what: string, price: Price | undefined, tick: Price): Denied | undefined {
  if (price === undefined || (price > 0n && price % tick === 0n)) return undefined;
  return deny('PRICE_OFF_TICK', { expected: `a ${what} in steps of ${text(tick)}`, found: text(price) });
}

/** Do stop and target lie on their sides of the entry? */
export function sideDenial(sign: Sign, { entry, stopPrice, targetPrice }: Terms): Denied | undefined {
  if (stopPrice !== undefined && (stopPrice <= 0n || stopPrice < entry !== (sign === 1) || stopPrice === entry)) {
    return deny('STOP_WRONG_SIDE', sides(sign, sign === 1 ? 'below' : 'above', entry, stopPrice));
  }
  if (targetPrice !== undefined && (targetPrice > entry !== (sign === 1) || targetPrice === entry)) {
    return deny('TARGET_WRONG_SIDE', sides(sign, sign === 1 ? 'above' : 'below', entry, targetPrice));
  }
  return undefined;
}

/**
 * Would the touch set the stop off at once? A limit beyond the market fills at the market, far from the price that its stop
 * is measured from; and a stop by hand may lie within the spread.
 */
export function touchDenial(
  { sign, limit, stopPrice: given }: EntryRequest,
  { stopPrice }: Terms,
  { quote }: ReviewContext,
): Denied | undefined {
  if (stopPrice === undefined || (limit === undefined && given === undefined)) return undefined;
  const touch = priceOf(sign === 1 ? quote.bid : quote.ask);
  if (sign === 1 ? stopPrice < touch : stopPrice > touch) return undefined;
  const expected = `${sign === 1 ? 'below the bid' : 'above the ask'} ${text(touch)}`;
  return deny('STOP_WRONG_SIDE', { expected, found: text(stopPrice) });
}

function sides(sign: Sign, side: 'above' | 'below', entry: Price, found: Price): { expected: string; found: string } {
  return { expected: `${side} the entry ${text(entry)} of a ${sign === 1 ? 'long' : 'short'}`, found: text(found) };
}

/** What the round trip costs a unit beside the price distance: spread, slippage and fees. */
export const costsPerUnit = (terms: Terms, stopPrice: Price): bigint =>
  terms.perUnit - absolute(terms.entry - stopPrice);

/** What a fee in the coin may leave unsold: less than a step, at what it cost. */
export const dustOf = ({ fill, feeIn }: Terms, { kind, step }: Instrument): bigint =>
  kind === 'spot' && feeIn > 0n ? raise(step * fill) : 0n;
