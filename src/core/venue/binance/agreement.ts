import type { BookTick, QuoteTick } from '../exchange.ts';

/** Whether book and quotes tell the same best prices, compared where their update ids allow it. */
export interface Agreement {
  quote(tick: QuoteTick): void;
  /** After each change of the book. True once they have disagreed for too long. */
  isBroken(book: BookTick, now: number): boolean;
  /** The book against the last quote, whatever their ids. */
  compare(book: BookTick): 'equal' | 'differs' | 'unknown';
  reset(): void;
}

const KEPT = 128;
const TIMES_MIN = 3;

/**
 * Quotes run ahead of the book by up to one of its frames: the quote that belongs to a book is the last one whose id is
 * not above the book's. Only where a younger quote is known too is it certain that nothing came between.
 */
export function createAgreement(lastingMs: number): Agreement {
  const ids = new Float64Array(KEPT).fill(Number.NaN);
  const bids = new Float64Array(KEPT).fill(Number.NaN);
  const asks = new Float64Array(KEPT).fill(Number.NaN);
  let count = 0;
  let since = Number.NaN;
  let times = 0;

  return {
    quote(tick) {
      const place = count % KEPT;
      ids[place] = tick.updateId;
      bids[place] = tick.bid;
      asks[place] = tick.ask;
      count += 1;
    },
    isBroken(book, now) {
      const place = belonging(book.updateId);
      if (place === undefined) return false;
      if (isEqual(book, place)) {
        since = Number.NaN;
        times = 0;
        return false;
      }
      if (Number.isNaN(since)) since = now;
      times += 1;
      return times >= TIMES_MIN && now - since >= lastingMs;
    },
    compare(book) {
      if (count === 0 || book.bids === 0 || book.asks === 0) return 'unknown';
      return isEqual(book, (count - 1) % KEPT) ? 'equal' : 'differs';
    },
    reset() {
      since = Number.NaN;
      times = 0;
    },
  };

  function belonging(updateId: number): number | undefined {
    const oldest = Math.max(0, count - KEPT);
    for (let index = count - 2; index >= oldest; index -= 1) {
      if ((ids[index % KEPT] as number) > updateId) continue;
      return (ids[(index + 1) % KEPT] as number) > updateId ? index % KEPT : undefined;
    }
    return undefined;
  }

  function isEqual(book: BookTick, place: number): boolean {
    return isClose(book.bidPrice[0], bids[place]) && isClose(book.askPrice[0], asks[place]);
  }
}

const isClose = (a = Number.NaN, b = Number.NaN): boolean => Math.abs(a - b) <= 1e-9 * Math.abs(b);
