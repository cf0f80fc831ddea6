import type { CandleRow } from '../../domain/frame.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { LiveFacts, LiveFeed, MidStore, Series } from '../../market/feed.ts';

/** What a feed tells of a symbol at an instant, beside its instrument. */
export type MarketFacts = LiveFacts;

/** Where a series begins: its first candle, and the first of its quotes. Candles before an engine's present only warm up. */
export interface Beginning {
  readonly candlesAt: number;
  readonly quotesAt: number;
}

/** A feed whose symbols are opened while the engine runs. */
interface AnyFeed {
  /** As tapes name it: `synthetic 7`, `replay 0123456789abcdef`, `binanceusdm`. */
  readonly name: string;
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
  facts(symbol: string, at: number): MarketFacts;
}

/** All of it is a function of market time. */
export interface TimedFeed extends AnyFeed {
  readonly kind: 'synthetic' | 'replay';
  /** Of a file's bytes. */
  readonly sha256?: string | undefined;
  series(symbol: string, from: Beginning): Series;
  /** How many candles are closed by an instant, from the feed's first one on, and one of them. */
  closedBy(symbol: string, at: number): number;
  row(symbol: string, index: number): CandleRow;
}

/** An exchange: its inputs come when they come, and its clock is the system's. */
export interface ExchangeFeed extends AnyFeed {
  readonly kind: 'exchange';
  readonly live: LiveFeed;
  readonly mids: MidStore;
  instrument(symbol: string): Instrument | undefined;
  near(symbol: string): readonly string[];
}

export type HostFeed = TimedFeed | ExchangeFeed;

/** Keeps nothing. */
const NO_MIDS: MidStore = { read: () => Promise.resolve([]), keep: () => {} };

/** The feed of an exchange as a host takes it. `name` tells a stand-in on loopback from the venue. */
export function createExchangeFeed(live: LiveFeed, name: string, first: string, mids = NO_MIDS): ExchangeFeed {
  return {
    name,
    kind: 'exchange',
    timeframeMs: live.timeframeMs,
    beginsAt: Math.floor(live.now()),
    endsAt: Number.POSITIVE_INFINITY,
    oldestAt: 0,
    first,
    live,
    mids,
    serves: (symbol) => live.serves(symbol),
    near: (symbol) => live.near(symbol),
    priceDigits: () => undefined,
    instrument: (symbol) => live.instrument(symbol),
    facts: (symbol) => live.facts(symbol),
  };
}
