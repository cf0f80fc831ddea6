import { digitsOf } from '../../base/decimal.ts';
import type {
  BookTick,
  CandleTick,
  Channel,
  ChannelChange,
  ChannelState,
  MarkTick,
  PolledQuote,
  QuoteTick,
  TradeTick,
  VenueMarket,
} from '../../venue/exchange.ts';
import { isVenueProblem } from '../../venue/exchange.ts';
import type { LiveFacts, LiveInput, Opened } from '../feed.ts';
import { CandleLine } from './candles.ts';
import { FundingLine } from './funding.ts';
import { PriceGuard } from './guard.ts';
import { BOOK_LEVELS, GatheredTrades, LatestBook, LatestQuote } from './latest.ts';
import type { Markets } from './markets.ts';
import { TIMEFRAME_MS } from './options.ts';
import { Lane, type Outbox } from './outbox.ts';
import type { Present } from './present.ts';
import { CandleProof } from './proof.ts';
import type { Questions } from './questions.ts';
import { ClosedRows } from './rows.ts';
import { Source } from './source.ts';

const QUOTE_EVERY_MS = 50;
const BOOK_EVERY_MS = 100;
const DEPTH_SHOWN = 10;
/** A mark that is older is asked for. */
const MARK_AFTER_MS = 3_000;
/** So long a quote is told by itself before the book vouches for it. */
const VOUCH_EVERY_MS = 500;
/** A quote that was under way for longer shows no life. */
const LAG_MS_MAX = 5_000;

/** What the symbols of a feed share. */
export interface SymbolSurroundings {
  readonly present: Present;
  readonly questions: Questions;
  readonly outbox: Outbox;
  readonly markets: Markets;
  /** Channels that the stream has; all false where there is none. */
  readonly streams: { readonly [channel in Channel]: boolean };
  log(text: string): void;
}

/** One open symbol: what comes of it from stream and REST, held to what can be, conflated, and told. */
export class SymbolFeed {
  readonly symbol: string;
  readonly rows = new ClosedRows();
  readonly guard = new PriceGuard();
  readonly #with: SymbolSurroundings;
  readonly #market: VenueMarket;
  readonly #quote: LatestQuote;
  readonly #book: LatestBook;
  readonly #trades: GatheredTrades;
  readonly #proof: CandleProof;
  readonly #source: Source;
  readonly #candles: CandleLine;
  readonly #funding: FundingLine;
  readonly #lanes: { readonly quote: Lane; readonly book: Lane; readonly mark: Lane; readonly trades: Lane };
  readonly #allLanes: readonly Lane[];
  readonly #states = new Map<Channel, ChannelState>();
  #last = NaN;
  #mark = NaN;
  #markAt = NaN;
  #markVenueAt = NaN;
  #markedAt: number;
  #bookId = 0;
  #quotedAt = Number.NEGATIVE_INFINITY;
  #isPolling = false;
  #polledAt: number | null = null;
  #hasPolledMark = true;
  #isEnded = false;

