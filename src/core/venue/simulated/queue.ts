import { fromNumber, type Qty, smaller, toNumber, toStep } from '../../base/decimal.ts';
import type { TradesInput } from '../../domain/input.ts';
import { type Order, signOf } from '../../domain/order.ts';
import type { Run } from '../../domain/run.ts';
import { hasBook } from './depth.ts';
import { fillable } from './fills.ts';
import type { Touch } from './touch.ts';

/** The place of a resting limit: what rests before it at its price, and what trades have reached of it. */
interface Place {
  ahead: number;
  due: number;
}

/**
 * Queues of resting limits (tier T2): what stood at the price when the order came is served first. It shrinks by trades of
 * the other side at that price; what they take beyond it fills the order. A trade beyond the price fills all of it. After a
 * restart the place is lost, and the next book is taken for all that stands before.
 */
export class Queues {
  readonly #places = new Map<string, Place>();

  /** An order begins to rest, or is seen resting for the first time. */
  place(run: Run, order: Order, touch: Touch): void {
    const key = keyOf(run, order);
    if (order.type !== 'limit' || order.limit === undefined || this.#places.has(key) || !hasBook(touch)) return;
    const limit = toNumber(order.limit);
    const side = order.side === 'buy' ? touch.bids : touch.asks;
    const ahead = side.find(({ price }) => price === limit)?.left ?? 0;
    this.#places.set(key, { ahead, due: 0 });
  }

  /** Trades of others reach what rests. */
  hear(runs: readonly Run[], { symbol, rows }: TradesInput): void {
    for (const run of runs) {
      if (run.symbol !== symbol) continue;
      for (const order of run.orders) {
        const place = this.#places.get(keyOf(run, order));
        if (place !== undefined && order.limit !== undefined) reach(place, order, toNumber(order.limit), rows);
      }
    }
  }

  /** What the order gets of what was heard, once. */
  take(run: Run, order: Order): Qty {
    const place = this.#places.get(keyOf(run, order));
    if (place === undefined || place.due <= 0) return 0n as Qty;
    const due = Number.isFinite(place.due)
      ? toStep(fromNumber(place.due) as Qty, run.instrument.step, 'down')
      : undefined;
    place.due = 0;
    const left = fillable(run, order);
    return due === undefined ? left : smaller(due, left);
  }

  /** Forgets the orders that are gone. */
  sweep(runs: readonly Run[]): void {
    const alive = new Set(runs.flatMap((run) => run.orders.map((order) => keyOf(run, order))));
    for (const key of this.#places.keys()) if (!alive.has(key)) this.#places.delete(key);
  }
}

const keyOf = (run: Run, { order }: Order): string => `${run.run} ${order}`;

function reach(place: Place, order: Order, limit: number, rows: TradesInput['rows']): void {
  const sign = signOf(order.side);
  for (const [price, qty, taker] of rows) {
    if (taker === sign) continue;
    if ((price - limit) * sign < 0) place.due = Number.POSITIVE_INFINITY;
    else if (price === limit) {
      const beyond = qty - place.ahead;
      place.ahead = Math.max(0, -beyond);
      if (beyond > 0) place.due += beyond;
    }
  }
}
