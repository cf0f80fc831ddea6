import type { DepthBook, Listing, MarketFrame, MarkRow, SandboxClock, SandboxMarket, TradePrint } from '../market.ts';
import { fixed } from './amount.ts';
import type { Message, Settlement, Source } from './message.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from './span.ts';
import { SymbolState } from './symbol.ts';
import { markData } from './words.ts';

/** How often derived streams speak, in ms of the wall clock. */
const PARTIAL_MS = 100;
const FORMING_MS = 250;
const DAY_STATS_MS = 1_000;
/** Marks come every second of the market, and no nearer on the wall clock: who plays fast needs fresh ones, too. */
const DAY_STATS_WALL_MS = 50;
const MARK_SLOW_EVERY = 3;
const RATE = '0.00010000';

/** How time passes: so many ms of market time in one of the wall clock. */
export interface Pace {
  readonly clock: SandboxClock;
  readonly speed: number;
}

/** A market that plays what a source tells, as its clock passes. */
export class PlayedMarket implements SandboxMarket {
  readonly kind: 'usdm' | 'spot';
  readonly listings: readonly Listing[];
  readonly speed: number;
  readonly #source: Source;
  readonly #clock: SandboxClock;
  readonly #openedAt: number;
  readonly #symbols = new Map<string, SymbolState>();
  readonly #listeners = new Set<(frame: MarketFrame) => void>();
  readonly #messages: Iterator<Message>;
  readonly #timers: { dueAt: number; readonly everyMs: number; readonly run: (at: number) => void }[];
  readonly #closings: number[] = [];
  #next: Message | undefined;
  #marksTold = 0;
  #isPlaying = false;

