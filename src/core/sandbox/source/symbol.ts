import { parse } from '../../base/decimal.ts';
import type { Listing, MarketFrame, TradePrint } from '../market.ts';
import type { Format } from './amount.ts';
import { Book, changesOf } from './book.ts';
import type { Deal, History } from './cell.ts';
import { Day } from './day.ts';
import { INTERVALS, nextOpenOf, openOf } from './interval.ts';
import { Klines } from './klines.ts';
import type { Message } from './message.ts';
import { SECOND_MS } from './span.ts';
import {
  aggTradeData,
  continuousData,
  depthData,
  klineData,
  miniTickerData,
  partialDepthData,
  tickerData,
} from './words.ts';

const TRADES_KEPT = 20_000;
const SCALE = 10n ** 18n;
/** The recorded diffs serve every speed: the chain of ids is unbroken in each. */
const DEPTH_SPEEDS = { usdm: ['', '@0ms', '@100ms', '@250ms', '@500ms'], spot: ['', '@100ms', '@1000ms'] } as const;
const PARTIAL_SPEEDS = { usdm: ['', '@0ms', '@100ms', '@250ms', '@500ms'], spot: ['', '@100ms'] } as const;

type Emit = (frame: MarketFrame) => void;

interface DepthMessage {
  readonly E?: number;
  readonly U: number;
  readonly u: number;
  readonly pu?: number;
  readonly b: readonly (readonly [string, string])[];
  readonly a: readonly (readonly [string, string])[];
}

/** One symbol as it is played: its book, trades and candles, and the frames that they make. */
export class SymbolState {
  readonly listing: Listing;
  readonly format: Format;
  readonly book: Book = new Book();
  readonly klines: Klines;
  readonly trades: TradePrint[] = [];
  readonly #kind: 'usdm' | 'spot';
  readonly #name: string;
  readonly #emit: Emit;
  readonly #day: Day;
  readonly #closedAt = new Map<string, number>();
  #previousId = 0;
  #isBookNew = false;
  #areTradesNew = false;

  constructor(kind: 'usdm' | 'spot', listing: Listing, format: Format, history: History | undefined, emit: Emit) {
    this.listing = listing;
    this.format = format;
    this.#kind = kind;
    this.#name = listing.id.toLowerCase();
    this.#emit = emit;
    this.klines = new Klines(format, history);
    this.#day = new Day(this.klines, format);
  }

  get last(): TradePrint | undefined {
    return this.trades.at(-1);
  }

  hear(message: Message): void {
    switch (message.kind) {
      case 'quote':
        this.#send('bookTicker', message.data);
        this.#emit({ stream: '!bookTicker', data: message.data });
        return;
      case 'trade':
        this.#hearTrade(message.data, message.dueAt);
        return;
      case 'depth':
        this.#hearDepth(message.data, JSON.parse(message.data), message.dueAt);
        return;
      case 'snapshot':
        this.book.replace(JSON.parse(message.data), message.dueAt);
        return;
      case 'bridge':
        this.#hearBridge(message);
        return;
      case 'still':
        this.klines.still(message.cell);
        this.#areTradesNew = true;
    }
  }

