import { period } from './period.ts';

/**
 * Exponential moving average: `e = e * (1 - a) + x * a`, `a = 2 / (bars + 1)`, seeded with the first value.
 * Source: the form of the benchmark's C reference, whose every bit it gives (the first value passes through it, too).
 */
export class Ema {
  /** The average once `bars` values were seen, NaN before. */
  value = NaN;
  /** The average from the first value on, warm or not. */
  running = NaN;
  // Fields of numbers are born as NaN throughout this folder: V8 then keeps them as doubles, written in place.
  private readonly alpha: number = NaN;
  private readonly keep: number = NaN;
  private missing: number;

  constructor(bars: number) {
    this.alpha = 2 / (period('ema', bars) + 1);
    this.keep = 1 - this.alpha;
    this.missing = bars;
  }

  /** Takes the next value, in any unit; gives `value`, in the same. */
  update(x: number): number {
    if (this.missing > 0) return this.warm(x);
    if (x !== x) return this.value;
    const value = this.running * this.keep + x * this.alpha;
    this.running = value;
    this.value = value;
    return value;
  }

  private warm(x: number): number {
    if (x !== x) return this.value;
    const before = this.running === this.running ? this.running : x;
    this.running = before * this.keep + x * this.alpha;
    this.missing--;
    if (this.missing === 0) this.value = this.running;
    return this.value;
  }
}
