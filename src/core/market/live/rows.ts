import type { Bar } from '../../domain/candle.ts';
import type { CandleRow } from '../../domain/frame.ts';
import { TIMEFRAME_MS } from './options.ts';

const ROWS_KEPT = 1_500;
const DAY_MS = 86_400_000;

/** Whether a candle can be: prices above zero within low and high, on the grid of its time frame. */
export function isCandle([openAt, open, high, low, close, volume]: CandleRow): boolean {
  // One comparison chain that any NaN breaks.
  const isPossible = low > 0 && low <= open && low <= close && high >= open && high >= close && high < Infinity;
  return isPossible && volume >= 0 && volume < Infinity && openAt > 0 && openAt % TIMEFRAME_MS === 0;
}

/** A candle as its observer sees it. */
export const barOf = ([openAt, open, high, low, close, volume]: CandleRow): Bar => ({
  openAt,
  closeAt: openAt + TIMEFRAME_MS,
  open,
  high,
  low,
  close,
  volume,
});

/** The closed candles of one symbol that screens look at: 1,500 at least, twice as many at most. */
export class ClosedRows {
  #rows: CandleRow[] = [];

  /** Oldest first. Lent: it grows with the next candle. */
  get all(): readonly CandleRow[] {
    return this.#rows;
  }

  add(rows: readonly CandleRow[]): void {
    for (const row of rows.slice(-2 * ROWS_KEPT)) this.#rows.push(row);
    if (this.#rows.length > 2 * ROWS_KEPT) this.#rows = this.#rows.slice(-ROWS_KEPT);
  }

  /** The change to a price since 24 h before an instant, as a share of 1; null where that is not known. */
  change(price: number, now: number): number | null {
    const row = this.#lastClosedBy(now - DAY_MS);
    return row === undefined || !(price > 0) ? null : price / row[4] - 1;
  }

  #lastClosedBy(at: number): CandleRow | undefined {
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#rows[middle] as CandleRow)[0] + TIMEFRAME_MS <= at) low = middle + 1;
      else high = middle;
    }
    return this.#rows[low - 1];
  }
}
