import { type Price, priceOf, type Qty, toNumber, toStep } from '../../base/decimal.ts';
import { type Order, signOf } from '../../domain/order.ts';
import { inSteps } from './fills.ts';
import type { Level, Touch } from './touch.ts';

/** A book older than this is none: the touch alone is met (T1). */
const BOOK_MS_MAX = 1_000;

/** What a taker gets of the book. The price is the average of the levels, rounded to the tick against the taker. */
export interface Walked {
  readonly fill: Qty;
  readonly price: Price;
  /** Where it comes from. */
  readonly taken: readonly { readonly level: Level; readonly qty: number }[];
}

/** Is the book known that the touch is the top of? */
export const hasBook = ({ bids, asks, bookAt, at }: Touch): boolean =>
  bids.length > 0 && asks.length > 0 && Math.abs(at - bookAt) <= BOOK_MS_MAX;

/** Walks the book (tier T2): the touch first, then the levels beyond it, as far as the size or the limit goes. */
export function walk(touch: Touch, order: Order, wanted: Qty, tick: Price, step: Qty): Walked | undefined {
  const sign = signOf(order.side);
  const cap = order.limit === undefined ? sign * Number.POSITIVE_INFINITY : toNumber(order.limit);
  const most = Number(wanted) / 1e18;
  const taken: Walked['taken'][number][] = [];
  let sum = 0;
  let value = 0;
  for (const level of levelsOf(touch, sign)) {
    if (sum >= most || (level.price - cap) * sign > 0) break;
    const qty = Math.min(level.left, most - sum);
    taken.push({ level, qty });
    sum += qty;
    value += qty * level.price;
  }
  const fill = sum >= most ? wanted : inSteps(sum, step);
  if (fill <= 0n) return undefined;
  const average = taken.length === 1 ? (taken[0]?.level.price ?? 0) : value / sum;
  return { fill, price: toStep(priceOf(average), tick, sign === 1 ? 'up' : 'down'), taken };
}

/** What is taken is gone until fresh data. */
export function consume({ taken }: Walked): void {
  for (const { level, qty } of taken) level.left = Math.max(0, level.left - qty);
}

/** The touch is newer than the book: its size stands for its level, and levels better than it are gone. */
function levelsOf(touch: Touch, sign: 1 | -1): readonly Level[] {
  const { ask, bid, asks, bids } = touch;
  const best = sign === 1 ? ask : bid;
  const beyond = (sign === 1 ? asks : bids).filter(({ price }) => (price - best) * sign > 0);
  return [topOf(touch, sign), ...beyond];
}

const topOf = (touch: Touch, sign: 1 | -1): Level =>
  sign === 1
    ? {
        price: touch.ask,
        get left() {
          return touch.askQty;
        },
        set left(qty) {
          touch.askQty = qty;
        },
      }
    : {
        price: touch.bid,
        get left() {
          return touch.bidQty;
        },
        set left(qty) {
          touch.bidQty = qty;
        },
      };
