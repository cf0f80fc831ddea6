import { text } from '../base/decimal.ts';
import type { ClosedBody } from '../domain/events.ts';
import { Score } from './tally.ts';

/** The closed trades of one exit reason. `pnl` is their exact sum as decimal text. */
export interface ReasonRow {
  readonly reason: string;
  readonly trades: number;
  readonly wins: number;
  readonly losses: number;
  readonly pnl: string;
  /** Mean R of the trades that planned a risk; null without one. */
  readonly r: number | null;
  /** Mean time from entry to exit. */
  readonly durationMs: number;
}

interface Sums {
  readonly score: Score;
  planned: number;
  rSum: number;
  ms: number;
}

/** Trades by the reason of their exit, the most frequent first, then by name. The rows add up to all trades. */
export function byReason(trades: readonly ClosedBody[]): readonly ReasonRow[] {
  const reasons = new Map<string, Sums>();
  for (const trade of trades) {
    let sums = reasons.get(trade.reason);
    if (sums === undefined) {
      sums = { score: new Score(), planned: 0, rSum: 0, ms: 0 };
      reasons.set(trade.reason, sums);
    }
    sums.score.add(trade.pnl);
    sums.ms += trade.exitAt - trade.entryAt;
    if (trade.r !== null) {
      sums.planned++;
      sums.rSum += trade.r;
    }
  }
  return [...reasons].map(([reason, sums]) => rowOf(reason, sums)).sort(byFrequency);
}

function rowOf(reason: string, { score, planned, rSum, ms }: Sums): ReasonRow {
  return {
    reason,
    trades: score.trades,
    wins: score.wins,
    losses: score.losses,
    pnl: text(score.pnl),
    r: planned === 0 ? null : rSum / planned,
    durationMs: ms / score.trades,
  };
}

/** Code units decide between names: no locale. */
function byFrequency(a: ReasonRow, b: ReasonRow): number {
  return b.trades - a.trades || (a.reason < b.reason ? -1 : 1);
}
