import type {
  BookSnapshot,
  CandleTick,
  Channel,
  ChannelState,
  MarkTick,
  QuoteTick,
  StreamSink,
  Timers,
  TradeTick,
  VenueProblem,
} from '../exchange.ts';
import type { DiffTick } from './frames.ts';
import type { StreamLimits } from './limits.ts';
import { createOrder, createTradeOrder, type TradeOrder } from './order.ts';
import { BookKeeper } from './resync.ts';
import { createWatch, type Evidence, judge, type Watch } from './watch.ts';

/** The message that is being read: its connection, and both clocks. One object for all of a stream. */
export interface Moment {
  serial: number;
  now: number;
  at: number;
}

export interface SymbolStreamOptions {
  readonly symbol: string;
  /** Channels that the venue has of it, each with the name of its stream. */
  readonly streams: readonly (readonly [channel: Channel, stream: string])[];
  readonly moment: Moment;
  readonly limits: StreamLimits;
  readonly timers: Timers;
  readonly random: () => number;
  readonly snapshot: (symbol: string) => Promise<BookSnapshot | VenueProblem>;
  readonly sink: StreamSink;
  readonly log: (text: string) => void;
  readonly isConnected: (watch: Watch) => boolean;
  readonly resubscribe: (watch: Watch) => void;
  readonly renew: (watch: Watch, why: string) => void;
}

/** One open symbol: its channels, what came last on each, and its book. */
export class SymbolStream {
  readonly symbol: string;
  readonly watches: readonly Watch[];
  readonly keeper: BookKeeper;
  readonly #options: SymbolStreamOptions;
  readonly #sink: StreamSink;
  readonly #of: Readonly<Record<Channel, Watch | undefined>>;
  readonly #order = createOrder();
  readonly #trades: TradeOrder;
  readonly #evidence: Evidence;
  #bookOpenedAt = Number.NEGATIVE_INFINITY;
  readonly #candle = { grewAt: Number.NaN, openAt: Number.NaN, volume: Number.NaN };

