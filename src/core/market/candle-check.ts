import type { Candles } from '../domain/candle.ts';
import { PRICE_MAX, PRICE_MIN, timeframeName } from '../domain/candle.ts';
import { EARLIEST_AT, LATEST_AT } from './cell.ts';
import { findGaps, type Gap, nextBreak, usualPhase } from './gaps.ts';

/** Candles before their time frame is known. */
export type CandleColumns = Omit<Candles, 'timeframeMs'>;

export type CandleFlawCode = 'unsorted' | 'duplicate' | 'impossible' | 'uneven';

/** What is wrong with one row (from 0), which stands on this line of a file. */
export interface CandleFlaw {
  readonly row: number;
  readonly line?: number;
  readonly openAt: number;
  readonly code: CandleFlawCode;
  readonly expected: string;
  readonly found: string;
}

/** What a look at every candle found. `flaws` are the first of them, the counts are of all. */
export interface CandleCheck {
  readonly rows: number;
  readonly timeframeMs: number;
  /** Open times of the first and the last candle whose time is right; undefined where none is. */
  readonly firstAt: number | undefined;
  readonly lastAt: number | undefined;
  /** Between those. */
  readonly gaps: readonly Gap[];
  readonly counts: Readonly<Record<CandleFlawCode, number>>;
  readonly flaws: readonly CandleFlaw[];
}

const CHUNK = 4_096;
const FLAWS_KEPT = 20;

/** The first row at or after `from` that is out of order, repeated or impossible; the length where none is. */
export function nextFlaw(candles: CandleColumns, from: number): number {
  for (let row = from; row < candles.length; row += CHUNK) {
    const found = flawIn(candles, row, Math.min(row + CHUNK, candles.length));
    if (found >= 0) return found;
  }
  return candles.length;
}

/** One comparison chain that any NaN breaks. */
function flawIn(candles: CandleColumns, from: number, to: number): number {
  const { openAt, open, high, low, close, volume } = candles;
  let before = openAt[timedBefore(openAt, from)] ?? EARLIEST_AT - 1;
  for (let row = from; row < to; row++) {
    const at = openAt[row] as number;
    const o = open[row] as number;
    const h = high[row] as number;
    const l = low[row] as number;
    const c = close[row] as number;
    const v = volume[row] as number;
    const isTimely = at > before && at < LATEST_AT;
    const isPriced = l >= PRICE_MIN && l <= o && l <= c && h >= o && h >= c && h <= PRICE_MAX;
    const isPossible = isPriced && v >= 0 && v < Infinity;
    if (!isTimely || !isPossible) return row;
    before = at;
  }
  return -1;
}

const isTime = (at: number): boolean => at >= EARLIEST_AT && at < LATEST_AT;

/** The last row before this one whose time can be one; -1 where none is. */
function timedBefore(openAt: Float64Array, row: number): number {
  let before = row - 1;
  while (before >= 0 && !isTime(openAt[before] as number)) before--;
  return before;
}

/** Says what is wrong at a row that `nextFlaw` named: with it, or, where it fits in without it, with the one before it. */
export function explainFlaw(candles: CandleColumns, row: number): CandleFlaw {
  const openAt = candles.openAt[row] as number;
  const flaw = (code: CandleFlawCode, expected: string, found: string): CandleFlaw => ({
    row,
    openAt,
    code,
    expected,
    found,
  });
  if (!isTime(openAt)) return flaw('impossible', 'a time between 1990 and 2100', `${openAt} ms since 1970`);
  const rowBefore = timedBefore(candles.openAt, row);
  const before = candles.openAt[rowBefore] ?? Number.NEGATIVE_INFINITY;
  if (openAt === before) return flaw('duplicate', 'each time once', `${openAt} twice`);
  if (openAt < before) {
    if (!isAhead(candles.openAt, rowBefore, row))
      return flaw('unsorted', 'times that rise', `${openAt} after ${before}`);
    const ahead = flaw('unsorted', 'times that rise', `${before} before ${openAt}`);
    return { ...ahead, row: rowBefore, openAt: before };
  }
  const [expected, found] = explainPrices(candles, row);
  return flaw('impossible', expected, found);
}