  constructor(surroundings: SymbolSurroundings, market: VenueMarket, opened: Opened) {
    const { present, outbox } = surroundings;
    const { symbol } = market;
    this.#with = surroundings;
    this.#market = market;
    this.symbol = symbol;
    this.#quote = new LatestQuote(symbol);
    this.#book = new LatestBook(symbol);
    this.#trades = new GatheredTrades(symbol);
    this.#proof = new CandleProof(market.instrument === undefined ? 8 : digitsOf(market.instrument.step));
    this.#lanes = {
      quote: new Lane(QUOTE_EVERY_MS, () => this.#quote.input()),
      book: new Lane(BOOK_EVERY_MS, () => this.#book.input()),
      mark: new Lane(BOOK_EVERY_MS, () => ({ kind: 'mark', symbol, price: this.#mark })),
      trades: new Lane(BOOK_EVERY_MS, () => this.#trades.input()),
    };
    this.#allLanes = Object.values(this.#lanes);
    const put = (input: LiveInput): void => {
      if (!this.#isEnded) outbox.put(input, this.#allLanes);
    };
    this.#markedAt = present.mono();
    this.#source = new Source(surroundings.streams.quote, present.mono(), (state, why) => {
      put({ kind: 'feed', symbol, state, source: this.#source.current, why });
      if (state === 'connected') this.#candles.resume();
      // A market that halts falls silent first, and one that trades again gives first.
      const isHalted = surroundings.markets.get(symbol)?.status !== 'trading';
      const isSilent = state === 'stale' || (state === 'switched' && this.#source.current === 'rest');
      if (isSilent || (state === 'connected' && isHalted)) surroundings.markets.expire();
    });
    this.#candles = this.#lineFrom(opened, put);
    const settledAt = opened.funding.at(-1)?.at ?? present.venueNow();
    this.#funding = new FundingLine({ ...surroundings, symbol, put }, settledAt, market.fundingMs);
  }

  /** Whether quotes come over REST now. */
  get isPolled(): boolean {
    return this.#source.current === 'rest';
  }

  /** Whether no channel of the stream is silent or lost. */
  get isStreaming(): boolean {
    const isBad = (state: ChannelState | undefined): boolean => state === 'lost' || state === 'silent';
    return ![...this.#states.values()].some(isBad);
  }

  /** When REST gave a quote last, of the wall clock. */
  get polledAt(): number | null {
    return this.#polledAt;
  }

  /** Whether candles are asked over REST because no stream gives them. */
  get areCandlesPolled(): boolean {
    return !this.#isLive('candle');
  }

  /** Best prices of the stream; dropped where they are old, cannot be, or the stream is not trusted again yet. */
  quote(tick: QuoteTick): void {
    const { present, outbox } = this.#with;
    const at = present.mono();
    if (this.#quote.isOld(tick) || !this.guard.quote('book', tick.bid, tick.ask, at)) return;
    const lagMs = present.lagMs(tick.venueAt);
    if (this.#isAlive(lagMs) ? !this.#source.streamGave(at) : this.isPolled) return;
    this.#quotedAt = at;
    this.#quote.stream(tick, present.now(), lagMs);
    outbox.offer(this.#lanes.quote);
  }

  /** The book after a change; it vouches for a quote that does not change. */
  book(tick: BookTick): void {
    const { present, outbox } = this.#with;
    if (tick.updateId > 0 && tick.updateId <= this.#bookId) return;
    if (!this.guard.book(tick, BOOK_LEVELS, present.mono())) return;
    this.#bookId = tick.updateId;
    this.#book.set(tick);
    outbox.offer(this.#lanes.book);
    this.#vouch(tick.venueAt);
  }

  /** A trade of others, each once: none is dropped but one that cannot be. */
  trade(tick: TradeTick): void {
    if (!this.guard.trade(tick.price, tick.qty, this.#with.present.mono())) return;
    if (!this.#proof.trade(tick)) return;
    this.#last = tick.price;
    this.#trades.add(tick);
    this.#with.outbox.offer(this.#lanes.trades);
  }

  /** A candle that forms or closed. */
  candle(tick: CandleTick): void {
    this.#candles.tick(tick);
  }

  /** The mark, and what it says of the next settlement. */
  mark(tick: MarkTick): void {
    if (tick.venueAt < this.#markVenueAt) return;
    if (this.#takeMark(tick.price, tick.venueAt)) this.#funding.tell(tick);
  }

  /** What the stream says of one of its channels. */
  changed({ channel, state, why }: ChannelChange): void {
    this.#states.set(channel, state);
    const isGone = state === 'lost' || state === 'silent';
    if (channel === 'quote') {
      if (state === 'lost') this.#quote.forget();
      this.#source.changed(state, why, this.#with.present.mono());
    }
    if (channel === 'mark' && state === 'lost') this.#markVenueAt = NaN;
    if (channel === 'book' && isGone) {
      this.#bookId = 0;
      // An old book is none: it is told without levels.
      const wasKnown = this.#book.isKnown;
      this.#book.forget();
      if (wasKnown) this.#with.outbox.offer(this.#lanes.book);
    }
    if (channel === 'trade' && isGone) this.#proof.forget();
    if (channel === 'candle') this.#candles.watch();
  }

  /** Called every second. */
  watch(): void {
    this.#source.watch(this.#with.present.mono());
    this.#candles.watch();
    if (this.#market.type === 'perpetual') this.#funding.watch();
    if (this.#wantsPoll() && !this.#isPolling && !this.#with.questions.isSilent) void this.#poll();
  }

  /** Nobody wants it any more: it tells nothing, whatever is still under way. */
  end(): void {
    this.#isEnded = true;
    this.#candles.end();
    this.#with.outbox.drop(this.#allLanes);
  }

  /** After a suspend: quotes are stale until fresh ones come, and candles are asked for. */
  wake(): void {
    this.#source.wake(this.#with.present.mono());
    this.#candles.watch();
  }

  /** What screens show, made anew at each call. */
  facts(): LiveFacts {
    const { present, markets } = this.#with;
    const known = (value: number): number | null => (Number.isFinite(value) ? value : null);
    const { bid, ask, bidQty, askQty, at, venueAt } = this.#quote;
    const last = Number.isFinite(this.#last) ? this.#last : (this.rows.all.at(-1)?.[4] ?? NaN);
    return {
      source: this.#source.current,
      isSimulated: false,
      bid: known(bid),
      ask: known(ask),
      bidQty: known(bidQty),
      askQty: known(askQty),
      mid: known((bid + ask) / 2),
      // Polls tell no trades and no book: what the stream told last is not shown as if it were of now.
      last: this.isPolled ? null : known(last),
      quoteAt: known(at),
      mark: known(this.#mark),
      markAt: known(this.#markAt),
      fundingRate: this.#funding.rate,
      nextFundingAt: this.#funding.nextAt,
      change: this.rows.change(last, present.venueNow()),
      depth: this.isPolled ? null : this.#book.depth(DEPTH_SHOWN),
      timeframeMs: TIMEFRAME_MS,
      forming: this.#candles.forming,
      venueAt: known(venueAt),
      status: markets.get(this.symbol)?.status ?? this.#market.status,
      fundingMs: this.#market.fundingMs,
    };
  }

  #lineFrom(opened: Opened, put: (input: LiveInput) => void): CandleLine {
    const { present } = this.#with;
    const last = opened.rows.at(-1);
    this.rows.add(opened.rows);
    if (last !== undefined) this.guard.begin(last[4]);
    const nextAt =
      last === undefined ? Math.floor(present.venueNow() / TIMEFRAME_MS) * TIMEFRAME_MS : last[0] + TIMEFRAME_MS;
    const surroundings = {
      ...this.#with,
      symbol: this.symbol,
      proof: this.#proof,
      rows: this.rows,
      put: (input: LiveInput) => {
        if (input.kind === 'close') this.guard.candle(input.bar.close, present.mono());
        put(input);
      },
      refuse: () => {
        this.guard.refused++;
      },
      isStreaming: () => this.#isLive('candle'),
    };
    return new CandleLine(surroundings, nextAt);
  }

  /** A quote speaks only when it changes: a book with the same best prices says that it still holds. */
  #vouch(venueAt: number): void {
    const { present, outbox } = this.#with;
    const { bid, ask, source } = this.#quote;
    if (this.isPolled || source !== 'stream' || present.mono() - this.#quotedAt < VOUCH_EVERY_MS) return;
    const lagMs = present.lagMs(venueAt);
    if (!this.#isLive('quote') || !this.#isAlive(lagMs) || !this.#book.agrees(bid, ask)) return;
    this.#source.streamGave(present.mono());
    this.#quotedAt = present.mono();
    this.#quote.renew(venueAt, present.now(), lagMs);
    outbox.offer(this.#lanes.quote);
  }

  #isAlive(lagMs: number | undefined): boolean {
    const { present } = this.#with;
    return lagMs === undefined || !present.isSure || lagMs <= LAG_MS_MAX * present.speed;
  }

  #isLive(channel: Channel): boolean {
    const state = this.#states.get(channel);
    return this.#with.streams[channel] && state !== 'lost' && state !== 'silent';
  }

  #takeMark(price: number, venueAt: number): boolean {
    const { present, outbox } = this.#with;
    if (!this.guard.mark(price, present.mono())) return false;
    this.#mark = price;
    this.#markAt = present.now();
    this.#markVenueAt = venueAt;
    this.#markedAt = present.mono();
    outbox.offer(this.#lanes.mark);
    return true;
  }

  /** Quotes that the stream does not give, or a mark that is old: without one no entry is allowed. */
  #wantsPoll(): boolean {
    if (this.isPolled) return true;
    const isMarked = this.#market.type === 'perpetual' && this.#hasPolledMark;
    return isMarked && this.#with.present.mono() - this.#markedAt >= MARK_AFTER_MS;
  }

  async #poll(): Promise<void> {
    const { present, questions } = this.#with;
    this.#isPolling = true;
    const answer = await questions.ask((rest) => rest.poll(this.symbol));
    this.#isPolling = false;
    if (!this.#isEnded && !present.isEnded && !isVenueProblem(answer)) this.#polled(answer);
  }

  #polled(answer: PolledQuote): void {
    const { present, outbox } = this.#with;
    const at = present.mono();
    this.#hasPolledMark = answer.mark !== null;
    const isMarkOld = at - this.#markedAt >= MARK_AFTER_MS || this.isPolled;
    if (answer.mark !== null && isMarkOld && !this.#isLiveMark(at)) {
      if (this.#takeMark(answer.mark, NaN)) this.#funding.tell(answer);
    }
    if (!this.guard.quote('poll', answer.bid, answer.ask, at) || !this.#source.restGave(at)) return;
    this.#polledAt = present.wall();
    this.#quote.poll(answer, present.now(), present.lagMs(answer.venueAt ?? NaN));
    outbox.offer(this.#lanes.quote);
  }

  /** Whether the stream told a mark a moment ago: it is better than a polled one. */
  #isLiveMark(at: number): boolean {
    return this.#markVenueAt > 0 && at - this.#markedAt < MARK_AFTER_MS;
  }
}
