import type { Levels } from '../market.ts';

const EARLY_KEPT = 200;

type Level = readonly [price: string, qty: string];

/** One side of an order book: levels in the venue's own text, best first. */
class Side {
  readonly #sign: 1 | -1;
  /** Rising; for bids the prices with the sign turned. */
  #keys: number[] = [];
  #levels: Level[] = [];

  constructor(sign: 1 | -1) {
    this.#sign = sign;
  }

  get levels(): readonly Level[] {
    return this.#levels;
  }

  replace(levels: Levels): void {
    this.#keys = [];
    this.#levels = [];
    for (const [price, qty] of levels) this.set(price, qty);
  }

  /** A quantity of zero takes the level away. */
  set(price: string, qty: string): void {
    const key = Number(price) * this.#sign;
    const at = this.#find(key);
    const isThere = this.#keys[at] === key;
    if (Number(qty) === 0) {
      if (!isThere) return;
      this.#keys.splice(at, 1);
      this.#levels.splice(at, 1);
    } else if (isThere) this.#levels[at] = [price, qty];
    else {
      this.#keys.splice(at, 0, key);
      this.#levels.splice(at, 0, [price, qty]);
    }
  }

  #find(key: number): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#keys[middle] as number) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Levels as they are from now on, up to update id `u`. */
export interface Diff {
  readonly u: number;
  readonly b: Levels;
  readonly a: Levels;
}

/** The order book of one symbol, as the sum of a snapshot and the diffs since. */
export class Book {
  readonly #bids = new Side(-1);
  readonly #asks = new Side(1);
  /** Diffs that came before the snapshot: it may be older than they are. */
  #early: { readonly diff: Diff; readonly eventAt: number }[] | undefined = [];
  lastUpdateId = 0;
  eventAt = 0;

  get bids(): Levels {
    return this.#bids.levels;
  }

  get asks(): Levels {
    return this.#asks.levels;
  }

  replace(of: { readonly lastUpdateId: number; readonly bids: Levels; readonly asks: Levels }, eventAt: number): void {
    this.#bids.replace(of.bids);
    this.#asks.replace(of.asks);
    this.lastUpdateId = of.lastUpdateId;
    this.eventAt = eventAt;
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const { diff, eventAt: at } of early) this.apply(diff, at);
  }

  /** A diff that ends before the snapshot says nothing new. */
  apply(diff: Diff, eventAt: number): void {
    this.#early?.push({ diff, eventAt });
    if (this.#early !== undefined && this.#early.length > EARLY_KEPT) this.#early.shift();
    if (diff.u < this.lastUpdateId) return;
    for (const [price, qty] of diff.b) this.#bids.set(price, qty);
    for (const [price, qty] of diff.a) this.#asks.set(price, qty);
    this.lastUpdateId = diff.u;
    this.eventAt = eventAt;
  }
}

/** `12.345` -> `0.000`. */
function zeroLike(qty: string): string {
  const point = qty.indexOf('.');
  return point < 0 ? '0' : `0.${'0'.repeat(qty.length - point - 1)}`;
}

/** The levels that turn one side of a book into another; a level that goes has quantity zero. */
export function changesOf(before: Levels, after: Levels): Levels {
  const left = new Map(before);
  const changes: Level[] = [];
  for (const [price, qty] of after) {
    if (left.get(price) !== qty) changes.push([price, qty]);
    left.delete(price);
  }
  for (const [price, qty] of left) changes.push([price, zeroLike(qty)]);
  return changes;
}