  constructor(options: SymbolStreamOptions) {
    const { symbol, streams, limits, sink, log } = options;
    this.symbol = symbol;
    this.#options = options;
    this.#sink = sink;
    this.watches = streams.map(([channel, stream]) => createWatch(symbol, channel, stream));
    const of = (channel: Channel) => this.watches.find((watch) => watch.channel === channel);
    this.#of = { quote: of('quote'), book: of('book'), trade: of('trade'), candle: of('candle'), mark: of('mark') };
    this.keeper = new BookKeeper({
      ...options,
      give: (tick) => {
        this.#live(this.#of.book);
        sink.book(tick);
      },
      broken: (why) => this.change(this.#of.book, 'opening', why),
    });
    this.#trades = createTradeOrder({
      holdMs: limits.tradeHoldMs,
      give: (tick) => sink.trade(tick),
      missed: (from, to) => log(`${symbol}: ${to - from + 1} trades are missing (ids ${from} to ${to})`),
    });
    this.#evidence = {
      heardAt: (channel) => this.#of[channel]?.heardAt ?? Number.NaN,
      candleGrewAt: () => this.#candle.grewAt,
      compare: () => this.keeper.compare(),
    };
  }

  /** A trade waits for the ones before it. */
  get isHolding(): boolean {
    return this.#trades.isHolding;
  }

  quote(tick: QuoteTick): void {
    this.#began(this.#of.quote);
    if (!this.#order.takesQuote(tick)) return;
    this.#heard(this.#of.quote);
    this.#live(this.#of.quote);
    this.keeper.quote(tick);
    this.#sink.quote(tick);
  }

  trade(tick: TradeTick): void {
    this.#began(this.#of.trade);
    if (this.#trades.isBehind(tick)) return;
    this.#heard(this.#of.trade);
    this.#live(this.#of.trade);
    this.#trades.take(tick, this.#options.moment.now);
  }

  candle(tick: CandleTick): void {
    this.#began(this.#of.candle);
    if (!this.#order.takesCandle(tick)) return;
    this.#heard(this.#of.candle);
    this.#live(this.#of.candle);
    this.#measure(tick);
    this.#sink.candle(tick);
  }

  mark(tick: MarkTick): void {
    this.#began(this.#of.mark);
    if (!this.#order.takesMark(tick)) return;
    this.#heard(this.#of.mark);
    this.#live(this.#of.mark);
    this.#sink.mark(tick);
  }

  diff(tick: DiffTick): void {
    this.#began(this.#of.book);
    if (this.keeper.diff(tick, this.#options.moment.now)) this.#heard(this.#of.book);
  }

  /** Its connection opened: it is asked for. */
  opened(watch: Watch): void {
    if (watch.channel === 'book') this.#bookOpenedAt = this.#options.timers.mono();
    this.change(watch, 'opening', 'asked for again');
  }

  lost(watch: Watch, why: string): void {
    if (watch.channel === 'trade') this.#trades.broke();
    this.change(watch, 'lost', why);
    if (watch.channel === 'book') this.keeper.broke();
  }

  change(watch: Watch | undefined, state: ChannelState, why: string): void {
    if (watch === undefined || watch.state === state) return;
    // A book whose connection is gone has not begun to open again.
    if (watch.state === 'lost' && state === 'opening' && !this.#options.isConnected(watch)) return;
    watch.state = state;
    this.#sink.changed({ symbol: this.symbol, channel: watch.channel, state, why });
  }

  /** `isJudging` false: nobody listened for a while, so silence says nothing. */
  sweep(now: number, isJudging: boolean): void {
    this.#trades.sweep(now);
    this.keeper.sweep(now);
    if (!isJudging) return;
    for (const watch of this.watches) if (this.#options.isConnected(watch)) this.#look(watch, now);
  }

  end(): void {
    this.keeper.end();
  }

  #began(watch: Watch | undefined): void {
    const { serial } = this.#options.moment;
    if (watch !== undefined && watch.serial < serial) watch.serial = serial;
  }

  #heard(watch: Watch | undefined): void {
    if (watch === undefined) return;
    watch.heardAt = this.#options.moment.now;
    watch.lastAt = this.#options.moment.at;
    watch.messages += 1;
    watch.expectedAt = Number.POSITIVE_INFINITY;
    watch.attempts = 0;
  }

  #live(watch: Watch | undefined): void {
    if (watch?.state !== 'live') this.change(watch, 'live', 'it speaks');
  }

  #measure({ openAt, volume }: CandleTick): void {
    const candle = this.#candle;
    const hasGrown = openAt === candle.openAt ? volume > candle.volume : volume > 0 && !Number.isNaN(candle.openAt);
    if (hasGrown) candle.grewAt = this.#options.moment.now;
    candle.openAt = openAt;
    candle.volume = volume;
  }

  #look(watch: Watch, now: number): void {
    if (now >= watch.expectedAt) this.#overdue(watch);
    else if (watch.channel === 'book' && !this.keeper.isWhole) this.#lookAtBroken(watch, now);
    else if (watch.state !== 'opening' && watch.state !== 'lost') this.#judge(watch, now);
  }

  #lookAtBroken(watch: Watch, now: number): void {
    const since = Math.max(this.keeper.brokenAt, this.#bookOpenedAt);
    if (now - since >= this.#options.limits.silenceMs.book) this.change(watch, 'silent', this.keeper.why);
  }

  #judge(watch: Watch, now: number): void {
    const verdict = judge(watch, now, this.#options.limits, this.#evidence);
    if (verdict === undefined) return;
    this.change(watch, verdict.state, verdict.why);
    if (!verdict.isMute || watch.attempts > 0) return;
    watch.attempts = 1;
    this.#options.log(`${this.symbol}: ${watch.channel} is subscribed again: ${verdict.why}`);
    this.#options.resubscribe(watch);
  }

  /** Subscribed anew, then over another connection, then now and then. Trades move no connection: a calm has none. */
  #overdue(watch: Watch): void {
    const why = `${watch.channel} did not begin`;
    watch.attempts += 1;
    watch.expectedAt = Number.POSITIVE_INFINITY;
    if (watch.attempts === 2 && watch.channel !== 'trade') this.#options.renew(watch, `${this.symbol} ${why}`);
    else this.#options.resubscribe(watch);
    this.change(watch, watch.channel === 'trade' ? 'quiet' : 'silent', why);
  }
}
