import type { Candles } from '../domain/candle.ts';
import { timeframeName } from '../domain/candle.ts';
import { EARLIEST_AT, LATEST_AT } from './cell.ts';
import { countGaps, type GapCount, nextBreak } from './gaps.ts';

/** Candles before their time frame is known. */
export type CandleColumns = Omit<Candles, 'timeframeMs'>;

export type CandleFlawCode = 'unsorted' | 'duplicate' | 'impossible' | 'uneven';

/** What is wrong with one row (from 0). */
export interface CandleFlaw {
  readonly row: number;
  readonly openAt: number;
  readonly code: CandleFlawCode;
  readonly expected: string;
  readonly found: string;
}

/** What a look at every candle found. `flaws` are the first of them, the counts are of all. */
export interface CandleCheck {
  readonly rows: number;
  readonly timeframeMs: number;
  readonly gaps: GapCount;
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
  let before = from === 0 ? EARLIEST_AT - 1 : (openAt[from - 1] as number);
  for (let row = from; row < to; row++) {
    const at = openAt[row] as number;
    const o = open[row] as number;
    const h = high[row] as number;
    const l = low[row] as number;
    const c = close[row] as number;
    const v = volume[row] as number;
    const isTimely = at > before && at < LATEST_AT;
    const isPossible = l > 0 && l <= o && l <= c && h >= o && h >= c && h < Infinity && v >= 0 && v < Infinity;
    if (!isTimely || !isPossible) return row;
    before = at;
  }
  return -1;
}

/** Says what is wrong with a row that `nextFlaw` named. */
export function explainFlaw(candles: CandleColumns, row: number): CandleFlaw {
  const openAt = candles.openAt[row] as number;
  const before = row === 0 ? Number.NEGATIVE_INFINITY : (candles.openAt[row - 1] as number);
  const flaw = (code: CandleFlawCode, expected: string, found: string): CandleFlaw => ({
    row,
    openAt,
    code,
    expected,
    found,
  });
  if (!(openAt >= EARLIEST_AT && openAt < LATEST_AT)) {
    return flaw('impossible', 'a time between 1990 and 2100', `${openAt} ms since 1970`);
  }
  if (openAt === before) return flaw('duplicate', 'each time once', `${openAt} twice`);
  if (openAt < before) return flaw('unsorted', 'times that rise', `${openAt} after ${before}`);
  const [expected, found] = explainPrices(candles, row);
  return flaw('impossible', expected, found);
}

function explainPrices(candles: CandleColumns, row: number): readonly [expected: string, found: string] {
  for (const name of ['open', 'high', 'low', 'close'] as const) {
    const value = candles[name][row] as number;
    if (!(value > 0 && value < Infinity)) return [`a ${name} above 0`, `${value}`];
  }
  const [open, high, low, close, volume] = (['open', 'high', 'low', 'close', 'volume'] as const).map(
    (name) => candles[name][row] as number,
  ) as [number, number, number, number, number];
  if (!(volume >= 0 && volume < Infinity)) return ['a volume of 0 or more', `${volume}`];
  const prices = `open ${open}, high ${high}, low ${low}, close ${close}`;
  if (high < Math.max(open, close)) return ['a high at or above open and close', prices];
  return ['a low at or below open and close', prices];
}

/** The first row whose step from the row before is no multiple of the time frame; undefined where all are. */
export function unevenRow(candles: Pick<Candles, 'openAt' | 'timeframeMs'>, from = 1): CandleFlaw | undefined {
  const { openAt, timeframeMs } = candles;
  for (
    let row = nextBreak(openAt, timeframeMs, from);
    row < openAt.length;
    row = nextBreak(openAt, timeframeMs, row + 1)
  ) {
    const step = (openAt[row] as number) - (openAt[row - 1] as number);
    if (step <= 0 || Number.isInteger(step / timeframeMs)) continue;
    const expected = `steps that are multiples of ${timeframeName(timeframeMs)}`;
    return { row, openAt: openAt[row] as number, code: 'uneven', expected, found: `a step of ${step} ms` };
  }
  return undefined;
}

/** Looks at every candle and refuses none: gaps, duplicates, disorder, impossible prices, uneven steps. */
export function checkCandles(candles: Candles): CandleCheck {
  const counts = { unsorted: 0, duplicate: 0, impossible: 0, uneven: 0 };
  const flaws: CandleFlaw[] = [];
  const note = (flaw: CandleFlaw): void => {
    counts[flaw.code]++;
    if (flaws.length < FLAWS_KEPT) flaws.push(flaw);
  };
  for (let row = nextFlaw(candles, 0); row < candles.length; row = nextFlaw(candles, row + 1)) {
    note(explainFlaw(candles, row));
  }
  for (let flaw = unevenRow(candles); flaw !== undefined; flaw = unevenRow(candles, flaw.row + 1)) note(flaw);
  flaws.sort((a, b) => a.row - b.row);
  return { rows: candles.length, timeframeMs: candles.timeframeMs, gaps: countGaps(candles), counts, flaws };
}
