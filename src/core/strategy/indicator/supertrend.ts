import { Atr } from './atr.ts';

/**
 * Supertrend: bands at `(high + low) / 2 +/- factor * ATR(bars)` that ratchet: the upper band falls and the lower rises
 * until a close goes beyond (`upper = basic < upper' or close' > upper' ? basic : upper'`, the lower mirrored; ' is the
 * candle before). The side turns up on a close above the upper band and down on one below the lower, and starts down.
 * NaN before ATR is warm. Source: O. Seban's Supertrend in the final-band form; ATR is Wilder's.
 */
export class Supertrend {
  /** The band that follows the price: the lower one while the side is up, else the upper one. */
  value = NaN;
  /** 1 up, -1 down, NaN before it is warm. */
  side = NaN;
  upper = NaN;
  lower = NaN;
  private readonly atr: Atr;
  private readonly factor: number = NaN;
  private last = NaN;

  constructor(bars: number, factor: number) {
    if (!(factor > 0 && factor < Infinity))
      throw new RangeError(`supertrend: expected a factor over 0, found ${factor}`);
    this.atr = new Atr(bars);
    this.factor = factor;
  }

  /** Takes the next candle's prices; gives `value`. */
  update(high: number, low: number, close: number): number {
    const reach = this.atr.update(high, low, close) * this.factor;
    if (reach !== reach) return NaN;
    this.ratchet((high + low) / 2, reach);
    this.last = close;
    if (this.side > 0) this.side = close < this.lower ? -1 : 1;
    else this.side = close > this.upper ? 1 : -1;
    this.value = this.side > 0 ? this.lower : this.upper;
    return this.value;
  }

  // Written as "keep unless", because NaN compares false: the first warm candle takes the basic bands.
  private ratchet(middle: number, reach: number): void {
    const upper = middle + reach;
    const lower = middle - reach;
    if (!(upper >= this.upper && this.last <= this.upper)) this.upper = upper;
    if (!(lower <= this.lower && this.last >= this.lower)) this.lower = lower;
  }
}
