import { Ema } from './ema.ts';

/**
 * Moving average convergence divergence in price: `EMA(fast) - EMA(slow)`, its signal line `EMA(macd, signal)`, which is
 * seeded with the first warm difference, and their difference, the histogram. NaN until each is warm.
 * Source: G. Appel, The Moving Average Convergence-Divergence Trading Method (1979).
 */
export class Macd {
  /** The difference of the averages. */
  value = NaN;
  signal = NaN;
  histogram = NaN;
  private readonly fast: Ema;
  private readonly slow: Ema;
  private readonly average: Ema;

  constructor(fast: number, slow: number, signal: number) {
    if (!(fast < slow)) throw new RangeError(`macd: expected fast under slow, found ${fast} and ${slow}`);
    this.fast = new Ema(fast);
    this.slow = new Ema(slow);
    this.average = new Ema(signal);
  }

  /** Takes the next close; gives `value`. */
  update(close: number): number {
    const fast = this.fast.update(close);
    const value = fast - this.slow.update(close);
    if (value !== value) return NaN;
    this.value = value;
    this.signal = this.average.update(value);
    this.histogram = value - this.signal;
    return value;
  }
}
