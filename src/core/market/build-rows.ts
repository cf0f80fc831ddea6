import type { Bar, Candles } from '../domain/candle.ts';

export const emptyBar = (): Bar => ({ openAt: 0, closeAt: 0, open: 0, high: 0, low: 0, close: 0, volume: 0 });

/** Copies one row of a series into a bar. */
export function readBar(candles: Candles, row: number, into: Bar): Bar {
  into.openAt = candles.openAt[row] as number;
  into.closeAt = into.openAt + candles.timeframeMs;
  into.open = candles.open[row] as number;
  into.high = candles.high[row] as number;
  into.low = candles.low[row] as number;
  into.close = candles.close[row] as number;
  into.volume = candles.volume[row] as number;
  return into;
}

/** Columns that grow as candles are added. */
export interface CandleRows {
  readonly length: number;
  add(bar: Bar): void;
  candles(timeframeMs: number): Candles;
}

const FIELDS = ['openAt', 'open', 'high', 'low', 'close', 'volume'] as const;

export function createRows(expected: number): CandleRows {
  let columns = FIELDS.map(() => new Float64Array(Math.max(expected, 1)));
  let length = 0;
  const grow = (): void => {
    columns = columns.map((column) => {
      const longer = new Float64Array(column.length * 2);
      longer.set(column);
      return longer;
    });
  };
  return {
    get length() {
      return length;
    },
    add(bar) {
      if (length === (columns[0] as Float64Array).length) grow();
      FIELDS.forEach((field, slot) => {
        (columns[slot] as Float64Array)[length] = bar[field];
      });
      length++;
    },
    candles(timeframeMs) {
      const [openAt, open, high, low, close, volume] = columns.map((column) => column.subarray(0, length));
      return { timeframeMs, length, openAt, open, high, low, close, volume } as Candles;
    },
  };
}
