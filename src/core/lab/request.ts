import type { Money, Price, Qty } from '../base/decimal.ts';
import type { Costs, RiskSettings } from '../domain/settings.ts';

/** Where candles or trades come from. */
export type Source =
  | { readonly from: 'file'; readonly path: string }
  | { readonly from: 'store'; readonly exchange: string }
  | { readonly from: 'synthetic'; readonly seed: number };

/** What the user says of the instrument; what is left out comes from the built-in table, or from the data. */
export interface InstrumentOverrides {
  readonly kind?: 'perpetual' | 'spot' | undefined;
  readonly tick?: Price | undefined;
  readonly step?: Qty | undefined;
  readonly notionalMin?: Money | undefined;
}

/** One strategy on one symbol: the part that backtest, paper and replay share. */
export interface RunRequest {
  /** A registered name, the name of a user's strategy, or a path that ends in .mts, .mjs, .ts or .js. */
  readonly strategy: string;
  readonly params: Readonly<Record<string, string>>;
  readonly symbol: string;
  /** `15m`; undefined: the strategy's own, or the feed's where the strategy says so. */
  readonly timeframe?: string | undefined;
  readonly seed: number;
  readonly risk: RiskSettings;
  readonly observe: boolean;
  readonly balance: Money;
  readonly costs: Costs;
  readonly instrument: InstrumentOverrides;
  readonly source: Source;
  /** Time frame of the source's candles where it cannot be read off them, or of the store's file. */
  readonly sourceTimeframe?: string | undefined;
  readonly fundingFile?: string | undefined;
  /** Trading begins at the first candle that opens at or after `from`; history before it warms up. Ends before `to`. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export interface BacktestRequest extends RunRequest {
  /** Folder of a journal file to write; undefined: memory only. */
  readonly journalDir?: string | undefined;
}

/** A paper run in the foreground. */
export interface ForegroundRequest extends RunRequest {
  readonly profile: string;
  /** `max`, or how many market seconds pass in one second. */
  readonly speed: 'max' | number;
  /** Level of the profile's log file; undefined: info. */
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error' | 'silent' | undefined;
}

/** Progress of long work: candles done of all. */
export type Progress = (done: number, all: number) => void;
