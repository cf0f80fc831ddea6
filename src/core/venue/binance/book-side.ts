import type { DepthRow } from '../../domain/frame.ts';

/** Changes that are gathered before rows are moved: the room behind the last row. */
const CHANGES_MAX = 256;
const REMOVED = -1;
/** So many rows are looked at around the guess of a place. */
const WINDOW = 8;
/** Fewer rows are moved one by one: a call costs as much as that. */
const MOVED_MIN = 32;

/**
 * One side of a book: price and size in columns, best first, at most twice `levelsMax` rows. Sizes are what rests, not what
 * was added. Rows of one change are mostly in order of price: each search starts where the last one ended, and rows
 * are moved once for all that came or went.
 */
export class BookSide {
  readonly price: Float64Array;
  readonly qty: Float64Array;
  count = 0;
  /** The worst price that is kept: beyond it the venue has not told all levels. NaN where it told the whole side. */
  edge = Number.NaN;
  /** 1 for asks, -1 for bids: with it the best price is the lowest key on both sides. */
  readonly #sign: number;
  readonly #levelsMax: number;
  readonly #rowsMax: number;
  /** Where a row comes or goes, in the order of the column, and the row of the change; `REMOVED` where one goes. */
  readonly #place = new Int32Array(CHANGES_MAX);
  readonly #row = new Int32Array(CHANGES_MAX);
  #changes = 0;
  /** Rows for each unit of price: a first guess of how far away a price is. */
  #density = 0;

  constructor(sign: 1 | -1, levelsMax: number) {
    this.#sign = sign;
    this.#levelsMax = levelsMax;
    this.#rowsMax = 2 * levelsMax;
    this.price = new Float64Array(this.#rowsMax + CHANGES_MAX);
    this.qty = new Float64Array(this.#rowsMax + CHANGES_MAX);
  }

  clear(): void {
    this.count = 0;
    this.edge = Number.NaN;
  }

  /** Takes a snapshot, best first. False where it is none: out of order, or of prices and sizes that cannot be. */
  reset(rows: readonly DepthRow[]): boolean {
    this.clear();
    let last = -Infinity;
    for (const [price, qty] of rows.slice(0, this.#levelsMax)) {
      const key = this.#sign * price;
      if (!(price > 0 && price < Infinity && qty > 0 && qty < Infinity && key > last)) return false;
      this.price[this.count] = price;
      this.qty[this.count++] = qty;
      last = key;
    }
    if (rows.length >= this.#levelsMax) this.edge = this.#worst();
    this.#measure();
    return true;
  }

  /** True where fewer rows are left than that, and there are others behind them that nobody told. */
  isShort(levels: number): boolean {
    return this.count < levels && !Number.isNaN(this.edge);
  }

  /** Sets the size of each price; zero removes it. What is beyond the edge is passed over. */
  apply(price: Float64Array, qty: Float64Array, rows: number): void {
    const sign = this.#sign;
    const isReverse = this.#isWorstFirst(price, rows);
    const edge = Number.isNaN(this.edge) ? Infinity : sign * this.edge;
    let key = -Infinity;
    let from = 0;
    for (let i = 0; i < rows; i++) {
      const row = isReverse ? rows - 1 - i : i;
      const next = sign * (price[row] as number);
      if (next > edge) continue;
      // Out of order, or no room for more changes: what was gathered is done first.
      if (next <= key || this.#changes === CHANGES_MAX) {
        this.#move(price, qty);
        from = 0;
      }
      key = next;
      from = this.#find(from, key);
      this.#set(from, row, price[row] as number, qty[row] as number);
    }
    this.#move(price, qty);
    this.#measure();
  }

  /** As USDS-M sends bids, and spot asks never. A price that is told twice is not: its last size counts. */
  #isWorstFirst(price: Float64Array, rows: number): boolean {
    const sign = this.#sign;
    for (let row = 1; row < rows; row++) {
      if (sign * (price[row] as number) >= sign * (price[row - 1] as number)) return false;
    }
    return rows > 1;
  }

  #set(at: number, row: number, price: number, qty: number): void {
    const isThere = at < this.count && this.price[at] === price;
    if (isThere && qty > 0) this.qty[at] = qty;
    else if (isThere) this.#gather(at, REMOVED);
    else if (qty > 0) this.#gather(at, row);
  }

  #gather(at: number, row: number): void {
    this.#place[this.#changes] = at;
    this.#row[this.#changes++] = row;
  }

  /**
   * The first place, from one on, whose price is not better than the one of the key. It is guessed from the distance;
   * around the guess better prices are counted, which no processor has to predict, and only elsewhere are halves taken.
   */
  #find(from: number, key: number): number {
    const { price, count } = this;
    const sign = this.#sign;
    if (from >= count) return count;
    const distance = key - sign * (price[from] as number);
    if (distance <= 0) return from;
    const ahead = distance * this.#density;
    if (!(ahead < count - from - WINDOW)) return this.#halve(from + 1, count, key);
    const low = Math.max(from + 1, from + (ahead | 0) - WINDOW / 2);
    let better = 0;
    for (let i = 0; i < WINDOW; i++) better += Number(sign * (price[low + i] as number) < key);
    if (better === WINDOW) return this.#halve(low + WINDOW, count, key);
    return better > 0 || low === from + 1 ? low + better : this.#halve(from + 1, low, key);
  }

