import type { CandleRow, MarketFrame } from '../../domain/frame.ts';
import type { Series } from '../../market/feed.ts';

/** What a feed tells of a symbol at an instant, beside its instrument. */
export type MarketFacts = Omit<MarketFrame, 'symbol' | 'instrument'>;

/** Where a series begins: its first candle, and the first of its quotes. Candles before an engine's present only warm up. */
export interface Beginning {
  readonly candlesAt: number;
  readonly quotesAt: number;
}

/** A feed whose symbols are opened while the engine runs. All of it is a function of market time. */
export interface HostFeed {
  /** As tapes name it: `synthetic 7`, `replay 0123456789abcdef`. */
  readonly name: string;
  readonly kind: 'synthetic' | 'replay';
  /** Of a file's bytes. */
  readonly sha256?: string | undefined;
  /** Time frame of its candles, ms. */
  readonly timeframeMs: number;
  /** Where market time begins in a journal that is new, and where it ends; Infinity for a feed without an end. */
  readonly beginsAt: number;
  readonly endsAt: number;
  /** Nothing is known from before. */
  readonly oldestAt: number;
  /** What is shown where nothing else is. */
  readonly first: string;
  serves(symbol: string): boolean;
  priceDigits(symbol: string): number | undefined;
  series(symbol: string, from: Beginning): Series;
  facts(symbol: string, at: number): MarketFacts;
  /** How many candles are closed by an instant, from the feed's first one on, and one of them. */
  closedBy(symbol: string, at: number): number;
  row(symbol: string, index: number): CandleRow;
}