/** Whether it is the earlier of two rows that is out of order: what stands before and after it rises without it. */
function isAhead(openAt: Float64Array, rowBefore: number, row: number): boolean {
  const earlier = openAt[timedBefore(openAt, rowBefore)] ?? Number.NEGATIVE_INFINITY;
  const at = openAt[row] as number;
  const later = openAt[row + 1] ?? Number.NaN;
  return earlier < at && at < later && later <= (openAt[rowBefore] as number);
}

function explainPrices(candles: CandleColumns, row: number): readonly [expected: string, found: string] {
  for (const name of ['open', 'high', 'low', 'close'] as const) {
    const value = candles[name][row] as number;
    const named = name === 'open' ? 'an open' : `a ${name}`;
    if (!(value > 0)) return [`${named} above 0`, `${value}`];
    if (value < PRICE_MIN || value > PRICE_MAX) return [`${named} from ${PRICE_MIN} to 10^13`, `${value}`];
  }
  const [open, high, low, close, volume] = (['open', 'high', 'low', 'close', 'volume'] as const).map(
    (name) => candles[name][row] as number,
  ) as [number, number, number, number, number];
  if (!(volume >= 0 && volume < Infinity)) return ['a volume of 0 or more', `${volume}`];
  const prices = `open ${open}, high ${high}, low ${low}, close ${close}`;
  if (high < Math.max(open, close)) return ['a high at or above open and close', prices];
  return ['a low at or below open and close', prices];
}

/** Rows that do not lie on the one grid of times that most rows lie on. */
export function* unevenRows({
  openAt,
  timeframeMs,
}: Pick<Candles, 'openAt' | 'timeframeMs'>): Generator<CandleFlaw, void> {
  if (!hasUnevenStep(openAt, timeframeMs)) return;
  const phase = usualPhase(openAt, timeframeMs);
  for (let row = 0; row < openAt.length; row++) {
    const at = openAt[row] as number;
    const off = (at - phase) % timeframeMs;
    if (off === 0 || !isTime(at)) continue;
    const expected = `times that lie multiples of ${timeframeName(timeframeMs)} apart`;
    yield { row, openAt: at, code: 'uneven', expected, found: `${at}, which is ${off} ms off the others` };
  }
}

function hasUnevenStep(openAt: Float64Array, timeframeMs: number): boolean {
  for (
    let row = nextBreak(openAt, timeframeMs, 1);
    row < openAt.length;
    row = nextBreak(openAt, timeframeMs, row + 1)
  ) {
    const step = (openAt[row] as number) - (openAt[row - 1] as number);
    if (!Number.isInteger(step / timeframeMs)) return true;
  }
  return false;
}

/** Looks at every candle and refuses none: gaps, duplicates, disorder, impossible prices, uneven steps. */
export function checkCandles(candles: Candles): CandleCheck {
  const { timeframeMs, openAt, length } = candles;
  const counts = { unsorted: 0, duplicate: 0, impossible: 0, uneven: 0 };
  const flaws: CandleFlaw[] = [];
  const isFlawed = new Uint8Array(length);
  const placed = new Uint8Array(length).fill(1);
  const note = (flaw: CandleFlaw): void => {
    // One row, one flaw: the first that is found.
    if (isFlawed[flaw.row] === 1) return;
    counts[flaw.code]++;
    isFlawed[flaw.row] = 1;
    if (flaw.code !== 'impossible' || !isTime(flaw.openAt)) placed[flaw.row] = 0;
    if (flaws.length < FLAWS_KEPT) flaws.push(flaw);
  };
  for (let row = nextFlaw(candles, 0); row < length; row = nextFlaw(candles, row + 1)) note(explainFlaw(candles, row));
  for (const flaw of unevenRows(candles)) note(flaw);
  flaws.sort((a, b) => a.row - b.row);
  const times = openAt.filter((_at, row) => placed[row] === 1);
  const gaps = findGaps({ openAt: times, timeframeMs });
  return { rows: length, timeframeMs, firstAt: times[0], lastAt: times.at(-1), gaps, counts, flaws };
}
