import type { Rate } from '../../base/decimal.ts';
import type { CandleRow } from '../../domain/frame.ts';
import { HOUR_MS } from '../../domain/time.ts';
import { isVenueProblem, type VenueProblem } from '../../venue/exchange.ts';
import type { Opened } from '../feed.ts';
import { rateOf } from './funding.ts';
import { TIMEFRAME_MS } from './options.ts';
import type { Present } from './present.ts';
import type { Questions } from './questions.ts';
import { isCandle } from './rows.ts';

const PAGE_ROWS = 1_000;
/** An empty page says nothing of what lies beyond the smallest page that venues give. */
const STEP_ROWS = 100;
const TRIES = 3;
const RETRY_MS = 500;
/** A longer silence is told; a budget frees with its minute, and an opening that began anew then would never end. */
const WAIT_MS_MAX = 65_000;

/** Whom and how the past is asked. */
export interface Past {
  readonly present: Present;
  readonly questions: Questions;
}

/** Asks again where an answer was lost on the way, or after a short silence. */
async function insist<T>(past: Past, question: () => Promise<T | VenueProblem>): Promise<T | VenueProblem> {
  for (let left = TRIES - 1; ; left--) {
    const answer = await question();
    if (!isVenueProblem(answer) || left === 0 || past.present.isEnded) return answer;
    const waitMs = past.questions.waitMs(answer, RETRY_MS);
    const isPassing = ['NO_NETWORK', 'TIMED_OUT', 'BAD_ANSWER', 'VENUE_DOWN', 'RATE_LIMITED'].includes(answer.problem);
    if (!isPassing || waitMs > WAIT_MS_MAX) return answer;
    await past.present.pause(waitMs);
  }
}

/** The closed candles from an instant on, page by page, oldest first. A hole that the venue has is in them, too. */
export async function pastCandles(past: Past, symbol: string, from: number): Promise<CandleRow[] | VenueProblem> {
  const { present, questions } = past;
  const rows: CandleRow[] = [];
  let rowsSeen = 0;
  let nextAt = Math.ceil(Math.max(from, 0) / TIMEFRAME_MS) * TIMEFRAME_MS;
  while (nextAt + TIMEFRAME_MS <= present.venueNow() && !present.isEnded) {
    const query = { timeframeMs: TIMEFRAME_MS, from: nextAt, limit: PAGE_ROWS, of: 'trades' as const };
    const page = await insist(past, () => questions.ask((rest) => rest.candles(symbol, query)));
    if (isVenueProblem(page)) return page;
    const before = nextAt;
    rowsSeen = Math.max(rowsSeen, page.length);
    for (const row of page) {
      if (row[0] < nextAt || row[0] + TIMEFRAME_MS > present.venueNow() || !isCandle(row)) continue;
      rows.push(row);
      nextAt = row[0] + TIMEFRAME_MS;
    }
    // Nothing in all of the page: the venue has a hole there, or it is older than the symbol.
    if (nextAt === before) nextAt += Math.max(rowsSeen, STEP_ROWS) * TIMEFRAME_MS;
  }
  return rows;
}

/**
 * The settlements since an instant, oldest first; none where the venue tells none.
 * @param everyMs between two of them; null where it is not known: never less than an hour
 */
export async function pastFunding(
  past: Past,
  symbol: string,
  from: number,
  everyMs: number | null,
): Promise<Opened['funding'] | VenueProblem> {
  const { present, questions } = past;
  const settled: { readonly at: number; readonly rate: Rate }[] = [];
  for (let since = from; !present.isEnded; ) {
    const page = await insist(past, () => questions.ask((rest) => rest.fundingRates(symbol, since, PAGE_ROWS)));
    if (isVenueProblem(page)) return page.problem === 'NOT_SUPPORTED' ? [] : page;
    const before = since;
    for (const row of page) {
      const paid = rateOf(row.rate);
      if (row.at < since || row.at > present.venueNow() || paid === undefined) continue;
      settled.push({ at: row.at, rate: paid });
      since = row.at + 1;
    }
    // How many a page holds is the venue's own: it is the last where nothing more can be due.
    if (since === before || since + (everyMs ?? HOUR_MS) > present.venueNow()) return settled;
  }
  return settled;
}
