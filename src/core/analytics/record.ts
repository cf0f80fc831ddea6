import { type Money, type Price, plus, type Qty, toNumber } from '../base/decimal.ts';
import type { ClosedBody } from '../domain/events.ts';
import type { Position } from '../domain/position.ts';
import type { EquityTracker } from './equity.ts';
import { type Tally, tallyOf } from './tally.ts';

/** A position that is still open at the end: its costs count, it is no trade yet. */
export interface OpenCosts {
  readonly entryAt: number;
  /** Value traded so far: what is held, and both legs of what was closed of it. */
  readonly volume: Money;
  /** Fees and funding so far (funding: received positive). */
  readonly fees: Money;
  readonly funding: Money;
}

export const openCostsOf = ({ openedAt, cost, closedCost, closedValue, fees, funding }: Position): OpenCosts => ({
  entryAt: openedAt,
  volume: plus(plus(cost, closedCost), closedValue),
  fees,
  funding,
});

/** The same with what it is and stands at. */
export interface OpenTrade extends OpenCosts {
  readonly side: 'long' | 'short';
  readonly qty: Qty;
  readonly entryPrice: Price;
  /** What partial closes booked, before costs. */
  readonly gross: Money;
  /** The price that it was marked at. */
  readonly mark: number;
  /** Open profit or loss at the mark, before costs. */
  readonly unrealised: Money;
}

/**
 * What metrics are told from: the closed trades of one account or run in the order in which they closed, the equity
 * tracker that was marked on every candle, and the ends. Instants are ms UTC.
 */
export interface TradingRecord {
  readonly startBalance: Money;
  /** Wallet balance at the end: realised profit and loss, fees and funding are in it. */
  readonly balance: Money;
  /** Balance plus open profit and loss at the end. */
  readonly finalEquity: Money;
  /** Deposits minus withdrawals, which the tracker took as flows: neither profit nor loss. */
  readonly deposits?: Money | undefined;
  readonly from: number;
  readonly to: number;
  readonly trades: readonly ClosedBody[];
  readonly tracker: EquityTracker;
  readonly open: readonly OpenCosts[];
  /** First and last price of the market that was traded, where there is one. */
  readonly market?: { readonly first: number; readonly last: number } | undefined;
}

/** A record with what most metrics share, summed once. */
export interface Tallied extends TradingRecord {
  readonly tally: Tally;
  /** Net profit: final equity - start balance - deposits + withdrawals. */
  readonly netProfit: Money;
  /** Equity at the end of each UTC day, open profit and loss included, without what was paid in or out. */
  readonly closes: Float64Array;
  /** Daily returns `close / close before - 1`, the first one against the start. NaN after equity reached 0. */
  readonly returns: Float64Array;
}

/** Sums a record up once, for all metrics. Fees, funding and value of an open position count. */
export function tally(record: TradingRecord): Tallied {
  const closes = record.tracker.dailyCloses();
  const netProfit = (record.finalEquity - record.startBalance - (record.deposits ?? 0n)) as Money;
  const returns = returnsOf(closes, record.tracker.startEquity);
  return { ...record, tally: tallyOf(record), netProfit, closes, returns };
}

/**
 * How many times itself the money of the start has become, time-weighted: the tracker's chain of spans, which is final
 * equity / start balance where nothing was paid in or out.
 */
export function growthOf({ finalEquity, startBalance, deposits, tracker }: TradingRecord): number {
  if (deposits === undefined) return toNumber(finalEquity) / toNumber(startBalance);
  return tracker.index / tracker.startEquity;
}

function returnsOf(closes: Float64Array, start: number): Float64Array {
  let before = start;
  return closes.map((close) => {
    const change = before > 0 ? close / before - 1 : NaN;
    before = close;
    return change;
  });
}
