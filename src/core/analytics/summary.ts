import { text } from '../base/decimal.ts';
import { METRICS } from './metrics.ts';
import { type TradingRecord, tally } from './record.ts';

/** Null is `n/a`: too few trades or days, or nothing to divide by. */
export type SummaryValue = number | string | null;

/**
 * Every metric by its key, and the ends of the record. Money is decimal text, shares are fractions of 1, durations and
 * instants are ms. Keys are stable: a metric of the registry is a key here.
 */
export interface Summary {
  readonly from: number;
  readonly to: number;
  readonly startBalance: string;
  /** Wallet balance at the end, without open profit and loss. */
  readonly balance: string;
  readonly finalEquity: string;
  readonly netProfit: string;
  readonly trades: number;
  readonly maxDrawdown: number;
  readonly fees: string;
  readonly funding: string;
  readonly winRate: number | null;
  readonly profitFactor: number | null;
  readonly expectancy: string | null;
  readonly expectancyR: number | null;
  readonly sharpe: number | null;
  readonly sortino: number | null;
  readonly calmar: number | null;
  readonly cagr: number | null;
  readonly psr: number | null;
  readonly exposure: number | null;
  /** The other metrics of the registry. */
  readonly [metric: string]: SummaryValue;
}

/** Measures a record with every metric. The record is read, never kept or changed. */
export function summarize(record: TradingRecord): Summary {
  const tallied = tally(record);
  const summary: Record<string, SummaryValue> = { from: record.from, to: record.to, balance: text(record.balance) };
  for (const metric of METRICS) summary[metric.name] = metric.compute(tallied) ?? null;
  return summary as Summary;
}
