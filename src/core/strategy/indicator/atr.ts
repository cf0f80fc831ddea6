import { period } from './period.ts';
import { Rma } from './rma.ts';

/**
 * True range in price: `max(high - low, |high - previous close|, |low - previous close|)`; with no previous close (NaN)
 * `high - low`. Source: J. W. Wilder, New Concepts in Technical Trading Systems (1978).
 */
export function trueRange(high: number, low: number, closeBefore: number): number {
  // NaN compares false, so the first candle needs no branch of its own.
  const top = closeBefore > high ? closeBefore : high;
  const bottom = closeBefore < low ? closeBefore : low;
  return top - bottom;
}

/** Average true range in price: Wilder's average of the true range. NaN before `bars` candles. */
export class Atr {
  value = NaN;
  private readonly average: Rma;
  private last = NaN;

  constructor(bars: number) {
    this.average = new Rma(period('atr', bars));
  }

  /** Takes the next candle's prices. */
  update(high: number, low: number, close: number): number {
    const value = this.average.update(trueRange(high, low, this.last));
    this.last = close;
    this.value = value;
    return value;
  }
}
