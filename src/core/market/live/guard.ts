import type { BookTick } from '../../venue/exchange.ts';

/** Farther from what is known than this share is absurd until something else says the same. */
const FAR = 0.1;
/** Two sources say the same within this share, and within this time. */
const NEAR = 0.02;
const SUSPECT_MS = 10_000;
/** A mark older than this rules no more. */
const MARK_FRESH_MS = 15_000;

/** Who says a price. The quote and the book of a stream are one source. */
type Witness = 'book' | 'trade' | 'mark' | 'poll' | 'candle';

interface Suspect {
  price: number;
  at: number;
}

const isPrice = (value: number): boolean => value > 0 && value < Infinity;

/**
 * Refuses prices that cannot be: zero, negative, not finite, crossed, or more than 10 % off the mark. Without a mark the
 * last price is what they are measured by, and a second source that says the same moves it. `at` is monotonic ms.
 */
export class PriceGuard {
  /** Prices that were refused. */
  refused = 0;
  #mark = NaN;
  #markAt = Number.NEGATIVE_INFINITY;
  #last = NaN;
  readonly #suspects: Record<Witness, Suspect> = {
    book: { price: NaN, at: 0 },
    trade: { price: NaN, at: 0 },
    mark: { price: NaN, at: 0 },
    poll: { price: NaN, at: 0 },
    candle: { price: NaN, at: 0 },
  };

  /** Where prices are measured from before the first: the last close. */
  begin(price: number): void {
    this.#last = price;
  }

  quote(witness: 'book' | 'poll', bid: number, ask: number, at: number): boolean {
    if (!isPrice(bid) || !isPrice(ask) || bid > ask) return this.#refuse();
    return this.#judge(witness, (bid + ask) / 2, at);
  }

  trade(price: number, qty: number, at: number): boolean {
    if (!isPrice(price) || !isPrice(qty)) return this.#refuse();
    return this.#judge('trade', price, at);
  }

  mark(price: number, at: number): boolean {
    if (!isPrice(price)) return this.#refuse();
    if (!this.#isNear(this.#last, price) && !this.#isConfirmed('mark', price, at)) return this.#refuse();
    this.#mark = price;
    this.#markAt = at;
    return true;
  }

  /** A candle that closed is told whatever it says; as a witness it counts like the others. */
  candle(close: number, at: number): void {
    if (this.#isNear(this.#last, close) || this.#isConfirmed('candle', close, at)) this.#last = close;
  }

  /** The levels that are looked at; a side without any is told as it is. */
  book(tick: BookTick, levels: number, at: number): boolean {
    const bids = Math.min(tick.bids, levels);
    const asks = Math.min(tick.asks, levels);
    if (!areLevels(tick.bidPrice, tick.bidQty, bids, -1)) return this.#refuse();
    if (!areLevels(tick.askPrice, tick.askQty, asks, 1)) return this.#refuse();
    if (bids === 0 || asks === 0) return true;
    return this.quote('book', tick.bidPrice[0] as number, tick.askPrice[0] as number, at);
  }

  #judge(witness: Witness, price: number, at: number): boolean {
    const isMarked = at - this.#markAt <= MARK_FRESH_MS;
    if (!this.#isNear(isMarked ? this.#mark : this.#last, price)) {
      // Beside a fresh mark a crash of the book alone is no price, however many trade on it.
      if (!this.#isConfirmed(witness, price, at) || isMarked) return this.#refuse();
    }
    this.#last = price;
    return true;
  }

  #isNear(known: number, price: number): boolean {
    return !(Math.abs(price - known) > known * FAR);
  }

  #isConfirmed(witness: Witness, price: number, at: number): boolean {
    const own = this.#suspects[witness];
    own.price = price;
    own.at = at;
    for (const other of ['book', 'trade', 'mark', 'poll', 'candle'] as const) {
      const suspect = this.#suspects[other];
      if (other === witness || at - suspect.at > SUSPECT_MS) continue;
      if (Math.abs(suspect.price - price) <= price * NEAR) return true;
    }
    return false;
  }

  #refuse(): false {
    this.refused++;
    return false;
  }
}

/** Prices that get worse level by level, with something there. */
function areLevels(price: Float64Array, qty: Float64Array, count: number, sign: 1 | -1): boolean {
  for (let level = 0; level < count; level++) {
    if (!isPrice(price[level] as number) || !isPrice(qty[level] as number)) return false;
    if (level > 0 && ((price[level] as number) - (price[level - 1] as number)) * sign <= 0) return false;
  }
  return true;
}