  constructor(source: Source, { clock, speed }: Pace) {
    this.kind = source.kind;
    this.listings = source.listings;
    this.speed = speed;
    this.#source = source;
    this.#clock = clock;
    this.#openedAt = clock.wall();
    for (const listing of source.listings) this.#symbols.set(listing.id, this.#stateOf(listing));
    this.#messages = source.messages();
    this.#take();
    const beganAt = Math.min(this.#next?.dueAt ?? source.startAt, source.startAt);
    this.#timers = this.#timersFrom(beganAt);
    this.play();
  }

  now(): number {
    return Math.floor(this.#source.startAt + (this.#clock.wall() - this.#openedAt) * this.speed);
  }

  klines: SandboxMarket['klines'] = (id, intervalMs, query) =>
    this.#symbols.get(id)?.klines.query(intervalMs, query, this.now()) ?? [];

  depth(id: string, levels: number): DepthBook {
    const book = this.#symbols.get(id)?.book;
    if (book === undefined) return { lastUpdateId: 0, eventAt: this.now(), bids: [], asks: [] };
    const { lastUpdateId, eventAt } = book;
    return { lastUpdateId, eventAt, bids: book.bids.slice(0, levels), asks: book.asks.slice(0, levels) };
  }

  trades(id: string, { limit, fromId }: { readonly limit: number; readonly fromId?: number }): readonly TradePrint[] {
    const all = this.#symbols.get(id)?.trades ?? [];
    if (fromId === undefined) return limit <= 0 ? [] : all.slice(-limit);
    const first = all.findIndex((trade) => trade.id >= fromId);
    return first < 0 ? [] : all.slice(first, first + limit);
  }

  mark(id: string): MarkRow | undefined {
    return this.#markAt(id, this.now());
  }

  #markAt(id: string, now: number): MarkRow | undefined {
    const symbol = this.#symbols.get(id);
    if (symbol === undefined || this.kind === 'spot') return undefined;
    const told = this.#source.mark?.(id, now);
    const last = symbol.last?.price ?? symbol.book.bids[0]?.[0];
    if (told === undefined && last === undefined) return undefined;
    const everyMs = symbol.listing.fundingHours * HOUR_MS;
    const nextFundingAt = everyMs === 0 ? 0 : (Math.floor(now / everyMs) + 1) * everyMs;
    const price = last ?? '0';
    return { mark: price, index: price, fundingRate: RATE, ...told, nextFundingAt, at: now };
  }

  funding: SandboxMarket['funding'] = (id, { startAt, endAt, limit }) => {
    const symbol = this.#symbols.get(id);
    const oldest = symbol?.klines.oldestAt;
    if (symbol === undefined || oldest === undefined || symbol.listing.fundingHours === 0) return [];
    const to = Math.min(endAt ?? this.now(), this.now());
    const from = Math.max(startAt ?? oldest, oldest);
    const rows = this.#source.funding?.(id, from, to) ?? this.#usualFunding(symbol, from, to);
    return startAt === undefined ? rows.slice(-limit) : rows.slice(0, limit);
  };

  onFrame(listener: (frame: MarketFrame) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  play(): void {
    // A listener may ask for the market's time, and so for a play, in the middle of one.
    if (this.#isPlaying) return;
    this.#isPlaying = true;
    const now = this.now();
    try {
      while (this.#step(now));
    } finally {
      this.#isPlaying = false;
    }
  }

  /** Does what is due first; false where nothing is. A timer comes before a message of the same instant. */
  #step(now: number): boolean {
    const timer = this.#timers.reduce((first, other) => (other.dueAt < first.dueAt ? other : first));
    const message = this.#next;
    if (message !== undefined && message.dueAt < timer.dueAt) {
      if (message.dueAt > now) return false;
      this.#hear(message);
      return true;
    }
    if (timer.dueAt > now) return false;
    const at = timer.dueAt;
    timer.dueAt += timer.everyMs;
    timer.run(at);
    return true;
  }

  #hear(message: Message): void {
    this.#take();
    const symbol = this.#symbols.get(message.id);
    if (symbol === undefined) return;
    symbol.hear(message);
    if (message.kind === 'trade' && this.#closings.length > 0) this.#closeDue(message.dueAt);
  }

  #take(): void {
    const next = this.#messages.next();
    this.#next = next.done === true ? undefined : next.value;
  }

  #timersFrom(at: number): { dueAt: number; everyMs: number; run: (at: number) => void }[] {
    const slow = Math.max(1, this.speed);
    const timer = (everyMs: number, run: (at: number) => void) => ({
      dueAt: (Math.floor(at / everyMs) + 1) * everyMs,
      everyMs,
      run,
    });
    const closeMs = this.kind === 'spot' ? SECOND_MS : MINUTE_MS;
    const each = (run: (symbol: SymbolState, now: number) => void) => (now: number) => {
      for (const symbol of this.#symbols.values()) run(symbol, now);
    };
    return [
      timer(closeMs, (now) => {
        this.#closings.push(now);
        this.#closeDue(now);
      }),
      timer(Math.round(PARTIAL_MS * slow), (now) => {
        if (this.#closings.length > 0) this.#closeDue(now);
        each((symbol) => symbol.tellBook(now))(now);
      }),
      timer(
        Math.round(FORMING_MS * slow),
        each((symbol, now) => symbol.tellForming(now)),
      ),
      timer(Math.round(Math.max(DAY_STATS_MS, DAY_STATS_WALL_MS * slow)), (now) => this.#tellEach(now)),
    ];
  }

  /** Candles close when no trade of them can come any more. */
  #closeDue(now: number): void {
    for (let closedAt = this.#closings[0]; closedAt !== undefined; closedAt = this.#closings[0]) {
      const isLate = now >= closedAt + this.#source.lateMs;
      for (const symbol of this.#symbols.values()) {
        if (isLate || symbol.hasTradeFrom(closedAt)) symbol.tellClosed(closedAt, now);
      }
      if (!isLate) return;
      this.#closings.shift();
    }
  }

  #tellEach(now: number): void {
    const tickers: string[] = [];
    const minis: string[] = [];
    const marks: string[] = [];
    const isSlowDue = this.#marksTold++ % MARK_SLOW_EVERY === 0;
    for (const symbol of this.#symbols.values()) {
      const day = symbol.tellDay(now);
      if (day !== undefined) {
        tickers.push(day[0]);
        minis.push(day[1]);
      }
      const mark = this.#tellMark(symbol.listing.id, now, isSlowDue);
      if (mark !== undefined) marks.push(mark);
    }
    this.#emit({ stream: '!ticker@arr', data: `[${tickers.join(',')}]` });
    this.#emit({ stream: '!miniTicker@arr', data: `[${minis.join(',')}]` });
    if (this.kind === 'spot') return;
    this.#emit({ stream: '!markPrice@arr@1s', data: `[${marks.join(',')}]` });
    if (isSlowDue) this.#emit({ stream: '!markPrice@arr', data: `[${marks.join(',')}]` });
  }

  #tellMark(id: string, now: number, isSlowDue: boolean): string | undefined {
    const row = this.#markAt(id, now);
    if (row === undefined) return undefined;
    const data = markData(id, now, row);
    this.#emit({ stream: `${id.toLowerCase()}@markPrice@1s`, data });
    if (isSlowDue) this.#emit({ stream: `${id.toLowerCase()}@markPrice`, data });
    return data;
  }

  #usualFunding({ listing, klines, format }: SymbolState, from: number, to: number): readonly Settlement[] {
    const everyMs = listing.fundingHours * HOUR_MS;
    const rows: Settlement[] = [];
    for (let at = Math.ceil(from / everyMs) * everyMs; at <= to; at += everyMs) {
      const price = klines.whole(at - everyMs, at)?.close;
      if (price !== undefined) rows.push({ at, rate: RATE, mark: fixed(price, format.price) });
    }
    return rows;
  }

  #stateOf(listing: Listing): SymbolState {
    const format = this.#source.formats.get(listing.id) ?? { price: 8, qty: 8, quote: 8 };
    return new SymbolState(this.kind, listing, format, this.#source.history(listing.id), (frame) => this.#emit(frame));
  }

  #emit(frame: MarketFrame): void {
    for (const listener of this.#listeners) listener(frame);
  }
}
