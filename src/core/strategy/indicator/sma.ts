import { period } from './period.ts';

/** Simple moving average: the mean of the last `bars` values. NaN before there are so many. */
export class Sma {
  value = NaN;
  private readonly bars: number;
  private readonly ring: Float64Array;
  private sum = NaN;
  private at = 0;
  private full = false;

  constructor(bars: number) {
    this.bars = period('sma', bars);
    this.ring = new Float64Array(bars);
  }

  /** Takes the next value, in any unit; gives `value`, in the same. */
  update(x: number): number {
    if (x !== x) return this.value;
    const at = this.at;
    this.sum += x - (this.ring[at] as number);
    this.ring[at] = x;
    this.at = at + 1;
    if (this.at === this.bars) this.wrap();
    if (this.full) this.value = this.sum / this.bars;
    return this.value;
  }

  // Summed afresh once a round: after a volume spike a running sum would keep its rounding error for ever.
  private wrap(): void {
    let sum = 0;
    for (let i = 0; i < this.bars; i++) sum += this.ring[i] as number;
    this.sum = sum;
    this.at = 0;
    this.full = true;
  }
}
