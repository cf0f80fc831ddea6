import type { Instrument } from '../domain/instrument.ts';

/** A market as the stand-in lists it. `id` is the venue's name: `BTCUSDT`. */
export interface Listing {
  readonly id: string;
  readonly instrument: Instrument;
  /** Binance's words: `TRADING`, `BREAK`, `HALT`, `SETTLING`, `PENDING_TRADING`. Faults may change it while it runs. */
  status: string;
  /** Hours between settlements (8, 4, 1); 0 on spot. */
  readonly fundingHours: number;
  readonly onboardAt: number;
}

/** One frame of a stream: its name (`btcusdt@bookTicker`) and its data as JSON text. */
export interface MarketFrame {
  readonly stream: string;
  readonly data: string;
}

/** Text pairs of price and quantity, best first. */
export type Levels = readonly (readonly [price: string, qty: string])[];

export interface DepthBook {
  readonly lastUpdateId: number;
  /** Message and transaction time. */
  readonly eventAt: number;
  readonly bids: Levels;
  readonly asks: Levels;
}

/** One candle in Binance's order, amounts as text. */
export interface Kline {
  readonly openAt: number;
  readonly closeAt: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly quoteVolume: string;
  readonly trades: number;
  readonly takerBase: string;
  readonly takerQuote: string;
}

export interface TradePrint {
  readonly id: number;
  readonly price: string;
  readonly qty: string;
  readonly at: number;
  readonly isBuyerMaker: boolean;
}

export interface MarkRow {
  readonly mark: string;
  readonly index: string;
  readonly fundingRate: string;
  readonly nextFundingAt: number;
  readonly at: number;
}

/**
 * What the stand-in exchange trades: recorded frames, candles played at any speed, or a seeded market. All instants are
 * its own clock's, and nothing of the future is told. It knows nothing of HTTP and sockets.
 */
export interface SandboxMarket {
  readonly kind: 'usdm' | 'spot';
  readonly listings: readonly Listing[];
  /** Its clock, ms UTC: `now` of the market passes at the speed that it is played at. */
  now(): number;
  readonly speed: number;
  /** Candles that opened in `[startAt, endAt]`, oldest first, the last `limit` where no start is given. The forming one too. */
  klines(
    id: string,
    intervalMs: number,
    query: { startAt?: number; endAt?: number; limit: number; of: 'trades' | 'mark' | 'index' },
  ): readonly Kline[];
  depth(id: string, levels: number): DepthBook;
  /** The last ones, oldest first; from an id on where one is given. */
  trades(id: string, query: { limit: number; fromId?: number }): readonly TradePrint[];
  mark(id: string): MarkRow | undefined;
  /** Settlements of the past, oldest first. */
  funding(
    id: string,
    query: { startAt?: number; endAt?: number; limit: number },
  ): readonly { readonly at: number; readonly rate: string; readonly mark: string }[];
  /** Frames as time passes: every stream that the venue has of its listings. Returns how to end it. */
  onFrame(listener: (frame: MarketFrame) => void): () => void;
  /** Plays what is due by its clock. The server calls it; a test moves the clock. */
  play(): void;
}

/** Time for the stand-in: a test moves it by hand. */
export interface SandboxClock {
  /** The wall clock, ms UTC. */
  wall(): number;
  after(ms: number, run: () => void): () => void;
}
