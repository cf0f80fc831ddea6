import type { BookSnapshot, BookTick } from '../exchange.ts';
import { BookSide, LENT_MAX } from './book-side.ts';
import type { DiffTick } from './frames.ts';

/** So many levels must be left of a side whose other levels are not known. */
const REACH = 20;

/**
 * The book of one symbol, kept from a snapshot and diffs, after Binance's "How to manage a local order book correctly"
 * (USDS-M and spot).
 */
export interface Book {
  readonly symbol: string;
  /** True after a snapshot, until a diff does not follow, or crosses it. */
  readonly isWhole: boolean;
  /** Lent: the best rows of each side, without a hole. Empty while the book is not whole. */
  readonly tick: BookTick;
  /** Takes a snapshot. Where it is none (out of order, crossed) the book is not whole. */
  reset(snapshot: BookSnapshot, at: number): void;
  /**
   * `early`: older than what the book has, ignored. `gap`: it does not follow what the book has, or the price has left
   * the levels that the snapshot told; `crossed`: the best bid is not below the best ask. After those two the book is
   * empty, and wants a snapshot.
   */
  apply(diff: DiffTick): 'applied' | 'early' | 'gap' | 'crossed';
  clear(): void;
}

/**
 * `levelsMax`: as many levels of a side as a snapshot is asked for. One with fewer rows is taken for the whole side. Of
 * one with as many, only prices up to its last are kept: a level beyond is told when it changes and not before, so
 * there would be holes. Where the price moves so far that fewer than 20 levels are left, the book asks for a snapshot
 * (`gap`). A side keeps at most twice `levelsMax` rows. `lentMax`: so many of them, the best ones, the tick lends and
 * counts in `bids` and `asks`.
 */
export function createBook(symbol: string, levelsMax = 1_000, lentMax = LENT_MAX): Book {
  return new LocalBook(symbol, Math.max(1, levelsMax), Math.max(1, lentMax));
}

class LocalBook implements Book {
  readonly symbol: string;
  readonly tick: BookTick;
  isWhole = false;
  readonly #bids: BookSide;
  readonly #asks: BookSide;
  readonly #reach: number;
  /** No diff was applied yet since the snapshot. */
  #isFresh = false;

  constructor(symbol: string, levelsMax: number, lentMax: number) {
    this.symbol = symbol;
    this.#bids = new BookSide(-1, levelsMax, lentMax);
    this.#asks = new BookSide(1, levelsMax, lentMax);
    this.#reach = Math.max(1, Math.min(REACH, levelsMax >> 1));
    this.tick = {
      symbol,
      bidPrice: this.#bids.price,
      bidQty: this.#bids.qty,
      bids: 0,
      askPrice: this.#asks.price,
      askQty: this.#asks.qty,
      asks: 0,
      updateId: Number.NaN,
      venueAt: Number.NaN,
      at: Number.NaN,
    };
  }

  reset({ updateId, bids, asks }: BookSnapshot, at: number): void {
    const isSound = this.#bids.reset(bids) && this.#asks.reset(asks) && !this.#isCrossed();
    if (!isSound) {
      this.clear();
      return;
    }
    this.isWhole = true;
    this.#isFresh = true;
    this.#tell(updateId, Number.NaN, at);
  }

  apply(diff: DiffTick): 'applied' | 'early' | 'gap' | 'crossed' {
    if (!this.isWhole) return 'gap';
    if (diff.lastId <= this.tick.updateId) return 'early';
    if (!this.#follows(diff)) return this.#lose('gap');
    this.#bids.apply(diff.bidPrice, diff.bidQty, diff.bids);
    this.#asks.apply(diff.askPrice, diff.askQty, diff.asks);
    if (this.#isCrossed()) return this.#lose('crossed');
    if (this.#bids.isShort(this.#reach) || this.#asks.isShort(this.#reach)) return this.#lose('gap');
    this.#isFresh = false;
    this.#tell(diff.lastId, diff.venueAt, diff.at);
    return 'applied';
  }

  clear(): void {
    this.#bids.clear();
    this.#asks.clear();
    this.isWhole = false;
    this.#tell(Number.NaN, Number.NaN, Number.NaN);
  }

  /**
   * A diff tells all changes after `from`, so it follows where the book has everything up to there. On USDS-M that is
   * `pu`, since ids are shared by all symbols; on spot it is `U` - 1. One that begins earlier follows as well: sizes
   * are what rests, not what was added, and two connections need not cut the stream at the same ids.
   */
  #follows({ firstId, prevId }: DiffTick): boolean {
    const last = this.tick.updateId;
    if (Number.isNaN(prevId) || this.#isFresh) return firstId <= last + 1 || prevId <= last;
    return prevId <= last;
  }

  #isCrossed(): boolean {
    const isTwoSided = this.#bids.count > 0 && this.#asks.count > 0;
    return isTwoSided && (this.#bids.price[0] as number) >= (this.#asks.price[0] as number);
  }

  #lose<Why extends 'gap' | 'crossed'>(why: Why): Why {
    this.clear();
    return why;
  }

  #tell(updateId: number, venueAt: number, at: number): void {
    const { tick } = this;
    tick.bids = this.#bids.lent;
    tick.asks = this.#asks.lent;
    tick.updateId = updateId;
    tick.venueAt = venueAt;
    tick.at = at;
  }
}
