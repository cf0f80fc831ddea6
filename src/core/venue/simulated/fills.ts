import { NO_MONEY, type Price, type Qty, smaller, text, toNumber, toStep } from '../../base/decimal.ts';
import type { FillReport } from '../../domain/input.ts';
import { type Order, signOf } from '../../domain/order.ts';
import type { Run } from '../../domain/run.ts';
import type { Costs } from '../../domain/settings.ts';
import { feeInBase, feeOf } from './prices.ts';
import { shrink, type Touch } from './touch.ts';

/** One fill to report. */
export interface Fill {
  readonly run: Run;
  readonly order: Order;
  readonly price: Price;
  readonly fill: Qty;
  readonly liquidity: 'maker' | 'taker';
  readonly model: string;
  readonly now: number;
  readonly venueAt: number;
  readonly seen?: number | undefined;
}

/** A market entry takes what there is at once. A market exit goes on at the quotes that follow: it never dies halfway. */
export const isOneShot = (order: Order): boolean => order.tif === 'ioc' && !order.reduceOnly;

/** Has an order come to the venue by now? */
export const hasCome = ({ intendedAt }: Order, { latencyMs }: Costs, now: number): boolean =>
  intendedAt + latencyMs <= now;

/** Does it rest at the venue? One that is asked back rests until that is answered, if it has come at all. */
export const rests = (order: Order, costs: Costs, now: number): boolean =>
  order.status === 'working' || (order.status === 'canceling' && hasCome(order, costs, now) && !isOneShot(order));

/** What an order has still to fill. */
export const leftOf = ({ qty, filled }: Order): Qty => (filled === 0n ? qty : qty - filled) as Qty;

/** What an order may still fill: reduce-only is clipped to the position, in whole steps where there is one. */
export function fillable(run: Run, order: Order): Qty {
  const left = leftOf(order);
  if (!order.reduceOnly) return left;
  const { position } = run;
  if (position === undefined || position.sign === signOf(order.side)) return 0n as Qty;
  const size = smaller(left, position.qty);
  if (run.instrument.kind !== 'spot') return size;
  const whole = toStep(size, run.instrument.step, 'down');
  return whole > 0n ? whole : size;
}

/** What a double loses of a sum or a difference of sizes; a share of it. */
const LOST = 1e-12;

/** Whole steps of an amount that was added up or taken off: `0.3 - 0.1` are two steps of 0.1. */
export const inSteps = (size: number, step: Qty): Qty =>
  (BigInt(Math.floor((size / toNumber(step)) * (1 + LOST))) * step) as Qty;

/** The part that a touch still shows, down to the step; it is taken off the touch until a fresh quote. */
export function takeSize(touch: Touch, order: Order, wanted: Qty, step: Qty): Qty {
  const shown = signOf(order.side) === 1 ? touch.askQty : touch.bidQty;
  if (!Number.isFinite(shown)) return wanted;
  const fill = smaller(wanted, inSteps(shown, step));
  shrink(touch, order.side, fill);
  return fill;
}

export function fillReport(fill: Fill, costs: Costs): FillReport {
  const { run, order, price } = fill;
  const rate = fill.liquidity === 'maker' ? costs.makerRate : costs.takerRate;
  const inBase = run.instrument.kind === 'spot' && order.side === 'buy';
  const feeBase = inBase ? feeInBase(fill.fill, rate, run.instrument.tick) : undefined;
  return {
    kind: 'report',
    type: 'filled',
    at: fill.now,
    run: run.run,
    order: order.order,
    fill: fill.fill,
    price,
    fee: inBase ? NO_MONEY : feeOf(price, fill.fill, rate, run.instrument),
    feeBase,
    liquidity: fill.liquidity,
    model: fill.model,
    trade: order.filled === 0n ? `${order.order}.1` : `${order.order}.1+${text(order.filled)}`,
    venueAt: fill.venueAt,
    seen: fill.seen,
  };
}
