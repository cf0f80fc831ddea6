import { period } from './period.ts';

/**
 * Wilder's average: `r = r + (x - r) / bars`, seeded with the mean of the first `bars` values, NaN before.
 * Source: J. W. Wilder, New Concepts in Technical Trading Systems (1978).
 */
export class Rma {
  value = NaN;
  private readonly bars: number;
  private readonly alpha: number = NaN;
  private sum = NaN;
  private seen = 0;

  constructor(bars: number) {
    this.bars = period('rma', bars);
    this.alpha = 1 / bars;
  }

  /** Takes the next value, in any unit; gives `value`, in the same. */
  update(x: number): number {
    if (x !== x) return this.value;
    if (this.seen < this.bars) return this.seed(x);
    const value = this.value + (x - this.value) * this.alpha;
    this.value = value;
    return value;
  }

  private seed(x: number): number {
    this.sum = this.seen === 0 ? x : this.sum + x;
    this.seen++;
    if (this.seen === this.bars) this.value = this.sum / this.bars;
    return this.value;
  }
}
