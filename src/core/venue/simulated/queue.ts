import { type Qty, smaller, toNumber } from '../../base/decimal.ts';
import type { TradesInput } from '../../domain/input.ts';
import { type Order, signOf } from '../../domain/order.ts';
import type { Run } from '../../domain/run.ts';
import type { Costs } from '../../domain/settings.ts';
import { hasBook } from './depth.ts';
import { fillable, inSteps, rests } from './fills.ts';
import type { Touch } from './touch.ts';

/** The place of a resting limit: what rests before it at its price, and what trades have reached of it. */
interface Place {
  /** Infinity where the book did not reach down to its price yet. */
  ahead: number;
  due: number;
}

/**
 * Queues of resting limits (tier T2): what stood at the price when the order came is served first, then the run's own orders
 * in their order. It shrinks by trades of the other side at that price; what they take beyond it fills the order. A trade
 * beyond the price fills all of it. After a restart the place is lost, and the next book is taken for all that stands before.
 */
export class Queues {
  readonly #places = new Map<string, Place>();

  /** An order begins to rest, or is seen resting; it has its place as soon as a book shows its price. */
  place(run: Run, order: Order, touch: Touch): void {
    if (order.type !== 'limit' || order.limit === undefined || !hasBook(touch)) return;
    const key = keyOf(run, order);
    const known = this.#places.get(key);
    if (known !== undefined && known.ahead < Number.POSITIVE_INFINITY) return;
    const ahead = aheadOf(order, toNumber(order.limit), touch);
    if (known === undefined) this.#places.set(key, { ahead, due: 0 });
    else known.ahead = ahead;
  }

  /** Trades of others reach what rests. */
  hear(runs: readonly Run[], { symbol, rows, at }: TradesInput, touch: Touch, costsOf: (run: Run) => Costs): void {
    for (const run of runs) {
      if (run.symbol !== symbol) continue;
      const costs = costsOf(run);
      const resting = run.orders.filter((order) => rests(order, costs, at));
      for (const order of resting) this.place(run, order, touch);
      for (const row of rows) this.#reach(run, resting, row);
    }
    this.#forget(runs);
  }

  /** What the order gets of what was heard, once. */
  take(run: Run, order: Order): Qty {
    const place = this.#places.get(keyOf(run, order));
    if (place === undefined || place.due <= 0) return NONE;
    const left = fillable(run, order);
    const due = Number.isFinite(place.due) ? smaller(inSteps(place.due, run.instrument.step), left) : left;
    // Less than a step waits for more.
    if (due > 0n) place.due = 0;
    return due;
  }

  /** What one trade takes is taken once, however many orders of the run wait at its price. */
  #reach(run: Run, resting: readonly Order[], [price, qty, taker]: TradesInput['rows'][number]): void {
    let left = qty;
    for (const order of resting) {
      const place = this.#places.get(keyOf(run, order));
      const sign = signOf(order.side);
      if (place === undefined || order.limit === undefined || taker === sign) continue;
      const limit = toNumber(order.limit);
      if ((price - limit) * sign < 0) place.due = Number.POSITIVE_INFINITY;
      else if (price === limit) {
        const beyond = left - place.ahead;
        place.ahead = Math.max(0, -beyond);
        const got = Math.max(0, Math.min(beyond, toNumber(fillable(run, order)) - place.due));
        place.due += got;
        left -= got;
      }
    }
  }

  /** Forgets the orders that are gone. */
  #forget(runs: readonly Run[]): void {
    const alive = new Set(runs.flatMap((run) => run.orders.map((order) => keyOf(run, order))));
    for (const key of this.#places.keys()) if (!alive.has(key)) this.#places.delete(key);
  }
}

const NONE = 0n as Qty;

const keyOf = (run: Run, { order }: Order): string => `${run.run} ${order}`;

/** What a book shows at a price; Infinity for a price beyond its last level, of which it says nothing. */
function aheadOf(order: Order, limit: number, { bids, asks }: Touch): number {
  const side = order.side === 'buy' ? bids : asks;
  const last = side.at(-1)?.price ?? limit;
  if ((last - limit) * signOf(order.side) > 0) return Number.POSITIVE_INFINITY;
  return side.find(({ price }) => price === limit)?.left ?? 0;
}
