import type { DepthRow } from '../../domain/frame.ts';
import type { QuoteInput, TradeRow } from '../../domain/input.ts';
import type { BookTick, PolledQuote, QuoteTick, TradeTick } from '../../venue/exchange.ts';
import type { LiveInput, Unstamped } from '../feed.ts';

/** Levels of a book that an engine is told. */
export const BOOK_LEVELS = 20;
/** From so many rows on, trades of one price and side in a row are told as one: nothing of them is lost. */
const ROWS_KEPT = 4_096;

const told = (qty: number | null): number =>
  qty !== null && qty >= 0 && qty < Infinity ? qty : Number.POSITIVE_INFINITY;

/** The newest bid and ask of a symbol. Prices are NaN before the first, sizes Infinity where they are not told. */
export class LatestQuote {
  readonly #symbol: string;
  bid = NaN;
  ask = NaN;
  bidQty = Number.POSITIVE_INFINITY;
  askQty = Number.POSITIVE_INFINITY;
  source: 'stream' | 'rest' = 'stream';
  lagMs: number | undefined;
  /** Our instant and the venue's; NaN before the first and where it is not told. */
  at = NaN;
  venueAt = NaN;
  #updateId = 0;
  /** The venue's instant of the stream's last one: polls date theirs in other ways. */
  #streamAt = NaN;

  constructor(symbol: string) {
    this.#symbol = symbol;
  }

  /** Whether a tick is older than the one before it. */
  isOld(tick: Pick<QuoteTick, 'updateId' | 'venueAt'>): boolean {
    return (tick.updateId > 0 && tick.updateId <= this.#updateId) || tick.venueAt < this.#streamAt;
  }

  /** A new connection numbers and dates anew. */
  forget(): void {
    this.#updateId = 0;
    this.#streamAt = NaN;
  }

  /** Takes the stream's; `at` is our instant. */
  stream(tick: QuoteTick, at: number, lagMs: number | undefined): void {
    this.#updateId = tick.updateId;
    this.#streamAt = tick.venueAt;
    this.#set(tick.bid, tick.ask, told(tick.bidQty), told(tick.askQty), tick.venueAt, at, lagMs);
    this.source = 'stream';
  }

  /** Takes REST's. */
  poll(quote: PolledQuote, at: number, lagMs: number | undefined): void {
    this.#set(quote.bid, quote.ask, told(quote.bidQty), told(quote.askQty), quote.venueAt ?? NaN, at, lagMs);
    this.source = 'rest';
  }

  /** The book says that the last quote still holds. */
  renew(venueAt: number, at: number, lagMs: number | undefined): void {
    this.venueAt = venueAt;
    this.at = at;
    this.lagMs = lagMs;
  }

  input(): Unstamped<QuoteInput> {
    const { bid, ask, bidQty, askQty, source, lagMs } = this;
    const quote = { kind: 'quote', symbol: this.#symbol, bid, ask, bidQty, askQty, source } as const;
    return lagMs === undefined ? quote : { ...quote, lagMs };
  }

  #set(
    bid: number,
    ask: number,
    bidQty: number,
    askQty: number,
    venueAt: number,
    at: number,
    lagMs: number | undefined,
  ): void {
    this.bid = bid;
    this.ask = ask;
    this.bidQty = bidQty;
    this.askQty = askQty;
    this.venueAt = venueAt;
    this.at = at;
    this.lagMs = lagMs;
  }
}

/** The newest book of a symbol, as far as it is looked at. */
export class LatestBook {
  readonly #symbol: string;
  readonly #bidPrice = new Float64Array(BOOK_LEVELS);
  readonly #bidQty = new Float64Array(BOOK_LEVELS);
  readonly #askPrice = new Float64Array(BOOK_LEVELS);
  readonly #askQty = new Float64Array(BOOK_LEVELS);
  #bids = 0;
  #asks = 0;
  #isKnown = false;

  constructor(symbol: string) {
    this.#symbol = symbol;
  }

  /** Copies the levels that are looked at: the tick is lent. */
  set(tick: BookTick): void {
    this.#bids = Math.min(tick.bids, BOOK_LEVELS);
    this.#asks = Math.min(tick.asks, BOOK_LEVELS);
    copy(tick.bidPrice, this.#bidPrice, this.#bids);
    copy(tick.bidQty, this.#bidQty, this.#bids);
    copy(tick.askPrice, this.#askPrice, this.#asks);
    copy(tick.askQty, this.#askQty, this.#asks);
    this.#isKnown = true;
  }

  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** Without levels until the next one. */
  forget(): void {
    this.#isKnown = false;
  }

  /** Whether these are its best prices. */
  agrees(bid: number, ask: number): boolean {
    return this.#bids > 0 && this.#asks > 0 && this.#bidPrice[0] === bid && this.#askPrice[0] === ask;
  }

  /** The best levels; null where no book is known. */
  depth(levels: number): { readonly bids: readonly DepthRow[]; readonly asks: readonly DepthRow[] } | null {
    if (!this.#isKnown) return null;
    return {
      bids: rowsOf(this.#bidPrice, this.#bidQty, Math.min(this.#bids, levels)),
      asks: rowsOf(this.#askPrice, this.#askQty, Math.min(this.#asks, levels)),
    };
  }

  input(): LiveInput {
    const { bids, asks } = this.depth(BOOK_LEVELS) ?? { bids: [], asks: [] };
    return { kind: 'book', symbol: this.#symbol, bids, asks };
  }
}

/** Trades until somebody takes them. */
export class GatheredTrades {
  readonly #symbol: string;
  #rows: TradeRow[] = [];

  constructor(symbol: string) {
    this.#symbol = symbol;
  }

  get length(): number {
    return this.#rows.length;
  }

  add({ price, qty, sign }: TradeTick): void {
    const last = this.#rows.length < ROWS_KEPT ? undefined : this.#rows.at(-1);
    if (last?.[0] !== price || last[2] !== sign) this.#rows.push([price, qty, sign]);
    else this.#rows[this.#rows.length - 1] = [price, last[1] + qty, sign];
  }

  input(): LiveInput {
    const rows = this.#rows;
    this.#rows = [];
    return { kind: 'trades', symbol: this.#symbol, rows };
  }
}

function copy(from: Float64Array, into: Float64Array, count: number): void {
  for (let level = 0; level < count; level++) into[level] = from[level] as number;
}

function rowsOf(price: Float64Array, qty: Float64Array, count: number): readonly DepthRow[] {
  const rows: DepthRow[] = [];
  for (let level = 0; level < count; level++) rows.push([price[level] as number, qty[level] as number]);
  return rows;
}
