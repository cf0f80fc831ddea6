import { createEquityTracker, type EquityTracker } from '../analytics/equity.ts';
import type { TradingRecord } from '../analytics/record.ts';
import { type Summary, summarize } from '../analytics/summary.ts';
import { approximate, type Money } from '../base/decimal.ts';
import type { Account } from '../domain/account.ts';
import type { ClosedBody } from '../domain/events.ts';
import type { Run } from '../domain/run.ts';
import type { Scene } from './scene.ts';

/** Whose results are looked at: an account with all that it earned, or the closed trades of one run. */
export type Subject =
  | { readonly of: 'account'; readonly key: string; readonly account: Account }
  | { readonly of: 'run'; readonly key: string; readonly run: Run; readonly account: Account };

/** What metrics and charts are told from. */
export interface Performance {
  readonly subject: Subject;
  readonly trades: readonly ClosedBody[];
  readonly summary: Summary;
  readonly tracker: EquityTracker;
}

/** Accounts, each with its runs under it. */
export function subjectsOf({ state }: Scene): readonly Subject[] {
  return state.accounts.flatMap((account) => [
    { of: 'account' as const, key: account.account, account },
    ...state.runs
      .filter((run) => run.account === account.account)
      .map((run) => ({ of: 'run' as const, key: `${run.run}`, run, account })),
  ]);
}

/** Results of a subject from its closed trades and the marks of its equity. */
export function performanceOf(scene: Scene, subject: Subject): Performance {
  const { account } = subject;
  const trades = scene.trades
    .filter((trade) => (subject.of === 'run' ? trade.run === subject.run.run : trade.account === account.account))
    .map(({ body }) => body);
  const points = subject.of === 'run' ? closesOf(account, trades) : marksOf(scene, account);
  const from = points[0]?.[0] ?? (subject.of === 'run' ? subject.run.startedAt : (scene.now ?? 0));
  const to = Math.max(from, scene.now ?? from);
  const start = approximate(account.startBalance);
  const tracker = createEquityTracker(start > 0 ? start : 1, from, to);
  markAll(tracker, points, trades);
  const record = { ...endsOf(scene, subject, trades), startBalance: account.startBalance, from, to, trades, tracker };
  return { subject, trades, tracker, summary: summarize(record) };
}

type Points = readonly (readonly [at: number, equity: number])[];

/** The marks of the journal, and what the account is worth now. */
function marksOf(scene: Scene, { account }: Account): Points {
  const marks = scene.equity[account] ?? [];
  const frame = scene.accounts.find((each) => each.account === account);
  if (frame === undefined || scene.now === null || marks.length === 0) return marks;
  return [...marks, [scene.now, approximate(frame.equity)]];
}

/** A run has no equity of its own: the start balance and what its trades added to it. */
function closesOf(account: Account, trades: readonly ClosedBody[]): Points {
  let equity: bigint = account.startBalance;
  const first = trades[0];
  if (first === undefined) return [];
  const points: (readonly [number, number])[] = [[first.entryAt, approximate(equity)]];
  for (const { exitAt, pnl } of trades) {
    equity += pnl;
    points.push([exitAt, approximate(equity)]);
  }
  return points;
}

/** Marks every point; a position was held since the one before where a trade lies between them. */
function markAll(tracker: EquityTracker, points: Points, trades: readonly ClosedBody[]): void {
  const byEntry = trades.toSorted((a, b) => a.entryAt - b.entryAt);
  let next = 0;
  let heldUntil = -Infinity;
  let before = -Infinity;
  for (const [at, equity] of points) {
    for (let trade = byEntry[next]; trade !== undefined && trade.entryAt < at; trade = byEntry[++next]) {
      heldUntil = Math.max(heldUntil, trade.exitAt);
    }
    if (at >= before) tracker.mark(at, equity, heldUntil > before);
    before = Math.max(before, at);
  }
}

function endsOf(
  scene: Scene,
  subject: Subject,
  trades: readonly ClosedBody[],
): Pick<TradingRecord, 'balance' | 'finalEquity'> {
  const { account } = subject;
  if (subject.of === 'account') {
    const frame = scene.accounts.find((each) => each.account === account.account);
    return { balance: account.balance, finalEquity: frame?.equity ?? account.balance };
  }
  let balance: bigint = account.startBalance;
  for (const { pnl } of trades) balance += pnl;
  return { balance: balance as Money, finalEquity: balance as Money };
}
