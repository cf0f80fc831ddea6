import { divide, larger, type Money, NO_MONEY, ONE } from '../base/decimal.ts';
import type { Order } from './order.ts';
import type { Position } from './position.ts';
import { leverageOf, type Run } from './run.ts';

/**
 * What the position of a run binds: on spot what it cost; else its isolated margin, `cost / leverage` and the funding that
 * was received, less what was paid, of what is still held. Not below zero.
 */
export function marginOf(run: Run, position: Position): Money {
  const { cost, funding } = position;
  if (run.instrument.kind === 'spot') return cost;
  const initial = divide(cost * ONE, leverageOf(run), 'up') as Money;
  return funding === 0n ? initial : larger((initial + fundingHeld(position)) as Money, NO_MONEY);
}

/** A partial close takes its part of the funding along. */
const fundingHeld = ({ cost, closedCost, funding }: Position): Money =>
  (closedCost === 0n ? funding : divide(funding * cost, cost + closedCost, 'floor')) as Money;

/** Margin of the position, plus that of entries that may still fill. */
export function marginHeld(run: Run): bigint {
  let margin = 0n;
  const { position } = run;
  if (position !== undefined) margin = marginOf(run, position);
  for (const order of run.orders) margin += marginOfOrder(order);
  return margin;
}

/** What an order that may still open has of the margin that it was reviewed with. */
export function marginOfOrder({ reduceOnly, size, qty, filled }: Order): bigint {
  return reduceOnly || size === undefined ? 0n : share(size.margin, qty - filled, qty);
}

/** The part of an amount that belongs to a part of a quantity, rounded up. */
export function share(amount: bigint, part: bigint, whole: bigint): bigint {
  return part === whole ? amount : divide(amount * part, whole, 'up');
}

/**
 * A price that lies surely between the entry and the liquidation price, as no tier asks for more than half of the margin at
 * its leverage: `MMR <= 1 / (2 x leverage)`. Exact liquidation prices are worked out only beyond it. Funding that was paid
 * moves them by a little more than its share of the cost (`1 / (1 - MMR)` of it): twice that share is enough.
 */
export function dangerOf(run: Run, position: Position): number {
  const { sign, qty, cost, funding } = position;
  const entry = Number(cost) / Number(qty);
  const covered = 0.5 / (Number(leverageOf(run)) / 1e18);
  const share = funding < 0n ? covered + (2 * Number(fundingHeld(position))) / Number(cost) : covered;
  // The maintenance margin of a short grows on the way: `(1 + 2 x share) / (1 + share)`.
  return sign === 1 ? entry * (1 - share) : entry * (1 + share / (1 + share));
}
