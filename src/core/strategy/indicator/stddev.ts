import { period } from './period.ts';

/**
 * Population standard deviation of the last `bars` values, with their mean; NaN before there are so many. Two passes over
 * the window: at 60,000 with a deviation of 5 the sum-of-squares form keeps seven digits, this one all.
 */
export class Stddev {
  value = NaN;
  mean = NaN;
  private readonly bars: number;
  private readonly ring: Float64Array;
  private at = 0;
  private full = false;

  constructor(bars: number) {
    this.bars = period('stddev', bars);
    this.ring = new Float64Array(bars);
  }

  /** Takes the next value, in any unit; gives `value`, in the same. */
  update(x: number): number {
    if (x !== x) return this.value;
    this.ring[this.at] = x;
    this.at++;
    if (this.at === this.bars) {
      this.at = 0;
      this.full = true;
    }
    if (this.full) this.measure();
    return this.value;
  }

  private measure(): void {
    const { ring, bars } = this;
    let sum = 0;
    for (let i = 0; i < bars; i++) sum += ring[i] as number;
    const mean = sum / bars;
    let squares = 0;
    for (let i = 0; i < bars; i++) {
      const away = (ring[i] as number) - mean;
      squares += away * away;
    }
    this.mean = mean;
    this.value = Math.sqrt(squares / bars);
  }
}
