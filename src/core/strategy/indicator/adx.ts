import { trueRange } from './atr.ts';
import { period } from './period.ts';
import { Rma } from './rma.ts';

/**
 * Average directional index, 0..100, with its two directional indicators:
 * `+DM = up if up > down and up > 0`, `+/-DI = 100 * RMA(+/-DM) / RMA(TR)`, `DX = 100 * |+DI - -DI| / (+DI + -DI)`,
 * `ADX = RMA(DX)`, where up and down are the moves of high and low against the candle before. A tie of up and down counts
 * for neither. Everything starts with the second candle: DI are NaN for `bars` candles, ADX for `2 * bars - 1`.
 * Source: J. W. Wilder, New Concepts in Technical Trading Systems (1978).
 */
export class Adx {
  /** ADX. */
  value = NaN;
  plusDi = NaN;
  minusDi = NaN;
  private readonly range: Rma;
  private readonly plus: Rma;
  private readonly minus: Rma;
  private readonly average: Rma;
  private high = NaN;
  private low = NaN;
  private close = NaN;

  constructor(bars: number) {
    this.range = new Rma(period('adx', bars));
    this.plus = new Rma(bars);
    this.minus = new Rma(bars);
    this.average = new Rma(bars);
  }

  /** Takes the next candle's prices; gives ADX. */
  update(high: number, low: number, close: number): number {
    const up = high - this.high;
    const down = this.low - low;
    const range = trueRange(high, low, this.close);
    this.high = high;
    this.low = low;
    this.close = close;
    if (up !== up) return NaN;
    const plus = this.plus.update(up > down && up > 0 ? up : 0);
    const minus = this.minus.update(down > up && down > 0 ? down : 0);
    return this.index(plus, minus, this.range.update(range));
  }

  private index(plus: number, minus: number, range: number): number {
    if (range !== range) return NaN;
    // A market that stood still has no range and no direction.
    this.plusDi = range === 0 ? 0 : (100 * plus) / range;
    this.minusDi = range === 0 ? 0 : (100 * minus) / range;
    const both = this.plusDi + this.minusDi;
    const value = this.average.update(both === 0 ? 0 : (100 * Math.abs(this.plusDi - this.minusDi)) / both);
    this.value = value;
    return value;
  }
}
