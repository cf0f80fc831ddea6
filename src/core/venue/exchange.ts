import type { CandleRow, DepthRow, VenueAccountFrame } from '../domain/frame.ts';
import type { Instrument } from '../domain/instrument.ts';

/*
 * What the product asks of an exchange: questions over REST, and the stream. Adapters are behind it (ccxt for all of
 * REST, an own one for Binance's streams, ccxt pro for other streams). Orders go through the venue port.
 */

/** Time for whoever waits: a test moves it by hand. */
export interface Timers {
  /** The wall clock, ms UTC. */
  wall(): number;
  /** Milliseconds that never go back. */
  mono(): number;
  /** Runs once after so many ms of `mono`. Returns how to give it up. */
  after(ms: number, run: () => void): () => void;
}

/** Why a question was not answered. It is a value: nothing of it is thrown. */
export interface VenueProblem {
  readonly problem: VenueProblemCode;
  readonly expected: string;
  /** Without secrets, signatures and addresses with keys in them. */
  readonly found: string;
  readonly fix: string;
  /**
   * Asking the same before then is in vain (wall clock, ms UTC): the venue wants silence, which health tells, too, or what
   * this kind of question may use of the budget is spent.
   */
  readonly silentUntil?: number | undefined;
}

export type VenueProblemCode =
  /** No byte came back: name not found, refused, unreachable, TLS. */
  | 'NO_NETWORK'
  | 'TIMED_OUT'
  /** An answer that is no answer of this venue: HTML, cut, empty, a redirect. */
  | 'BAD_ANSWER'
  | 'VENUE_DOWN'
  | 'MAINTENANCE'
  | 'RATE_LIMITED'
  | 'BANNED'
  | 'BAD_KEY'
  | 'KEY_LACKS_RIGHT'
  | 'CLOCK_OFF'
  | 'UNKNOWN_SYMBOL'
  | 'NOT_SUPPORTED'
  /** The code says that filters changed: ask for the markets again. */
  | 'FILTERS_CHANGED'
  | 'REFUSED';

export const isVenueProblem = (answer: unknown): answer is VenueProblem =>
  typeof answer === 'object' && answer !== null && 'problem' in answer;

/** One market as a venue lists it. */
export interface VenueMarket {
  /** `BTC/USDT:USDT`, `BTC/USDT`. */
  readonly symbol: string;
  /** The venue's own name: `BTCUSDT`. */
  readonly id: string;
  readonly type: 'perpetual' | 'spot' | 'future' | 'option' | 'other';
  readonly status: 'trading' | 'halted' | 'delisted';
  /** The venue's own word for it. */
  readonly statusText: string;
  /** Undefined where it is listed and cannot be traded: `why` says it (inverse, too many digits, ...). */
  readonly instrument: Instrument | undefined;
  readonly why: string | undefined;
  /** Between two settlements; null where none is paid or the venue does not say. */
  readonly fundingMs: number | null;
}

/** What an exchange can give. What is false is said plainly where somebody asks for it. */
export interface Abilities {
  readonly candles: boolean;
  readonly markCandles: boolean;
  readonly fundingRates: boolean;
  readonly leverageTiers: boolean;
  readonly account: boolean;
  readonly streams: { readonly [channel in Channel]: boolean };
}

export type Channel = 'quote' | 'book' | 'trade' | 'candle' | 'mark';

/** Best bid and ask as a poll gives them; null where the venue does not say. */
export interface PolledQuote {
  readonly symbol: string;
  readonly bid: number;
  readonly ask: number;
  readonly bidQty: number | null;
  readonly askQty: number | null;
  readonly mark: number | null;
  readonly fundingRate: number | null;
  readonly nextFundingAt: number | null;
  /** The venue's instant. */
  readonly venueAt: number | null;
}

/** A book as REST gives it, best first. `updateId` bridges it to the diffs of the stream; 0 where there is none. */
export interface BookSnapshot {
  readonly updateId: number;
  readonly bids: readonly DepthRow[];
  readonly asks: readonly DepthRow[];
}

/** A settlement of the past; the rate as decimal text. */
export interface FundingRow {
  readonly at: number;
  readonly rate: string;
}

/** What a key may do at its venue; null where the venue does not say. */
export interface KeyRights {
  readonly canRead: boolean | null;
  readonly canTrade: boolean | null;
  readonly canWithdraw: boolean | null;
  readonly isBoundToIp: boolean | null;
  /** `one-way` or `hedge`; null on spot or where it is not told. */
  readonly positionMode: 'one-way' | 'hedge' | null;
}

/** How asking goes. Instants are of the wall clock. */
export interface RestHealth {
  readonly latencyMsP50: number | null;
  readonly latencyMsP99: number | null;
  /** As the answers tell it; null where they do not. */
  readonly weightUsed: number | null;
  readonly weightMax: number | null;
  /** The venue wants silence until then; null where it does not. */
  readonly silentUntil: number | null;
  /** The venue's clock minus ours: the median of several; null before it is known. */
  readonly offsetMs: number | null;
  /** Half of the shortest round trip: how much the offset may be off. */
  readonly offsetErrorMs: number | null;
  readonly lastError: { readonly at: number; readonly text: string } | null;
  readonly asked: number;
  readonly failed: number;
}

