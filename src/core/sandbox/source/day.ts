import { divide, ONE } from '../../base/decimal.ts';
import { type Format, fixed } from './amount.ts';
import { type Cell, copyCell, joinCell } from './cell.ts';
import type { Klines } from './klines.ts';
import { DAY_MS, MINUTE_MS } from './span.ts';
import type { DayStats } from './words.ts';

/** The last 24 hours of one symbol. The window moves by minutes: its closed part is summed once in each. */
export class Day {
  readonly #klines: Klines;
  readonly #format: Format;
  #minuteAt = -1;
  #closed: Cell | undefined;

  constructor(klines: Klines, format: Format) {
    this.#klines = klines;
    this.#format = format;
  }

  /** Undefined where nothing was traded in it. */
  stats(now: number, lastQty: string): DayStats | undefined {
    const minuteAt = Math.floor(now / MINUTE_MS) * MINUTE_MS;
    if (minuteAt !== this.#minuteAt) {
      this.#closed = this.#klines.whole(minuteAt - DAY_MS + MINUTE_MS, minuteAt);
      this.#minuteAt = minuteAt;
    }
    const forming = this.#klines.at(MINUTE_MS, minuteAt);
    const whole = this.#closed === undefined ? forming : copyCell(this.#closed, this.#closed.openAt);
    if (whole === undefined) return undefined;
    if (forming !== undefined && whole !== forming) joinCell(whole, forming);
    return this.#told(whole, now, lastQty);
  }

  #told(whole: Cell, now: number, lastQty: string): DayStats {
    const { price, qty, quote } = this.#format;
    const change = whole.close - whole.open;
    const average = whole.volume === 0n ? whole.close : divide(whole.quote * ONE, whole.volume, 'down');
    return {
      openAt: now - DAY_MS,
      closeAt: now,
      open: fixed(whole.open, price),
      high: fixed(whole.high, price),
      low: fixed(whole.low, price),
      last: fixed(whole.close, price),
      lastQty,
      change: fixed(change, price),
      changePct: whole.open === 0n ? '0.000' : fixed(divide(change * 100n * ONE, whole.open, 'down'), 3),
      average: fixed(average, price),
      volume: fixed(whole.volume, qty),
      quoteVolume: fixed(whole.quote, Math.min(quote, 8)),
      firstId: whole.firstId,
      lastId: whole.lastId,
      trades: whole.trades,
    };
  }
}
