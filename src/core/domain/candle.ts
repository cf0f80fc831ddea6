/**
 * Candles of one symbol and one time frame as columns (struct of arrays).
 * `openAt` is the open time in ms UTC, strictly rising; a candle covers `[openAt, openAt + timeframeMs)`.
 * Volume is in the base asset. Rows may be missing (gaps), never repeated.
 */
export interface Candles {
  readonly timeframeMs: number;
  readonly length: number;
  readonly openAt: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

/** One candle as its observer sees it. The object is reused between candles: copy what you keep. */
export interface Bar {
  openAt: number;
  /** `openAt + timeframeMs`: the instant at which the candle is closed. */
  closeAt: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

/** How many candles have opened at or before an instant: the first `from` surely, and it looks no further than `to`. */
export function openedBy({ openAt, length }: Candles, at: number, from = 0, to = length): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((openAt[middle] as number) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Prices beyond these come from a broken feed or file: the smallest tick recorded is 1e-13. */
export const PRICE_MIN = 1e-13;
export const PRICE_MAX = 1e13;

/** Milliseconds of the time frames that exchanges name, by name. */
export const TIMEFRAMES: Readonly<Record<string, number>> = {
  '1s': 1_000,
  '1m': 60_000,
  '3m': 180_000,
  '5m': 300_000,
  '15m': 900_000,
  '30m': 1_800_000,
  '1h': 3_600_000,
  '2h': 7_200_000,
  '4h': 14_400_000,
  '6h': 21_600_000,
  '8h': 28_800_000,
  '12h': 43_200_000,
  '1d': 86_400_000,
};

/** The name of a time frame in ms: `1m`, `16h`; the plain milliseconds where it is no whole number of seconds. */
export function timeframeName(ms: number): string {
  for (const unit of ['1d', '1h', '1m', '1s']) {
    const count = ms / (TIMEFRAMES[unit] as number);
    if (Number.isInteger(count)) return `${count}${unit.slice(1)}`;
  }
  return `${ms}ms`;
}
