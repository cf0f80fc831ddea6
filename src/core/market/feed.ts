import type { Rate } from '../base/decimal.ts';
import type { Bar, Candles } from '../domain/candle.ts';
import type { CandleRow, ExchangeFrame, MarketFrame } from '../domain/frame.ts';
import type {
  BookInput,
  ClockInput,
  FeedInput,
  FundingInput,
  GapInput,
  HistoryInput,
  Input,
  InstrumentInput,
  MarkInput,
  QuoteInput,
  TradesInput,
} from '../domain/input.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { QuoteSource } from '../domain/quote.ts';

/** What a feed knows beside its candles. */
export type Extra = FundingInput | MarkInput | QuoteInput;

/** Extras in the order of their instants, made when they are taken. */
export interface Extras {
  /** The instant of the next one, Infinity for none. */
  readonly nextAt: number;
  take(): Extra;
}

/**
 * The candles of one symbol as a feed gives them. `tradeFrom` is the index of the first candle that may be traded on;
 * those before it warm indicators up. Of one instant an extra comes before the candle's open.
 */
export interface Series {
  readonly symbol: string;
  readonly source: QuoteSource;
  readonly candles: Candles;
  readonly tradeFrom: number;
  readonly extras: Extras;
  /** The same candles and more after them, where the feed has more by now; undefined at its end. */
  more?(): Candles | undefined;
  /** The part that follows `candles` without a gap: a feed without an end keeps only the part at hand. */
  next?(): Candles | undefined;
}

/** What a tape says of a feed: enough to play the same again. `funding`: checksum of the file of rates, where there is one. */
export type FeedIdentity =
  | {
      readonly kind: 'replay';
      readonly path: string;
      readonly sha256: string;
      readonly symbol: string;
      readonly funding?: string | undefined;
    }
  | { readonly kind: 'synthetic'; readonly seed: number; readonly symbol: string };

export const NO_EXTRAS: Extras = {
  nextAt: Number.POSITIVE_INFINITY,
  take: () => {
    throw new Error('Invariant: an extra is taken only where there is one');
  },
};

/** Extras that are known beforehand: settlements of a file. They rise in time. */
export function listExtras(list: readonly Extra[]): Extras {
  let index = 0;
  return {
    get nextAt() {
      return list[index]?.at ?? Number.POSITIVE_INFINITY;
    },
    take: () => list[index++] as Extra,
  };
}

/** Two sources as one; of one instant the first one's comes first. */
export function mergeExtras(first: Extras, second: Extras): Extras {
  return {
    get nextAt() {
      return Math.min(first.nextAt, second.nextAt);
    },
    take: () => (first.nextAt <= second.nextAt ? first : second).take(),
  };
}

/** An input before anybody stamped it: whoever takes it says when that was. */
export type Unstamped<I extends Input> = I extends Input ? Omit<I, 'at'> : never;

/** What a feed of the present tells: everything but commands, reports and candles of files. */
export type LiveInput = Unstamped<
  | QuoteInput
  | BookInput
  | TradesInput
  | MarkInput
  | FundingInput
  | HistoryInput
  | LiveCloseInput
  | GapInput
  | FeedInput
  | ClockInput
  | InstrumentInput
>;

/** A candle that closed a moment ago; its bar is the taker's own. */
interface LiveCloseInput {
  readonly kind: 'close';
  readonly symbol: string;
  readonly at: number;
  readonly bar: Bar;
}

/** Why a symbol was not opened. */
export interface OpenProblem {
  readonly code: string;
  readonly expected: string;
  readonly found: string;
  readonly fix: string;
}

/** What is known before the first input of a symbol. */
export interface Opened {
  /** Closed candles, oldest first, up to the one that closed last; where one is missing the venue has none. */
  readonly rows: readonly CandleRow[];
  /** Settlements since `from`, oldest first. */
  readonly funding: readonly { readonly at: number; readonly rate: Rate }[];
}

/** The feed of an exchange: its clock is the system's, its inputs come when they come. Times are its own clock's. */
export interface LiveFeed {
  /** The name at ccxt: `binanceusdm`. */
  readonly exchange: string;
  readonly timeframeMs: number;
  /**
   * The present, ms UTC. On loopback it may pass at the stand-in's speed. It never goes back, and never stands; `since`: an
   * instant that was reached already, as by a journal before a restart.
   */
  now(since?: number): number;
  /** Market ms in one ms: 1 but on loopback. */
  readonly speed: number;
  serves(symbol: string): boolean;
  /** Names that look alike. */
  near(symbol: string): readonly string[];
  instrument(symbol: string): Instrument | undefined;
  /** Asks for the past from an instant on, then opens the stream. The same promise when it is asked again. */
  open(symbol: string, from: number): Promise<Opened | OpenProblem>;
  /** Ends the stream of a symbol and forgets it: it is as if it had never been opened. */
  close(symbol: string): void;
  /** The next input in the order of arrival, conflated; undefined for none. */
  take(): LiveInput | undefined;
  /** Called when there is something to take. */
  onInput(listener: () => void): void;
  /** What screens show of a symbol, and its closed candles. */
  facts(symbol: string): LiveFacts;
  closed(symbol: string): readonly CandleRow[];
  frame(): ExchangeFrame;
  end(): Promise<void>;
}

/** The candles of mids of an exchange in the feed's time frame. They are kept, because nobody can fetch them again. */
export interface MidStore {
  /** Those that open at or after an instant, oldest first; none where none can be read. */
  read(symbol: string, from: number): Promise<readonly CandleRow[]>;
  /** One that closed, after all before it. It never fails: what cannot be written is the store's to tell. */
  keep(symbol: string, row: CandleRow): void;
}

/** A market frame without what is the engine's. */
export type LiveFacts = Omit<MarketFrame, 'symbol' | 'instrument'>;
