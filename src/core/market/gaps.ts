import type { Candles } from '../domain/candle.ts';

/** A break in the steps of a series: the candles that would open in `[from, to)` are absent. Instants in ms UTC. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  /** How many candles are absent. */
  readonly missing: number;
}

export interface GapCount {
  readonly count: number;
  /** Candles absent in all gaps together. */
  readonly missing: number;
}

/** Rows read in one call: V8 compiles a loop well only where its function is entered many times. */
const CHUNK = 4_096;

/** The smallest step forward between two open times, in ms; Infinity where there is none. */
function smallestStep(openAt: Float64Array): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (let from = 1; from < openAt.length; from += CHUNK) {
    smallest = Math.min(smallest, smallestIn(openAt, from, Math.min(from + CHUNK, openAt.length)));
  }
  return smallest;
}

function smallestIn(openAt: Float64Array, from: number, to: number): number {
  let smallest = Number.POSITIVE_INFINITY;
  let before = openAt[from - 1] as number;
  for (let row = from; row < to; row++) {
    const at = openAt[row] as number;
    const step = at - before;
    if (step < smallest && step > 0) smallest = step;
    before = at;
  }
  return smallest;
}

/** A series on a coarser grid than its smallest step may have so large a part of its rows off that grid. */
const OFF_GRID_MAX = 0.05;

/**
 * The step of a series in ms: the smallest one, unless it comes of a few rows off the grid that all others make with the most
 * usual one. Infinity where there is no step forward.
 */
export function usualStep(openAt: Float64Array): number {
  const smallest = smallestStep(openAt);
  if (isMostly(openAt, smallest)) return smallest;
  const steps = new Map<number, number>();
  for (let row = 1; row < openAt.length; row++) count(steps, (openAt[row] as number) - (openAt[row - 1] as number));
  // Of two that are as usual, the larger.
  const usual = mostOf([...steps].sort(([a], [b]) => b - a));
  if (!(usual > smallest)) return smallest;
  const phase = usualPhase(openAt, usual);
  const off = openAt.filter((at) => (at - phase) % usual !== 0).length;
  return off <= Math.max(1, OFF_GRID_MAX * openAt.length) && openAt.length > 3 ? usual : smallest;
}

/** Whether more than half of the steps are this one. */
function isMostly(openAt: Float64Array, step: number): boolean {
  let left = Math.ceil((openAt.length - 1) / 2);
  for (let row = nextBreak(openAt, step, 1); left > 0; row = nextBreak(openAt, step, row + 1), left--) {
    if (row >= openAt.length) return true;
  }
  return false;
}

/** Where in the time frame most rows open, in ms from its begin. */
export function usualPhase(openAt: Float64Array, timeframeMs: number): number {
  const phases = new Map<number, number>();
  for (const at of openAt) count(phases, at % timeframeMs);
  return mostOf(phases);
}

const count = (counts: Map<number, number>, key: number): void => void counts.set(key, (counts.get(key) ?? 0) + 1);

/** What was counted most often; the first of several. */
function mostOf(counts: Iterable<readonly [key: number, times: number]>): number {
  let most = 0;
  let found = Number.NaN;
  for (const [key, times] of counts) {
    if (times <= most) continue;
    most = times;
    found = key;
  }
  return found;
}

/** The first row at or after `from` whose step from the row before is not `timeframeMs`; the length where all are. */
export function nextBreak(openAt: Float64Array, timeframeMs: number, from: number): number {
  for (let row = Math.max(from, 1); row < openAt.length; row += CHUNK) {
    const found = breakIn(openAt, timeframeMs, row, Math.min(row + CHUNK, openAt.length));
    if (found >= 0) return found;
  }
  return openAt.length;
}

function breakIn(openAt: Float64Array, timeframeMs: number, from: number, to: number): number {
  for (let row = from; row < to; row++) {
    if ((openAt[row] as number) - (openAt[row - 1] as number) !== timeframeMs) return row;
  }
  return -1;
}

/** All gaps of a series, in order of time. */
export function findGaps(candles: Pick<Candles, 'openAt' | 'timeframeMs'>): readonly Gap[] {
  const { openAt, timeframeMs } = candles;
  const gaps: Gap[] = [];
  for (
    let row = nextBreak(openAt, timeframeMs, 1);
    row < openAt.length;
    row = nextBreak(openAt, timeframeMs, row + 1)
  ) {
    const from = (openAt[row - 1] as number) + timeframeMs;
    const to = openAt[row] as number;
    if (to > from) gaps.push({ from, to, missing: Math.ceil((to - from) / timeframeMs) });
  }
  return gaps;
}

export function countGaps(candles: Pick<Candles, 'openAt' | 'timeframeMs'>): GapCount {
  const gaps = findGaps(candles);
  return { count: gaps.length, missing: gaps.reduce((sum, gap) => sum + gap.missing, 0) };
}
