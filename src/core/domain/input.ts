import type { Money, Price, Qty, Rate } from '../base/decimal.ts';
import type { Bar } from './candle.ts';
import type { Command } from './command.ts';
import type { CandleRow, DepthRow } from './frame.ts';
import type { Instrument } from './instrument.ts';
import type { QuoteSource } from './quote.ts';

/** The first price of a candle: what the last close decided is sized and filled here. */
export interface OpenInput {
  readonly kind: 'open';
  symbol: string;
  at: number;
  price: number;
}

/** The reach of a candle, for the venue alone, at its close time. */
export interface RangeInput {
  readonly kind: 'range';
  symbol: string;
  at: number;
  /** When the candle opened, where that is known: a fill at the open happened then. */
  openAt?: number;
  open: number;
  high: number;
  low: number;
}

/** A closed candle of the feed's time frame, for strategies. */
export interface CloseInput {
  readonly kind: 'close';
  symbol: string;
  at: number;
  bar: Bar;
}

/** Best bid and ask with their sizes in the base asset. */
export interface QuoteInput {
  readonly kind: 'quote';
  symbol: string;
  at: number;
  bid: number;
  ask: number;
  bidQty: number;
  askQty: number;
  source: QuoteSource;
  /** How old it was when it came, by the venue's clock, ms; absent where that is not known. */
  lagMs?: number | undefined;
}

/** The book as far as it is looked at, best first; it stands until the next one. */
export interface BookInput {
  readonly kind: 'book';
  readonly symbol: string;
  readonly at: number;
  readonly bids: readonly DepthRow[];
  readonly asks: readonly DepthRow[];
}

/** A trade of others: price, quantity, and the side that took (+1 bought). */
export type TradeRow = readonly [price: number, qty: number, sign: 1 | -1];

/** Trades since the last such input, oldest first. */
export interface TradesInput {
  readonly kind: 'trades';
  readonly symbol: string;
  readonly at: number;
  readonly rows: readonly TradeRow[];
}

/**
 * Closed candles of the past, oldest first: they warm indicators up and raise no signal. `price`: candles of mids that were
 * kept, for runs that analyse those; absent for trades. Once such came of a symbol, and be it none of them, its runs of mids
 * hear nothing else (on older tapes they heard trades, too).
 */
export interface HistoryInput {
  readonly kind: 'history';
  readonly symbol: string;
  readonly at: number;
  readonly timeframeMs: number;
  readonly rows: readonly CandleRow[];
  readonly price?: 'mid' | undefined;
}

/** What became of the feed of a symbol. `source`: where its prices come from now. */
export interface FeedInput {
  readonly kind: 'feed';
  readonly symbol: string;
  readonly at: number;
  readonly state: 'connected' | 'lost' | 'stale' | 'switched';
  readonly source: QuoteSource;
  readonly why: string;
}

/** The venue's clock minus ours; null where it is not known, or too unsure. `stepMs`: our own clock jumped by so much. */
export interface ClockInput {
  readonly kind: 'clock';
  readonly at: number;
  readonly offsetMs: number | null;
  readonly stepMs?: number | undefined;
}

/** The venue changed what it says of a symbol. */
export interface InstrumentInput {
  readonly kind: 'instrument';
  readonly symbol: string;
  readonly at: number;
  readonly instrument: Instrument;
  readonly status: 'trading' | 'halted' | 'delisted';
}

/** The mark price, which liquidates. */
export interface MarkInput {
  readonly kind: 'mark';
  symbol: string;
  at: number;
  price: number;
}

/** A funding settlement at its real time: longs pay shorts where the rate is above zero. */
export interface FundingInput {
  readonly kind: 'funding';
  readonly symbol: string;
  readonly at: number;
  readonly rate: Rate;
  /** When it was, where an exchange tells it afterwards; at `at` else. */
  readonly settledAt?: number | undefined;
}

/** Nobody wants a symbol any more: its prices and what was kept of it for runs to come are forgotten. */
export interface LeftInput {
  readonly kind: 'left';
  readonly symbol: string;
  readonly at: number;
}

/** Nothing but the time: live wakes itself with it. */
export interface TimeInput {
  readonly kind: 'time';
  readonly at: number;
}

/** Candles are missing between two that came. */
export interface GapInput {
  readonly kind: 'gap';
  readonly symbol: string;
  readonly at: number;
  readonly from: number;
  readonly missing: number;
}

/** What a person, a script or a start-up asks for. */
export interface CommandInput {
  readonly kind: 'command';
  readonly at: number;
  readonly id: string;
  readonly who: string;
  readonly face: string;
  /** The words that its id stands for, where it was given one. */
  readonly line?: string | undefined;
  readonly command: Command;
}

interface ReportAddress {
  readonly kind: 'report';
  readonly at: number;
  readonly run: number;
  readonly order: number;
}
/** A fill as the venue tells it: the fee is the venue's, in the settle asset (or, on spot buys, the base asset). */
export interface FillReport extends ReportAddress {
  readonly type: 'filled';
  readonly fill: Qty;
  readonly price: Price;
  readonly fee: Money;
  readonly feeBase?: Qty | undefined;
  readonly liquidity: 'maker' | 'taker';
  readonly model: string;
  readonly trade: string;
  readonly venueAt: number;
  /** The price that triggered it, where a trigger did. */
  readonly seen?: number | undefined;
  /** The position was taken by the venue at this liquidation price. */
  readonly liquidation?: Price | undefined;
}
/** What a venue says of an order. An outcome that is not provably a reject is `unknown`. */
export type Report =
  | FillReport
  | (ReportAddress & { readonly type: 'submitted' | 'accepted' })
  | (ReportAddress & { readonly type: 'rejected'; readonly code: string; readonly why: string })
  | (ReportAddress & { readonly type: 'canceled' | 'expired' | 'unknown'; readonly why: string });

export type Input =
  | OpenInput
  | RangeInput
  | CloseInput
  | QuoteInput
  | MarkInput
  | FundingInput
  | TimeInput
  | GapInput
  | BookInput
  | TradesInput
  | HistoryInput
  | FeedInput
  | LeftInput
  | ClockInput
  | InstrumentInput
  | CommandInput
  | Report;
