import { period } from './period.ts';
import { RollingMax } from './rolling-max.ts';

/**
 * Donchian channel in price: highest high and lowest low of the `bars` candles before the current one, which is left out,
 * so that a close beyond the channel is a breakout. NaN for the first `bars` candles.
 * Source: R. Donchian's four-week rule; the current candle excluded as in the Turtle rules (C. Faith, 2003).
 */
export class Donchian {
  high = NaN;
  low = NaN;
  private readonly highs: RollingMax;
  private readonly lows: RollingMax;

  constructor(bars: number) {
    this.highs = new RollingMax(period('donchian', bars));
    this.lows = new RollingMax(bars);
  }

  /** Takes the next candle's prices; gives the middle of the channel that stood before it. */
  update(high: number, low: number): number {
    this.high = this.highs.value;
    this.low = -this.lows.value;
    this.highs.update(high);
    this.lows.update(-low);
    return (this.high + this.low) / 2;
  }
}
