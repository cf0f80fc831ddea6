import { divide, type Money, notional, ONE, type Price, priceOf, toNumber } from '../../base/decimal.ts';
import type { Report } from '../../domain/input.ts';
import { type Order, signOf } from '../../domain/order.ts';
import type { Run } from '../../domain/run.ts';
import type { Costs } from '../../domain/settings.ts';
import { consume, hasBook, walk } from './depth.ts';
import { fillable, fillReport, isOneShot, leftOf, takeSize } from './fills.ts';
import { feeOf, slippedPrice, takerPrice } from './prices.ts';
import type { Touch } from './touch.ts';

/** An order (or a question about one) that reaches the venue, and what it meets there. */
export interface Arrival {
  readonly run: Run;
  readonly order: Order;
  readonly touch: Touch;
  readonly costs: Costs;
  readonly now: number;
  /** The balance that is free for it; undefined where that is what it was reviewed with. */
  readonly free: (() => Money) | undefined;
}

export function arrive(arrival: Arrival): Report | undefined {
  const { run, order, touch, costs, now } = arrival;
  if (order.reduceOnly && fillable(run, order) === 0n) {
    return rejected(run, order, now, 'REDUCE_ONLY', 'there is no position to reduce');
  }
  if (order.type === 'market') return takeMarket(arrival);
  if (order.type === 'limit' && crosses(order, touch, costs)) {
    if (order.postOnly) return rejected(run, order, now, 'POST_ONLY_CROSSES', 'it would have taken liquidity');
    return takeMarket(arrival);
  }
  return accepted(run, order, now);
}

function rejected(run: Run, order: Order, now: number, code: string, why: string): Report {
  return { kind: 'report', at: now, run: run.run, order: order.order, type: 'rejected', code, why };
}

function accepted(run: Run, order: Order, now: number): Report {
  return { kind: 'report', at: now, run: run.run, order: order.order, type: 'accepted' };
}

function expired(run: Run, order: Order, now: number, why: string): Report {
  return { kind: 'report', at: now, run: run.run, order: order.order, type: 'expired', why };
}

/** Candles tell a mid: bid and ask lie half the modelled spread from it, as they do in quotes. */
function crosses(order: Order, { streamed, bid, ask }: Touch, { spread }: Costs): boolean {
  if (order.limit === undefined) return false;
  const limit = toNumber(order.limit);
  const half = streamed ? 0 : Number(spread) / 2e18;
  return signOf(order.side) === 1 ? ask + ask * half <= limit : bid - bid * half >= limit;
}

/**
 * Takes liquidity. On candles it fills at the price that decided it, however late the answer comes (T0); on quotes at the
 * touch of its own arrival, as far as the touch goes (T1).
 */
function takeMarket(arrival: Arrival): Report | undefined {
  const { run, order, touch, costs, now } = arrival;
  const sign = signOf(order.side);
  const { tick, step } = run.instrument;
  const slipped = touch.streamed
    ? slippedPrice(priceOf(sign === 1 ? touch.ask : touch.bid), sign, costs, tick)
    : takerPrice(priceOf(order.mid), sign, costs, tick);
  if (touch.streamed && hasBook(touch)) return takeDepth(arrival);
  const isBeyond = order.limit !== undefined && (sign === 1 ? slipped > order.limit : slipped < order.limit);
  if (isBeyond && isOneShot(order)) return expired(run, order, now, 'the price is beyond the cap');
  // A limit that rests is met by the touch: it never pays more than it says.
  const price = isBeyond ? (order.limit as Price) : slipped;
  if (lacksMargin(arrival, price)) return rejected(run, order, now, ...NO_MARGIN);
  const wanted = fillable(run, order);
  const fill = touch.streamed ? takeSize(touch, order, wanted, step) : wanted;
  if (fill > 0n) {
    const model = touch.streamed ? 'T1' : 'T0';
    const venueAt = touch.streamed ? now : order.intendedAt;
    return fillReport({ run, order, price, fill, liquidity: 'taker', model, now, venueAt }, costs);
  }
  return isOneShot(order) ? expired(run, order, now, NOTHING_LEFT) : accepted(run, order, now);
}

/** Walks the book (T2): no slippage is modelled beyond what the levels say. */
function takeDepth(arrival: Arrival): Report | undefined {
  const { run, order, touch, costs, now } = arrival;
  const { tick, step } = run.instrument;
  const walked = walk(touch, order, fillable(run, order), tick, step);
  if (walked === undefined)
    return isOneShot(order) ? expired(run, order, now, NOTHING_LEFT) : accepted(run, order, now);
  const { fill, price } = walked;
  if (lacksMargin(arrival, price)) return rejected(run, order, now, ...NO_MARGIN);
  consume(walked);
  return fillReport({ run, order, price, fill, liquidity: 'taker', model: 'T2', now, venueAt: now }, costs);
}

/** Prices have moved since the order was reviewed, and others have paid: would all of it bind more than is free now? */
function lacksMargin({ run, order, costs, free }: Arrival, price: Price): boolean {
  if (order.reduceOnly || free === undefined) return false;
  const { instrument, risk } = run;
  const value = notional(price, leftOf(order));
  const isSpot = instrument.kind === 'spot';
  const leverage = isSpot ? ONE : (order.size?.leverage ?? risk.leverage);
  const fee = isSpot ? 0n : feeOf(price, leftOf(order), costs.takerRate, instrument);
  return divide(value * ONE, leverage, 'up') + fee > free();
}

const NO_MARGIN = ['MARGIN_INSUFFICIENT', 'at this price it would bind more than is free'] as const;

const NOTHING_LEFT = 'nothing is left at the touch';

/** What becomes of the rest of an order that took all that the touch showed, undefined where nothing is left. */
export function remainder(run: Run, order: Order, now: number): Report | undefined {
  if (order.filled === 0n || order.filled === order.qty || order.status === 'working') return undefined;
  return isOneShot(order) ? expired(run, order, now, NOTHING_LEFT) : accepted(run, order, now);
}
