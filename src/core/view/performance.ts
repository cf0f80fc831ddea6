import { createEquityTracker, type EquityTracker } from '../analytics/equity.ts';
import { type OpenCosts, openCostsOf, type TradingRecord } from '../analytics/record.ts';
import { type Summary, summarize } from '../analytics/summary.ts';
import { approximate, type Money } from '../base/decimal.ts';
import type { Account } from '../domain/account.ts';
import type { ClosedBody } from '../domain/events.ts';
import type { Run } from '../domain/run.ts';
import type { EquityMark, Scene } from './scene.ts';

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
  const isFed =
    subject.of === 'account' && (account.deposits !== 0n || points.some(([, , paidIn]) => paidIn !== undefined));
  const deposits = isFed ? account.deposits : undefined;
  markAll(tracker, isFed ? withForgotten(points, account) : points, trades);
  const ends = endsOf(scene, subject, trades);
  const open = openOf(scene, subject);
  const record = { ...ends, open, startBalance: account.startBalance, deposits, from, to, trades, tracker };
  return { subject, trades, tracker, summary: summarize(record) };
}

/** What open positions have cost so far. */
function openOf({ state }: Scene, subject: Subject): readonly OpenCosts[] {
  const runs =
    subject.of === 'run' ? [subject.run] : state.runs.filter((run) => run.account === subject.account.account);
  return runs.flatMap(({ position }) => (position === undefined ? [] : [openCostsOf(position)]));
}

type Points = readonly EquityMark[];

/** What was paid in or out before the oldest mark that is kept counts as paid in by then. */
function withForgotten(points: Points, { deposits }: Account): Points {
  const [first, ...rest] = points;
  if (first === undefined) return points;
  const [at, value, paidIn = 0] = first;
  const told = points.reduce((sum, [, , each = 0]) => sum + each, 0);
  const forgotten = approximate(deposits) - told;
  return Math.abs(forgotten) < FORGOTTEN_MIN ? points : [[at, value, paidIn + forgotten], ...rest];
}

/** Less than this is rounding: no asset has more than eight digits. */
const FORGOTTEN_MIN = 1e-8;

/** The marks of the journal, and what the account is worth now. */
function marksOf(scene: Scene, { account }: Account): Points {
  const marks = scene.equity[account] ?? [];
  const frame = scene.accounts.find((each) => each.account === account);
  if (frame === undefined || scene.now === null || marks.length === 0) return marks;
  return [...marks, [scene.now, approximate(frame.equity)]];
}

/**
 * The marks of an account for a chart. It ends at the equity of today; what lies before a deposit or a withdrawal is drawn
 * in proportion, so that no step is one.
 */
export function equityPoints(scene: Scene, account: Account): readonly (readonly [at: number, value: number])[] {
  let unit = 1;
  const indices = withForgotten(marksOf(scene, account), account).map(([at, value, paidIn = 0]) => {
    const index = (value - paidIn) * unit;
    if (paidIn !== 0 && value > 0) unit = index / value;
    return [at, index] as const;
  });
  // An account that was emptied has no scale of today: it is drawn in money of the start.
  return unit > 0 ? indices.map(([at, index]) => [at, index / unit] as const) : indices;
}

/** A run has no equity of its own: the start balance and what its trades added to it. */
function closesOf(account: Account, trades: readonly ClosedBody[]): Points {
  let equity: bigint = account.startBalance;
  const first = trades[0];
  if (first === undefined) return [];
  const points: EquityMark[] = [[first.entryAt, approximate(equity)]];
  for (const { exitAt, pnl } of trades) {
    equity += pnl;
    points.push([exitAt, approximate(equity)]);
  }
  return points;
}

/**
 * Marks every point; a position was held since the one before where a trade lies between them. What was paid in or out
 * is taken once equity without it is marked.
 */
function markAll(tracker: EquityTracker, points: Points, trades: readonly ClosedBody[]): void {
  const byEntry = trades.toSorted((a, b) => a.entryAt - b.entryAt);
  let next = 0;
  let heldUntil = -Infinity;
  let before = -Infinity;
  for (const [at, equity, paidIn = 0] of points) {
    for (let trade = byEntry[next]; trade !== undefined && trade.entryAt < at; trade = byEntry[++next]) {
      heldUntil = Math.max(heldUntil, trade.exitAt);
    }
    if (at >= before) tracker.mark(at, equity - paidIn, heldUntil > before);
    if (paidIn !== 0) tracker.flow(paidIn);
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
