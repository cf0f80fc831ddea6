import type { Tallied } from './record.ts';

/**
 * What the number is. `money`: decimal text in the account's asset; `share`: a fraction of 1; `ms`: a duration;
 * `r`: units of planned risk; `times`: a multiple.
 */
export type Unit = 'money' | 'share' | 'ratio' | 'count' | 'ms' | 'r' | 'times';
export type Group = 'result' | 'risk' | 'ratios' | 'trades' | 'days' | 'costs';
/** What it takes to mean anything: 10 trades, 14 daily returns, or nothing (counts, sums and extremes). */
export type Needs = 'nothing' | 'trades' | 'days';
/** Money is decimal text; undefined is not available and prints `n/a`. */
export type MetricValue = number | string | undefined;

/** One file and one line in the registry. */
export interface Metric {
  /** Stable key, the same in JSON. */
  readonly name: string;
  readonly title: string;
  readonly group: Group;
  readonly unit: Unit;
  readonly needs: Needs;
  /** Formula and source. */
  readonly about: string;
  compute(record: Tallied): MetricValue;
}

export const TRADES_MIN = 10;
export const DAYS_MIN = 14;
/** Under this a deviation or a drawdown is rounding, and a ratio to it means nothing. */
export const SIGMA_MIN = 1e-9;
/** Crypto trades every day: what is daily is brought to a year with 365, not with 252. */
export const YEAR_DAYS = 365;

/** A metric that is undefined where the record has too little for it, or where the formula gives no finite number. */
export function defineMetric(metric: Metric): Metric {
  return {
    ...metric,
    compute(record) {
      if (metric.needs === 'trades' && record.trades.length < TRADES_MIN) return undefined;
      if (metric.needs === 'days' && record.returns.length < DAYS_MIN) return undefined;
      const value = metric.compute(record);
      if (typeof value !== 'number') return value;
      // Plus 0: no report says -0.
      return Number.isFinite(value) ? value + 0 : undefined;
    },
  };
}

/** `part / whole`, undefined where the whole is too small to divide by. */
export function over(part: number, whole: number): number | undefined {
  return whole >= SIGMA_MIN ? part / whole : undefined;
}
