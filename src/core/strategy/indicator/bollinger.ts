import { Stddev } from './stddev.ts';

/**
 * Bollinger bands in price: the mean of the last `bars` closes and `factor` population standard deviations to both sides.
 * NaN before there are so many. Source: J. Bollinger, Bollinger on Bollinger Bands (2001).
 */
export class Bollinger {
  /** The middle band. */
  value = NaN;
  upper = NaN;
  lower = NaN;
  private readonly deviation: Stddev;
  private readonly factor: number = NaN;

  constructor(bars: number, factor: number) {
    if (!(factor > 0 && factor < Infinity))
      throw new RangeError(`bollinger: expected a factor over 0, found ${factor}`);
    this.deviation = new Stddev(bars);
    this.factor = factor;
  }

  /** Takes the next close; gives the middle band. */
  update(close: number): number {
    const reach = this.deviation.update(close) * this.factor;
    const middle = this.deviation.mean;
    this.value = middle;
    this.upper = middle + reach;
    this.lower = middle - reach;
    return middle;
  }
}
