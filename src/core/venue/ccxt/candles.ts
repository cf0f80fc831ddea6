import type { CandleRow } from '../../domain/frame.ts';
import type { Lane } from './budget.ts';
import { fail } from './problem.ts';

const DAY = 86_400_000;
/** So few candles are no past: they fill a hole of the present, and no history stands in their way. */
const HOLE_ROWS = 100;

/** How urgent a page of so many candles is. */
export const laneOfPage = (limit: number): Lane => (limit < HOLE_ROWS ? 'plain' : 'history');

/**
 * Closed candles among what a venue gave: sorted, each open time once, none before `from`, at most `limit`. A candle is
 * closed when the venue's clock had passed its end as the question was sent.
 */
export function closedCandles(
  rows: readonly CandleRow[],
  query: { readonly timeframeMs: number; readonly from: number; readonly limit: number },
  venueAt: number,
): readonly CandleRow[] {
  for (const row of rows) refuseImpossible(row, query.timeframeMs);
  const byOpen = new Map(rows.map((row) => [row[0], row]));
  return [...byOpen.values()]
    .filter(([openAt]) => openAt >= query.from && openAt + query.timeframeMs <= venueAt)
    .sort((a, b) => a[0] - b[0])
    .slice(0, query.limit);
}

/** One candle that cannot be spoils the answer: a hole in its place would be taken for the venue's. */
function refuseImpossible(row: CandleRow, timeframeMs: number): void {
  const [openAt, open, high, low, close, volume] = row;
  const isWhole = [openAt, open, high, low, close, volume].every(Number.isFinite);
  const isOnGrid = DAY % timeframeMs !== 0 || openAt % timeframeMs === 0;
  const isInside = low > 0 && high >= Math.max(open, close) && low <= Math.min(open, close) && volume >= 0;
  if (isWhole && isOnGrid && isInside) return;
  fail(
    'BAD_ANSWER',
    'candles with low <= open, close <= high, above zero, on the grid of the time frame',
    row.join(' '),
  );
}
