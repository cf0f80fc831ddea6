import { period } from './period.ts';
import { Rma } from './rma.ts';

/**
 * Relative strength index, 0..100: `100 * up / (up + down)`, where up and down are Wilder's averages of the gains and the
 * losses from close to close. NaN for the first `bars` closes; 50 where nothing moved, which favours no side.
 * Source: J. W. Wilder, New Concepts in Technical Trading Systems (1978).
 */
export class Rsi {
  value = NaN;
  private readonly up: Rma;
  private readonly down: Rma;
  private last = NaN;

  constructor(bars: number) {
    this.up = new Rma(period('rsi', bars));
    this.down = new Rma(bars);
  }

  /** Takes the next close. */
  update(close: number): number {
    if (close !== close) return this.value;
    const change = close - this.last;
    this.last = close;
    if (change !== change) return NaN;
    // Half of `|x| + x` is x or 0, exactly, as `Math.max` is, without a branch that nobody can foretell.
    const size = Math.abs(change);
    const up = this.up.update(0.5 * (size + change));
    const down = this.down.update(0.5 * (size - change));
    const both = up + down;
    const value = both === 0 ? 50 : (100 * up) / both;
    this.value = value;
    return value;
  }
}