  #halve(from: number, to: number, key: number): number {
    const { price } = this;
    const sign = this.#sign;
    let low = from;
    let high = to;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sign * (price[middle] as number) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * Moves the rows between the gathered places, each by as many as came before it, and puts the new ones in. Rows that
   * move up go first, from the best on, then rows that move down, from the worst on: none is written over before it
   * was read.
   */
  #move(price: Float64Array, qty: Float64Array): void {
    const changes = this.#changes;
    if (changes === 0) return;
    const total = this.#shiftUp(changes);
    this.#shiftDown(changes, total, price, qty);
    this.count += total;
    this.#changes = 0;
    if (this.count <= this.#rowsMax) return;
    this.count = this.#rowsMax;
    this.edge = this.#worst();
  }

  /** Gives how many rows there are more afterwards. */
  #shiftUp(changes: number): number {
    let shift = 0;
    for (let i = 0; i < changes; i++) {
      const isRemoved = this.#row[i] === REMOVED;
      shift += isRemoved ? -1 : 1;
      if (shift < 0) this.#copy((this.#place[i] as number) + (isRemoved ? 1 : 0), this.#end(i, changes), shift);
    }
    return shift;
  }

  #shiftDown(changes: number, total: number, price: Float64Array, qty: Float64Array): void {
    let shift = total;
    for (let i = changes - 1; i >= 0; i--) {
      const row = this.#row[i] as number;
      const place = this.#place[i] as number;
      if (shift > 0) this.#copy(place + (row === REMOVED ? 1 : 0), this.#end(i, changes), shift);
      shift -= row === REMOVED ? -1 : 1;
      if (row === REMOVED) continue;
      this.price[place + shift] = price[row] as number;
      this.qty[place + shift] = qty[row] as number;
    }
  }

  /** Where the rows after a change end: at the next change. */
  #end(i: number, changes: number): number {
    return i + 1 < changes ? (this.#place[i + 1] as number) : this.count;
  }

  #copy(from: number, to: number, shift: number): void {
    if (to - from < MOVED_MIN) {
      this.#copyFew(from, to, shift);
      return;
    }
    this.price.copyWithin(from + shift, from, to);
    this.qty.copyWithin(from + shift, from, to);
  }

  #copyFew(from: number, to: number, shift: number): void {
    const { price, qty } = this;
    if (shift < 0) {
      for (let at = from; at < to; at++) {
        price[at + shift] = price[at] as number;
        qty[at + shift] = qty[at] as number;
      }
      return;
    }
    for (let at = to - 1; at >= from; at--) {
      price[at + shift] = price[at] as number;
      qty[at + shift] = qty[at] as number;
    }
  }

  #worst(): number {
    return this.price[this.count - 1] as number;
  }

  #measure(): void {
    const span = this.count > 1 ? Math.abs(this.#worst() - (this.price[0] as number)) : 0;
    this.#density = span > 0 ? this.count / span : 0;
  }
}