  /** The best levels, where the book has changed since. */
  tellBook(now: number): void {
    if (!this.#isBookNew) return;
    this.#isBookNew = false;
    const { lastUpdateId } = this.book;
    const of = { id: this.listing.id, at: now, previousId: this.#previousId, lastUpdateId };
    this.#previousId = lastUpdateId;
    for (const levels of [5, 10, 20]) {
      const bids = this.book.bids.slice(0, levels);
      const data = partialDepthData(this.#kind, of, bids, this.book.asks.slice(0, levels));
      for (const speed of PARTIAL_SPEEDS[this.#kind]) this.#send(`depth${levels}${speed}`, data);
    }
  }

  /** The forming candles, where trades have changed them since. */
  tellForming(now: number): void {
    if (!this.#areTradesNew) return;
    this.#areTradesNew = false;
    for (const [interval, intervalMs] of Object.entries(INTERVALS)) {
      const openAt = openOf(intervalMs, now);
      // A candle whose end has passed is told once more, as closed.
      if (intervalMs > SECOND_MS || this.#kind === 'spot') this.#tellKline(interval, intervalMs, openAt, now, false);
    }
  }

  /** Candles that ended at an instant, each once. */
  tellClosed(closedAt: number, now: number): void {
    for (const [interval, intervalMs] of Object.entries(INTERVALS)) {
      if (intervalMs === SECOND_MS && this.#kind === 'usdm') continue;
      if (openOf(intervalMs, closedAt) !== closedAt || this.#closedAt.get(interval) === closedAt) continue;
      const openAt = openOf(intervalMs, closedAt - 1);
      this.#closedAt.set(interval, closedAt);
      this.#tellKline(interval, intervalMs, openAt, now, true);
    }
  }

  /** Whether a trade of that instant or later is known: no earlier one can come. */
  hasTradeFrom(at: number): boolean {
    return (this.last?.at ?? 0) >= at;
  }

  /** [ticker, miniTicker] of the last 24 hours, streamed, too. */
  tellDay(now: number): readonly [ticker: string, mini: string] | undefined {
    const day = this.#day.stats(now, this.last?.qty ?? '0');
    if (day === undefined) return undefined;
    const [bid, ask] = [this.book.bids[0], this.book.asks[0]];
    const best = this.#kind === 'spot' && bid !== undefined && ask !== undefined ? { bid, ask } : undefined;
    const ticker = tickerData(this.listing.id, now, day, best);
    const mini = miniTickerData(this.listing.id, now, day);
    this.#send('ticker', ticker);
    this.#send('miniTicker', mini);
    return [ticker, mini];
  }

  #tellKline(interval: string, intervalMs: number, openAt: number, eventAt: number, isClosed: boolean): void {
    const cell = this.klines.at(intervalMs, openAt);
    if (cell === undefined || (!isClosed && nextOpenOf(intervalMs, openAt) <= eventAt)) return;
    const kline = this.klines.kline(intervalMs, cell);
    const of = { kind: this.#kind, id: this.listing.id, interval, eventAt, kline, cell, isClosed };
    this.#send(`kline_${interval}`, klineData(of));
    if (this.#kind === 'usdm') {
      this.#emit({ stream: `${this.#name}_perpetual@continuousKline_${interval}`, data: continuousData(of) });
    }
  }

  #hearTrade(data: string, dueAt: number): void {
    const { t, p, q, T, m } = JSON.parse(data) as { t: number; p: string; q: string; T: number; m: boolean };
    const [price, qty] = [parse(p), parse(q)];
    const deal: Deal = { id: t, at: T, price, qty, quote: (price * qty) / SCALE, isBuyerMaker: m };
    const print: TradePrint = { id: t, price: p, qty: q, at: T, isBuyerMaker: m };
    this.trades.push(print);
    if (this.trades.length > 2 * TRADES_KEPT) this.trades.splice(0, TRADES_KEPT);
    this.klines.add(deal);
    this.#areTradesNew = true;
    this.#send('trade', data);
    this.#send('aggTrade', aggTradeData(this.#kind, this.listing.id, dueAt, print));
  }

  #hearDepth(data: string, diff: DepthMessage, dueAt: number): void {
    this.book.apply(diff, diff.E ?? dueAt);
    this.#isBookNew = true;
    for (const speed of DEPTH_SPEEDS[this.#kind]) this.#send(`depth${speed}`, data);
  }

  #hearBridge(message: Extract<Message, { kind: 'bridge' }>): void {
    const to = JSON.parse(message.data);
    const ids = { firstId: message.firstId, lastId: message.lastId, previousId: this.book.lastUpdateId };
    const [bids, asks] = [changesOf(this.book.bids, to.bids), changesOf(this.book.asks, to.asks)];
    const data = depthData(this.#kind, { id: this.listing.id, at: message.dueAt, ...ids }, bids, asks);
    this.#hearDepth(data, JSON.parse(data), message.dueAt);
  }

  #send(stream: string, data: string): void {
    this.#emit({ stream: `${this.#name}@${stream}`, data });
  }
}
