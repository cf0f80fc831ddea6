import type { Bar } from '../domain/candle.ts';

/** A number, a choice or a switch that a user may set: typed, documented and ranged. */
export type ParamSpec =
  | {
      readonly type: 'int' | 'number';
      readonly default: number;
      readonly min: number;
      readonly max: number;
      readonly about: string;
    }
  | { readonly type: 'choice'; readonly default: string; readonly choices: readonly string[]; readonly about: string }
  | { readonly type: 'switch'; readonly default: boolean; readonly about: string };
export type ParamSpecs = Readonly<Record<string, ParamSpec>>;
export type ParamValue = number | string | boolean;
export type Params = Readonly<Record<string, ParamValue>>;

/** One voice of a strategy. Its weight is fixed for a run. */
export interface VoteSpec {
  readonly name: string;
  readonly weight: number;
  readonly about: string;
}

/** How much history a strategy wants to have seen before its opinion counts, in candles of each time frame. */
export interface Warmup {
  readonly bars: number;
  readonly higherBars: number;
}

/**
 * What a strategy thinks after a closed candle. Preallocated by the engine and written in place, so that a quiet candle
 * allocates nothing. `votes[i]` is -1 (sell), 0 (against neither), +1 (buy) or NaN (not warm), in the order of the
 * definition's votes; `values[i]` is the evidence, in the order of the definition's values; `stopDistance` is the price
 * distance that the strategy would put between entry and stop, NaN for none, or 0 where a market stands still.
 */
export interface Opinion {
  readonly votes: Float64Array;
  readonly values: Float64Array;
  stopDistance: number;
}

/** A resting order that a strategy wants at the venue (grid and scalping); keys are the strategy's own and stable. */
export interface PlannedOrder {
  readonly key: string;
  readonly side: 'buy' | 'sell';
  readonly price: number;
  readonly qty: number;
  readonly reduceOnly: boolean;
  readonly postOnly: boolean;
}

/** One deployed strategy: its indicators and nothing else. It is rebuilt from candles and never saved. */
export interface Strategy {
  /** A candle of the run's time frame closed. Writes its view into `opinion`. */
  close(bar: Bar, opinion: Opinion): void;
  /** A candle of the higher time frame closed; it comes before the `close` of the same instant. */
  closeHigher?(bar: Bar): void;
  /** The resting orders it wants after this close, if it works with such orders. */
  plan?(bar: Bar): readonly PlannedOrder[];
}

/** Everything the product knows of a strategy: one file, one line in the registry. */
export interface StrategyDefinition {
  readonly name: string;
  /** Raised when the same candles would lead to other opinions. */
  readonly version: number;
  readonly title: string;
  readonly about: string;
  readonly params: ParamSpecs;
  votes(params: Params): readonly VoteSpec[];
  /** Names of the evidence numbers. */
  readonly values: readonly string[];
  /** Closed candles in a row on one side until READY. */
  confirmations(params: Params): number;
  warmup(params: Params): Warmup;
  /** The time frame it is made for (`15m`), or `feed` for that of the feed; `higher` is undefined where it needs none. */
  timeframes(params: Params): { readonly own: string; readonly higher?: string };
  create(params: Params): Strategy;
}
