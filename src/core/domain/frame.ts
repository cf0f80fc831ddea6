import type { Money, Price, Qty, Rate } from '../base/decimal.ts';
import type { Vote } from './evidence.ts';
import type { Instrument } from './instrument.ts';
import type { Sign } from './order.ts';
import type { QuoteSource } from './quote.ts';
import type { SignalSide } from './run.ts';

/*
 * What an engine tells its faces beside the state and the entries: the latest values, each replacing the one before.
 * Market data are numbers, null where they are not known; amounts are exact. All of it survives `encode` and `decode`.
 */

/** One candle: open time in ms, open, high, low, close, volume. */
export type CandleRow = readonly [
  openAt: number,
  open: number,
  high: number,
  low: number,
  close: number,
  volume: number,
];

/** A price and what rests there, in the base asset. */
export type DepthRow = readonly [price: number, qty: number];

/** The latest of one symbol. */
export interface MarketFrame {
  readonly symbol: string;
  readonly instrument: Instrument;
  readonly source: QuoteSource;
  /** Made up: every face says SIMULATED beside it. */
  readonly isSimulated: boolean;
  readonly bid: number | null;
  readonly ask: number | null;
  readonly bidQty: number | null;
  readonly askQty: number | null;
  readonly mid: number | null;
  /** The price of the last trade, or the last close. */
  readonly last: number | null;
  /** The instant of bid and ask. */
  readonly quoteAt: number | null;
  readonly mark: number | null;
  readonly markAt: number | null;
  /** A share of 1 a settlement; longs pay where it is above zero. */
  readonly fundingRate: number | null;
  readonly nextFundingAt: number | null;
  /** Change of price over the last 24 h, as a share of 1. */
  readonly change: number | null;
  /** Best first; null where the feed has no book. */
  readonly depth: { readonly bids: readonly DepthRow[]; readonly asks: readonly DepthRow[] } | null;
  /** Time frame of `forming` and of the scene's candles. */
  readonly timeframeMs: number;
  /** The candle that is not closed yet. */
  readonly forming: CandleRow | null;
  /** Of an exchange: the venue's own instant of bid and ask, and whether it trades the symbol. */
  readonly venueAt?: number | null | undefined;
  readonly status?: 'trading' | 'halted' | 'delisted' | undefined;
  /** Between two settlements. */
  readonly fundingMs?: number | null | undefined;
}

/** A channel of a stream as System tells it. `polled`: REST stands in. */
export interface StreamFrame {
  readonly symbol: string;
  readonly channel: 'quote' | 'book' | 'trade' | 'candle' | 'mark';
  readonly state: 'opening' | 'live' | 'quiet' | 'silent' | 'lost' | 'polled';
  /** Of the wall clock; null for never. */
  readonly lastAt: number | null;
}

/** The exchange that prices come from. Instants are of the wall clock. */
export interface ExchangeFrame {
  readonly name: string;
  readonly title: string;
  /** The venue's own hosts, or the one on loopback. */
  readonly endpoint: string;
  /** Without its password; null for none. */
  readonly proxy: string | null;
  readonly state: 'up' | 'degraded' | 'down' | 'banned';
  readonly latencyMsP50: number | null;
  readonly latencyMsP99: number | null;
  readonly weightUsed: number | null;
  readonly weightMax: number | null;
  readonly silentUntil: number | null;
  readonly offsetMs: number | null;
  readonly offsetErrorMs: number | null;
  readonly reconnects: number;
  readonly resyncs: number;
  /** Frames that went to plain parsing, frames that were dropped, prices that were refused. */
  readonly surprises: number;
  readonly dropped: number;
  readonly refused: number;
  readonly lastError: { readonly at: number; readonly text: string } | null;
  readonly streams: readonly StreamFrame[];
}

/** Why an account cannot be read: a code of the venue's problems or of the keys, and what was found and helps, in words. */
export interface AccountError {
  readonly code: string;
  /** Of the wall clock: since when it is so. */
  readonly since: number;
  readonly found: string;
  readonly fix: string;
}

