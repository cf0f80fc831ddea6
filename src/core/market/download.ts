import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Candles } from '../domain/candle.ts';
import type { CandleRow } from '../domain/frame.ts';
import {
  type ExchangeRest,
  type FundingRow,
  isVenueProblem,
  type Timers,
  type VenueProblem,
} from '../venue/exchange.ts';
import { columnsOf, rowAt } from './columns.ts';
import { parseFunding } from './funding.ts';
import { findGaps } from './gaps.ts';
import { importCandles, openUnchecked } from './store.ts';
import { changeStore, writeWhole } from './store-file.ts';
import { fileSafe, type SeriesKey, seriesPath } from './store-key.ts';

/** What is fetched, and where it is kept. Instants in ms UTC: candles that open in `[from, to)`. */
export interface Download {
  readonly rest: ExchangeRest;
  /** The folder of the store. */
  readonly root: string;
  readonly key: SeriesKey;
  readonly from: number;
  readonly to: number;
  readonly timers: Timers;
  readonly signal: AbortSignal;
  /** Rows that are there, of all that may be. */
  readonly onProgress: (done: number, all: number) => void;
}

/** What a download left in the store; `problem`: why it ended early, with what came before it saved. */
export interface Downloaded {
  readonly path: string;
  /** In the range that was asked for. */
  readonly rows: number;
  readonly added: number;
  readonly gaps: { readonly count: number; readonly missing: number };
  readonly isInterrupted: boolean;
  readonly problem?: VenueProblem | undefined;
}

/** Candles a question, questions between two writes, tries of one question, and the longest silence that is waited out. */
const PAGE = 1_000;
const PAGES_KEPT = 40;
const TRIES = 5;
const SILENCE_MS_MAX = 120_000;

/** Fetches the candles of a range that the store has not, page by page; what came is kept, and the same again goes on. */
export async function downloadCandles(download: Download): Promise<Downloaded> {
  const { rest, root, key, from, to, signal, onProgress } = download;
  const { symbol, timeframeMs } = key;
  const of = key.price === 'mark' ? 'mark' : 'trades';
  const first = Math.ceil(from / timeframeMs) * timeframeMs;
  const all = Math.max(0, Math.ceil((to - first) / timeframeMs));
  let added = 0;
  let kept: CandleRow[] = [];
  const save = async (): Promise<void> => {
    if (kept.length === 0) return;
    added += (await importCandles(root, key, columnsOf(kept, timeframeMs))).added;
    kept = [];
  };
  let problem: VenueProblem | undefined;
  const stored = storedIn(root, key);
  let at = nextMissing(stored, timeframeMs, first, to);
  while (at < to && problem === undefined && !signal.aborted) {
    const limit = Math.min(PAGE, Math.ceil((to - at) / timeframeMs));
    const page = await patiently(download, () => rest.candles(symbol, { timeframeMs, from: at, limit, of }));
    if (isVenueProblem(page)) {
      problem = page;
      break;
    }
    const rows = page.filter(([openAt]) => openAt >= at && openAt < to);
    kept.push(...rows);
    const last = rows.at(-1)?.[0];
    if (last === undefined) break;
    at = last + timeframeMs;
    onProgress(Math.min(all, Math.round((at - first) / timeframeMs)), all);
    if (kept.length >= PAGE * PAGES_KEPT) await save();
    at = nextMissing(stored, timeframeMs, at, to);
  }
  await save();
  return { ...reachOf(root, key, first, to), added, isInterrupted: signal.aborted, problem };
}

/** Asks until there is an answer, or none is to be had: a silence that the venue wants is kept. */
async function patiently<T>(
  { timers, signal }: Pick<Download, 'timers' | 'signal'>,
  ask: () => Promise<T | VenueProblem>,
): Promise<T | VenueProblem> {
  for (let tried = 1; ; tried++) {
    const answer = await ask();
    if (!isVenueProblem(answer) || !isPassing(answer) || signal.aborted) return answer;
    const silence = (answer.silentUntil ?? 0) - timers.wall();
    if (tried >= TRIES || silence > SILENCE_MS_MAX) return answer;
    await pause(timers, signal, Math.max(silence, 1_000 * 2 ** (tried - 1)));
  }
}

const PASSING: ReadonlySet<string> = new Set(['NO_NETWORK', 'TIMED_OUT', 'BAD_ANSWER', 'VENUE_DOWN', 'RATE_LIMITED']);
const isPassing = ({ problem }: VenueProblem): boolean => PASSING.has(problem);

