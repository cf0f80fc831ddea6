import type { DepthRow } from '../../domain/frame.ts';

/** The rows of a side that readers get: more than the 20 that anyone looks at. */
export const LENT_MAX = 24;
/** Above so many holes rows are laid down anew. */
const HOLES_MAX = 512;
/** Above so many a price that went gives its place to another one; below it waits for its row to come back. */
const HOLES_KEPT = 256;
/** Places that are left free between rows when they are laid down, from the best on. */
const SPARE_MAX = 256;
/** The size at such a place, where no row was yet. */
const SPARE = Number.NaN;
/** The price of a place outside of the rows: it equals none. */
const NOWHERE = Number.NaN;
/** Places before the best row and behind the worst one; so many rows of a change are taken at once. */
const ROOM = 1_024;
/** So far a hole is looked for, before all rows up to one end are moved. */
const NEAR = 24;
/** Holes before the best row, before they are given up. */
const AHEAD_MAX = 64;

/**
 * One side of a book, at most twice `levelsMax` rows. Sizes are what rests, not what was added.
 *
 * Rows stand in order of price, best first, with holes: a row that goes leaves its price with a size of zero, and finds
 * it when it comes back, as most do; a price that is new moves rows up to the next hole only. Where a price stood last
 * is remembered, so that most rows of a change are found without a search, in whatever order they are told. Readers get
 * the best rows, copied without holes.
 */
export class BookSide {
  /** The best rows, best first, without holes; `lent` of them. */
  readonly price: Float64Array;
  readonly qty: Float64Array;
  lent = 0;
  /** All rows. */
  count = 0;
  /** The worst price that is kept: beyond it the venue has not told all levels. NaN where it told the whole side. */
  edge = Number.NaN;
  /** 1 for asks, -1 for bids: with it the best price is the lowest key on both sides. */
  readonly #sign: number;
  readonly #levelsMax: number;
  readonly #rowsMax: number;
  readonly #lentMax: number;
  /** Rows and holes, from `#from` up to `#to`. Other places have a price of zero, which no row has. */
  readonly #price: Float64Array;
  readonly #qty: Float64Array;
  #from = ROOM;
  #to = ROOM;
  /** The first place that changed since rows were lent, and where the lent rows end. */
  #changedFrom = 0;
  #lentTo = 0;
  /** Where a price stood last, by the price in steps. Two may share one: the price that stands there decides. */
  readonly #places: Int32Array;
  /** The least distance of two prices of the snapshot. */
  #step = 1;

  constructor(sign: 1 | -1, levelsMax: number, lentMax: number) {
    this.#sign = sign;
    this.#levelsMax = levelsMax;
    this.#rowsMax = 2 * levelsMax;
    this.#lentMax = lentMax;
    this.#price = new Float64Array(this.#rowsMax + HOLES_MAX + 2 * ROOM).fill(NOWHERE);
    this.#qty = new Float64Array(this.#price.length);
    this.#places = new Int32Array(1 << (34 - Math.clz32(levelsMax)));
    this.price = new Float64Array(lentMax);
    this.qty = new Float64Array(lentMax);
  }

  clear(): void {
    this.#price.fill(NOWHERE);
    this.#from = ROOM;
    this.#to = ROOM;
    this.count = 0;
    this.lent = 0;
    this.edge = Number.NaN;
  }