/**
 * An account as its venue tells it, for reading. Amounts are decimal text as the venue wrote them; null is not told, or not
 * in a form that can be read.
 */
export interface VenueAccountFrame {
  readonly exchange: string;
  /** The first and last characters of the key; null where it cannot be opened. */
  readonly key: string | null;
  /** When it was told what follows, of the wall clock; null for never. */
  readonly at: number | null;
  /** Why it cannot be read any more, or could never; what follows is then what was told last. */
  readonly error: AccountError | null;
  readonly positionMode: 'one-way' | 'hedge' | null;
  readonly balances: readonly {
    readonly asset: string;
    readonly total: string | null;
    readonly free: string | null;
    readonly used: string | null;
  }[];
  readonly positions: readonly {
    readonly symbol: string;
    readonly side: 'long' | 'short' | null;
    readonly qty: string | null;
    readonly entry: string | null;
    readonly mark: string | null;
    readonly liquidation: string | null;
    readonly leverage: string | null;
    readonly pnl: string | null;
    readonly isIsolated: boolean | null;
  }[];
  /** Conditional ones, too. */
  readonly orders: readonly {
    readonly id: string;
    readonly symbol: string;
    readonly side: 'buy' | 'sell' | null;
    readonly type: string | null;
    /** Null, too, for an order of the whole position. */
    readonly qty: string | null;
    readonly filled: string | null;
    readonly price: string | null;
    readonly trigger: string | null;
    readonly reduceOnly: boolean;
    /** It closes the position whole, whatever its size is by then. */
    readonly closesPosition: boolean;
    readonly at: number | null;
  }[];
  /** Newest first. */
  readonly flows: readonly {
    readonly id: string;
    readonly at: number;
    readonly kind: 'funding' | 'fee' | 'transfer' | 'pnl' | 'other';
    readonly symbol: string | null;
    readonly asset: string;
    readonly amount: string;
  }[];
  /** What the venue did not tell, in sentences. */
  readonly missing: readonly string[];
  /** Lists that are not whole: what does not stand in them may be there all the same. */
  readonly partial: readonly ('balances' | 'positions' | 'orders' | 'flows')[];
}

/** How often what led to what since the UTC day began. */
export interface Funnel {
  readonly closes: number;
  readonly candidates: number;
  readonly ready: number;
  readonly denied: number;
  readonly orders: number;
}

/** An entry as it would go now, or why it would not. */
export type Preview =
  | {
      readonly ok: true;
      readonly sign: Sign;
      readonly type: 'market' | 'limit';
      readonly qty: Qty;
      /** What it is sized at: the limit, or the touch. */
      readonly price: Price;
      readonly notional: Money;
      readonly margin: Money;
      /** Estimated fee of the entry, and of the exit at the stop. */
      readonly fee: Money;
      readonly feeOut: Money;
      /** 1 R: the loss at the stop with all costs; 0 where it has none. */
      readonly risk: Money;
      /** As a share of equity. */
      readonly riskShare: number;
      readonly stopPrice?: Price | undefined;
      readonly targetPrice?: Price | undefined;
      readonly lossMax?: Money | undefined;
      readonly liquidation?: Price | undefined;
      readonly clippedBy?: string | undefined;
      /** What it closes first, all of it: an open position of the other side. */
      readonly closes?: { readonly qty: Qty; readonly fee: Money } | undefined;
      /** The quote that it stands on. */
      readonly quoteAt: number;
      readonly mid: number;
    }
  | {
      readonly ok: false;
      readonly sign: Sign;
      readonly code: string;
      readonly expected: string;
      readonly found: string;
      readonly fix: string;
    };

