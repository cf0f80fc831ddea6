import type { Candles } from '../domain/candle.ts';
import type { CandleRow } from '../domain/frame.ts';

/** Candles as columns; at least one, rising in time. */
export function columnsOf(rows: readonly CandleRow[], timeframeMs: number): Candles {
  const column = (index: 0 | 1 | 2 | 3 | 4 | 5): Float64Array => Float64Array.from(rows, (row) => row[index]);
  return {
    timeframeMs,
    length: rows.length,
    openAt: column(0),
    open: column(1),
    high: column(2),
    low: column(3),
    close: column(4),
    volume: column(5),
  };
}

/** The candles that open at or after an instant, as rows. */
export function rowsFrom({ openAt, open, high, low, close, volume, length }: Candles, from: number): CandleRow[] {
  const rows: CandleRow[] = [];
  for (let i = rowAt(openAt, length, from); i < length; i++) {
    rows.push([openAt[i], open[i], high[i], low[i], close[i], volume[i]] as unknown as CandleRow);
  }
  return rows;
}

/** The first row that opens at or after an instant. */
export function rowAt(openAt: Float64Array, length: number, at: number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((openAt[middle] as number) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