/** One exchange over REST. Every promise resolves: with an answer or with a problem. */
export interface ExchangeRest {
  /** The name at ccxt: `binanceusdm`. */
  readonly exchange: string;
  /** `Binance USDS-M`. */
  readonly title: string;
  readonly abilities: Abilities;
  /** All markets; the ones at hand, or asked for anew. */
  markets(isFresh?: boolean): Promise<readonly VenueMarket[] | VenueProblem>;
  /** Leverage tiers of a symbol are filled into its instrument where the venue tells them (some want a key for it). */
  instrument(symbol: string): Promise<VenueMarket | VenueProblem>;
  /** CLOSED candles from an open time on, oldest first, at most `limit` (the venue may give fewer). */
  candles(
    symbol: string,
    query: {
      readonly timeframeMs: number;
      readonly from: number;
      readonly limit: number;
      readonly of: 'trades' | 'mark';
    },
  ): Promise<readonly CandleRow[] | VenueProblem>;
  poll(symbol: string): Promise<PolledQuote | VenueProblem>;
  book(symbol: string, levels: number): Promise<BookSnapshot | VenueProblem>;
  fundingRates(symbol: string, from: number, limit: number): Promise<readonly FundingRow[] | VenueProblem>;
  /** With a key: balances, positions, open orders, funding and fees, each as far as the venue tells it. */
  account(): Promise<VenueAccountFrame | VenueProblem>;
  keyRights(): Promise<KeyRights | VenueProblem>;
  /** Measures the clock offset: the median of several requests. */
  measureClock(): Promise<number | VenueProblem>;
  health(): RestHealth;
  close(): Promise<void>;
}

/** Bid and ask of the stream. All ticks are lent: copy what you keep. NaN is unknown. */
export interface QuoteTick {
  symbol: string;
  bid: number;
  bidQty: number;
  ask: number;
  askQty: number;
  updateId: number;
  venueAt: number;
  at: number;
}

/** One trade; `sign` is the side that took: +1 bought. */
export interface TradeTick {
  symbol: string;
  price: number;
  qty: number;
  sign: 1 | -1;
  id: number;
  venueAt: number;
  at: number;
}

/** A candle of the stream's time frame: the one that forms, or one that closed. */
export interface CandleTick {
  symbol: string;
  timeframeMs: number;
  openAt: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  isClosed: boolean;
  /** First and last trade id in it; NaN where not told. */
  firstId: number;
  lastId: number;
  venueAt: number;
  at: number;
}

export interface MarkTick {
  symbol: string;
  price: number;
  fundingRate: number;
  nextFundingAt: number;
  venueAt: number;
  at: number;
}

/**
 * The best rows of the book after a change, best first: at least the 20 that are looked at, where there are as many. Columns
 * are lent; `bids` and `asks` are counts.
 */
export interface BookTick {
  symbol: string;
  readonly bidPrice: Float64Array;
  readonly bidQty: Float64Array;
  bids: number;
  readonly askPrice: Float64Array;
  readonly askQty: Float64Array;
  asks: number;
  updateId: number;
  venueAt: number;
  at: number;
}

/** Hears the stream, in the order of arrival. */
export interface StreamSink {
  quote(tick: QuoteTick): void;
  book(tick: BookTick): void;
  trade(tick: TradeTick): void;
  candle(tick: CandleTick): void;
  mark(tick: MarkTick): void;
  /** A channel of a symbol began to give, fell silent past its limit, or lost its connection. */
  changed(change: ChannelChange): void;
}

export interface ChannelChange {
  readonly symbol: string;
  readonly channel: Channel;
  readonly state: ChannelState;
  readonly why: string;
}

/** `opening`: asked for, nothing came yet. `quiet`: nothing to say, and pings are answered. `silent`: past its limit. */
export type ChannelState = 'opening' | 'live' | 'quiet' | 'silent' | 'lost';

/** How the stream does. Instants are of the wall clock; 0 for never. */
export interface StreamHealth {
  readonly state: 'up' | 'connecting' | 'down';
  readonly connections: number;
  readonly reconnects: number;
  readonly lastError: { readonly at: number; readonly text: string } | null;
  readonly channels: readonly {
    readonly symbol: string;
    readonly channel: Channel;
    readonly state: ChannelState;
    readonly lastAt: number;
    readonly messages: number;
  }[];
  /** Frames that the scanner gave to plain parsing, frames that were dropped as bad, books that were built anew. */
  readonly surprises: number;
  readonly dropped: number;
  readonly resyncs: number;
  /** The last dropped frame, cut short and without control characters. */
  readonly droppedSample: string | null;
}

/** The stream of one exchange: every channel that it has of every symbol that is open. It reconnects by itself. */
export interface ExchangeStream {
  readonly exchange: string;
  open(symbol: string): void;
  close(symbol: string): void;
  health(): StreamHealth;
  end(): Promise<void>;
}

/** How a venue names its markets, as it lists them now; undefined where it has no such market. */
export interface VenueNames {
  idOf(symbol: string): string | undefined;
  symbolOf(id: string): string | undefined;
}

/** Where an exchange is reached. Built-in hosts where `base` is undefined; else one on loopback. */
export interface Endpoint {
  /** `http://127.0.0.1:9800`: REST under its paths, streams under `ws://` of the same place. */
  readonly base?: string | undefined;
  /** `http://host:port` of an HTTP(S) proxy. */
  readonly proxy?: string | undefined;
}

/** A key of an account. It never leaves the process that signs with it. */
export interface ApiKey {
  readonly exchange: string;
  readonly apiKey: string;
  readonly secret: string;
  readonly passphrase?: string | undefined;
}