  /** Takes a snapshot, best first. False where it is none: out of order, or of prices and sizes that cannot be. */
  reset(rows: readonly DepthRow[]): boolean {
    this.clear();
    const told = rows.slice(0, this.#levelsMax);
    let last = -Infinity;
    let step = Infinity;
    for (const [price, qty] of told) {
      const key = this.#sign * price;
      if (!(price > 0 && price < Infinity && qty > 0 && qty < Infinity && key > last)) return false;
      step = Math.min(step, key - last);
      last = key;
    }
    if (rows.length >= this.#levelsMax) this.edge = this.#sign * last;
    this.#step = step < Infinity ? step : 1;
    this.#lay(
      Float64Array.from(told, ([price]) => price),
      Float64Array.from(told, ([, qty]) => qty),
    );
    this.#lend();
    return true;
  }

  /** True where fewer rows are left than that, and there are others behind them that nobody told. */
  isShort(levels: number): boolean {
    return this.count < levels && !Number.isNaN(this.edge);
  }

  /** Sets the size of each price; zero removes it. What is beyond the edge is passed over. */
  apply(price: Float64Array, qty: Float64Array, rows: number): void {
    for (let from = 0; from < rows; from += ROOM) this.#change(price, qty, from, Math.min(rows, from + ROOM));
    if (this.#changedFrom < this.#lentTo || this.lent < this.#lentMax) this.#lend();
  }

  /**
   * Whether a row comes, goes or stays is not to be foretold, so nothing here branches on it: `Number` of a comparison
   * is an instruction where a choice is a jump.
   */
  #change(price: Float64Array, qty: Float64Array, from: number, to: number): void {
    const own = this.#price;
    const sizes = this.#qty;
    const places = this.#places;
    const mask = places.length - 1;
    const steps = 1 / this.#step;
    const sign = this.#sign;
    const edge = Number.isNaN(this.edge) ? Infinity : sign * this.edge;
    let changedFrom = own.length;
    let more = 0;
    for (let row = from; row < to; row++) {
      const told = price[row] as number;
      const size = qty[row] as number;
      let at = places[(told * steps + 0.5) & mask] as number;
      if (own[at] !== told) {
        if (sign * told > edge) continue;
        at = this.#place(told, size);
        if (at < 0) continue;
      }
      more += Number(size > 0) - Number((sizes[at] as number) > 0);
      sizes[at] = size;
      changedFrom = Math.min(at, changedFrom);
    }
    this.count += more;
    this.#changedFrom = Math.min(this.#changedFrom, changedFrom);
    if (this.count > this.#rowsMax || this.#to - this.#from - this.count > HOLES_MAX) this.#layAnew();
  }

  /** Where a price stands, if need be anew and with a size of zero; -1 where it goes and was not there. */
  #place(price: number, size: number): number {
    const guess = this.#places[(price * (1 / this.#step) + 0.5) & (this.#places.length - 1)] as number;
    let at = this.#find(this.#sign * price, guess);
    if (at < this.#to && this.#price[at] === price) {
      this.#remember(at, at + 1);
      return at;
    }
    if (!(size > 0)) return -1;
    at = this.#open(at);
    this.#price[at] = price;
    this.#qty[at] = 0;
    this.#remember(at, at + 1);
    return at;
  }

  /** The first place whose price is not better than the one of the key; near the guess it is found soonest. */
  #find(key: number, guess: number): number {
    const price = this.#price;
    const sign = this.#sign;
    let low = this.#from;
    let high = this.#to;
    if (guess >= low && guess < high) {
      let stride = 1;
      if (sign * (price[guess] as number) < key) {
        low = guess + 1;
        while (low + stride < high && sign * (price[low + stride] as number) < key) {
          low += stride + 1;
          stride *= 2;
        }
        high = Math.min(high, low + stride);
      } else {
        high = guess;
        while (high - stride > low && sign * (price[high - stride] as number) >= key) {
          high -= stride;
          stride *= 2;
        }
        low = Math.max(low, high - stride);
      }
    }
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sign * (price[middle] as number) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Makes a place free before the row at one, and gives it. */
  #open(at: number): number {
    for (let away = 0; away < NEAR; away++) {
      if (this.#isHole(at + away)) return this.#moveDown(at, at + away);
      if (this.#isHole(at - 1 - away)) return this.#moveUp(at - 1 - away, at);
    }
    const isNearBest = at - this.#from < this.#to - at;
    const isFull = this.#to === this.#price.length;
    return this.#from > 0 && (isNearBest || isFull) ? this.#moveUp(--this.#from, at) : this.#moveDown(at, this.#to++);
  }

  /** Whether a row may take the place of what is there. */
  #isHole(at: number): boolean {
    if (at < this.#from || at >= this.#to) return false;
    const qty = this.#qty[at] as number;
    return Number.isNaN(qty) || (qty === 0 && this.#to - this.#from - this.count > HOLES_KEPT);
  }

  /** Moves rows one place away from the best, from one on up to a hole. */
  #moveDown(from: number, hole: number): number {
    this.#price.copyWithin(from + 1, from, hole);
    this.#qty.copyWithin(from + 1, from, hole);
    this.#remember(from + 1, hole + 1);
    this.#changedFrom = Math.min(this.#changedFrom, from);
    return from;
  }

  /** Moves the rows between a hole and a place one place towards the best. */
  #moveUp(hole: number, to: number): number {
    this.#price.copyWithin(hole, hole + 1, to);
    this.#qty.copyWithin(hole, hole + 1, to);
    this.#remember(hole, to - 1);
    this.#changedFrom = Math.min(this.#changedFrom, hole);
    return to - 1;
  }

  /** Keeps where the prices stand now. */
  #remember(from: number, to: number): void {
    const places = this.#places;
    const mask = places.length - 1;
    const steps = 1 / this.#step;
    for (let at = from; at < to; at++) places[((this.#price[at] as number) * steps + 0.5) & mask] = at;
  }

  /** Lays the rows down anew, without those that went and without the worst ones above the bound. */
  #layAnew(): void {
    const rows = Math.min(this.count, this.#rowsMax);
    const price = new Float64Array(rows);
    const qty = new Float64Array(rows);
    let row = 0;
    for (let at = this.#from; row < rows; at++) {
      const size = this.#qty[at] as number;
      if (!(size > 0)) continue;
      price[row] = this.#price[at] as number;
      qty[row++] = size;
    }
    if (this.count > rows) this.edge = price[rows - 1] as number;
    this.#lay(price, qty);
  }

  /** Lays rows down, with a place between two of them where a price may come. */
  #lay(price: Float64Array, qty: Float64Array): void {
    this.#price.fill(NOWHERE);
    const wide = 1.5 * this.#step;
    let at = ROOM;
    let spare = SPARE_MAX;
    for (let row = 0; row < price.length; row++) {
      const own = price[row] as number;
      const before = price[row - 1] ?? own;
      if (spare > 0 && Math.abs(own - before) > wide) {
        this.#price[at] = (own + before) / 2;
        this.#qty[at++] = SPARE;
        spare--;
      }
      this.#price[at] = own;
      this.#qty[at++] = qty[row] as number;
    }
    this.#from = ROOM;
    this.#to = at;
    this.count = price.length;
    this.#remember(ROOM, at);
    this.#changedFrom = 0;
  }

  /** Copies the best rows for readers. */
  #lend(): void {
    const price = this.#price;
    const qty = this.#qty;
    const { price: prices, qty: sizes } = this;
    const lentMax = this.#lentMax;
    const to = this.#to;
    let from = this.#from;
    while (from < to && !((qty[from] as number) > 0)) from++;
    if (from - this.#from > AHEAD_MAX) {
      price.fill(NOWHERE, this.#from, from);
      this.#from = from;
    }
    let lent = 0;
    let at = from;
    for (; at < to && lent < lentMax; at++) {
      const size = qty[at] as number;
      prices[lent] = price[at] as number;
      sizes[lent] = size;
      lent += Number(size > 0);
    }
    this.lent = lent;
    this.#lentTo = at;
    this.#changedFrom = price.length;
  }
}
