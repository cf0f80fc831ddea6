import { period } from './period.ts';

/**
 * The last swing high and swing low, in price: a high that is above those of the `bars` candles on either side, a low that
 * is below them; a tie is no swing. A swing is known `bars` candles after it was made. NaN before the first of its kind.
 * Source: the fractal of B. Williams, Trading Chaos (1995), with a free width.
 */
export class Swings {
  high = NaN;
  low = NaN;
  private readonly bars: number;
  private readonly width: number;
  private readonly highs: Float64Array;
  private readonly lows: Float64Array;
  private at = 0;
  private seen = 0;

  constructor(bars: number) {
    this.bars = period('swings', bars);
    this.width = 2 * bars + 1;
    this.highs = new Float64Array(this.width);
    this.lows = new Float64Array(this.width);
  }

  /** Takes the next candle's prices; read `high` and `low` after it. */
  update(high: number, low: number): void {
    this.highs[this.at] = high;
    this.lows[this.at] = -low;
    this.at = this.at + 1 === this.width ? 0 : this.at + 1;
    if (this.seen < this.width) this.seen++;
    if (this.seen < this.width) return;
    // `at` is the oldest candle now, so the middle one stands `bars` places after it.
    const middle = (this.at + this.bars) % this.width;
    if (isPeak(this.highs, middle)) this.high = this.highs[middle] as number;
    if (isPeak(this.lows, middle)) this.low = -(this.lows[middle] as number);
  }
}

function isPeak(values: Float64Array, middle: number): boolean {
  const peak = values[middle] as number;
  for (let i = 0; i < values.length; i++) if (i !== middle && (values[i] as number) >= peak) return false;
  return true;
}