const pause = (timers: Timers, signal: AbortSignal, ms: number): Promise<void> =>
  new Promise((resolve) => {
    const give = timers.after(ms, resolve);
    const end = (): void => {
      give();
      resolve();
    };
    signal.addEventListener('abort', end, { once: true });
  });

/** The first open time at or after `from` that the store has no candle of. */
function nextMissing(stored: Candles | undefined, timeframeMs: number, from: number, to: number): number {
  if (stored === undefined) return from;
  const { openAt, length } = stored;
  let row = rowAt(openAt, length, from);
  let at = from;
  while (at < to && row < length && openAt[row] === at) {
    row++;
    at += timeframeMs;
  }
  return at;
}

function storedIn(root: string, key: SeriesKey): Candles | undefined {
  return existsSync(seriesPath(root, key)) ? openUnchecked(root, key).candles : undefined;
}

function reachOf(root: string, key: SeriesKey, from: number, to: number): Pick<Downloaded, 'path' | 'rows' | 'gaps'> {
  const path = seriesPath(root, key);
  const stored = storedIn(root, key);
  if (stored === undefined) return { path, rows: 0, gaps: { count: 0, missing: 0 } };
  const { openAt, length, timeframeMs } = stored;
  const within = openAt.subarray(rowAt(openAt, length, from), rowAt(openAt, length, to));
  const gaps = findGaps({ openAt: within, timeframeMs });
  return {
    path,
    rows: within.length,
    gaps: { count: gaps.length, missing: gaps.reduce((sum, gap) => sum + gap.missing, 0) },
  };
}

/** Settlements beside the candles: `funding/<exchange>/<symbol>.csv`, which `--funding` reads. */
export const fundingPath = (root: string, { exchange, symbol }: SeriesKey): string =>
  join(dirname(root), 'funding', exchange, `${fileSafe(symbol)}.csv`);

/** Fetches the settlements of a range after the last one that is kept; rates stay the venue's own decimal text. */
export async function downloadFunding(download: Download): Promise<Downloaded> {
  const { rest, root, key, to, signal, onProgress } = download;
  const path = fundingPath(root, key);
  const known = readKept(path);
  const rows = new Map<number, string>();
  let problem: VenueProblem | undefined;
  const last = known.at(-1)?.at;
  let from = last !== undefined && (known[0]?.at ?? 0) <= download.from + DAY_MS ? last + 1 : download.from;
  while (from < to && !signal.aborted) {
    const page = await patiently(download, () => rest.fundingRates(key.symbol, from, PAGE));
    if (isVenueProblem(page)) {
      problem = page;
      break;
    }
    const fresh = page.filter(({ at }) => at >= from && at < to);
    for (const { at, rate } of fresh) rows.set(at, rate);
    const end = fresh.at(-1)?.at;
    if (end === undefined) break;
    from = end + 1;
    onProgress(known.length + rows.size, known.length + rows.size);
  }
  const { kept, added } = await changeStore(root, () => keepFunding(path, rows));
  const within = kept.filter(({ at }) => at >= download.from && at < to).length;
  const gaps = { count: 0, missing: 0 };
  return { path, rows: within, added, gaps, isInterrupted: signal.aborted, problem };
}

const DAY_MS = 86_400_000;

/** Adds settlements to those that are kept by now: another download may have brought some meanwhile. */
function keepFunding(
  path: string,
  fresh: ReadonlyMap<number, string>,
): { readonly kept: readonly FundingRow[]; readonly added: number } {
  const known = readKept(path);
  const rows = new Map([...known.map(({ at, rate }) => [at, rate] as const), ...fresh]);
  const kept = [...rows].map(([at, rate]) => ({ at, rate })).sort((a, b) => a.at - b.at);
  const added = kept.length - known.length;
  const lines = kept.map(({ at, rate }) => `${at},${rate}\n`);
  if (added > 0) writeWhole(path, Buffer.from(`timestamp_ms,funding_rate\n${lines.join('')}`));
  return { kept, added };
}

function readKept(path: string): readonly FundingRow[] {
  if (!existsSync(path)) return [];
  const { at, rate } = parseFunding(readFileSync(path), path);
  return Array.from(at, (instant, i) => ({ at: instant, rate: rate[i] as string }));
}