/** What the engine knows of a run beside its state: the opinion of the last close, and what an entry would be. */
export interface RunFrame {
  readonly run: number;
  readonly side: SignalSide;
  readonly strength: 'weak' | 'normal' | 'strong';
  /** 0 to 1. */
  readonly confidence: number;
  readonly votes: readonly Vote[];
  readonly values: Readonly<Record<string, number | null>>;
  /** Closes in a row on the present side, and how many make it READY. */
  readonly streak: number;
  readonly confirmations: number;
  /** Own candles seen, and those with what is missing until the run is warm. */
  readonly bars: number;
  readonly barsNeeded: number;
  readonly nextCloseAt: number | null;
  readonly funnel: Funnel;
  /** While it is flat: the entry on the side of the signal, or a long one where the run has none. */
  readonly next: Preview | null;
}

/** An account in sums. */
export interface AccountFrame {
  readonly account: string;
  /** Balance with open profit and loss. */
  readonly equity: Money;
  /** Gross of what is open. */
  readonly openPnl: Money;
  /** Margin in use, the most that may be, and the loss to all stops. */
  readonly reserved: Money;
  readonly reservedMax: Money | null;
  readonly heat: Money;
  readonly heatMax: Money | null;
  readonly positions: number;
  /** Since the UTC day and the week began, open profit and loss included. */
  readonly dayPnl: Money;
  readonly weekPnl: Money;
}

/** A process that is attached. */
export interface ClientFrame {
  readonly client: number;
  readonly face: string;
  readonly role: 'read' | 'operate';
  readonly since: number;
  readonly sentBytes: number;
  /** What the face tells of its painting: the last one, frames skipped as equal, ms from data to paint. */
  readonly paintedAt: number | null;
  readonly skipped: number;
  readonly lagMs: number | null;
}

/** A state of the feed. `degraded` polls or lags. */
export type FeedState = 'up' | 'degraded' | 'stale' | 'down' | 'ended';

/** The engine's own health. Instants here are of the wall clock. */
export interface SystemFrame {
  readonly version: string;
  readonly build: string;
  readonly node: string;
  readonly pid: number;
  readonly startedAt: number;
  readonly wallAt: number;
  readonly memoryBytes: number;
  readonly cpuShare: number | null;
  readonly feed: {
    readonly name: string;
    readonly state: FeedState;
    /** Market seconds a second; 0 for as fast as it goes. */
    readonly speed: number;
    readonly reconnects: number;
    readonly error: string | null;
  };
  readonly venue: { readonly name: string; readonly state: 'up' | 'down'; readonly latencyMs: number | null };
  readonly database: {
    readonly file: string;
    readonly bytes: number;
    readonly lastSeq: number;
    readonly commitMsP50: number | null;
    readonly commitMsP99: number | null;
    /** The journal ended before its mark at this start. */
    readonly isShort: boolean;
  };
  readonly clockOffsetMs: number | null;
  /** Absent where prices come from no exchange. */
  readonly exchange?: ExchangeFrame | undefined;
  readonly clients: readonly ClientFrame[];
  /** The last ones, newest first, in sentences. */
  readonly errors: readonly { readonly at: number; readonly text: string; readonly count: number }[];
}

/** A size as a person gives it. */
export type DraftSize =
  | { readonly by: 'settings' }
  | { readonly by: 'qty'; readonly qty: Qty }
  | { readonly by: 'notional'; readonly notional: Money }
  | { readonly by: 'fraction'; readonly fraction: Rate }
  | { readonly by: 'risk'; readonly risk: Rate };

/** An order by hand, before anybody looked at it. `stop` and `target` move what protects the open position. */
export type Draft =
  | {
      readonly type: 'market' | 'limit';
      readonly sign: Sign;
      readonly size: DraftSize;
      readonly limit?: Price | undefined;
      readonly postOnly?: boolean | undefined;
      /** Undefined: as the settings say. */
      readonly stopPrice?: Price | undefined;
      readonly targetPrice?: Price | undefined;
      readonly leverage?: Rate | undefined;
      /** Without a stop, by the user's word. */
      readonly noStop?: boolean | undefined;
    }
  | { readonly type: 'stop'; readonly stopPrice: Price }
  | { readonly type: 'target'; readonly targetPrice: Price };
