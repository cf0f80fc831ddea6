import { assert } from '../base/assert.ts';
import { DAY_MS } from '../domain/time.ts';
import { type Curve, CurvePoints } from './curve.ts';

/** No journal is longer: a mark further away than this from the end of its day is a bug (ms). */
const JUMP_MS_MAX = 1e13;

/** The deepest fall of equity from a peak. `share` is of the peak; instants are ms UTC. */
export interface Drawdown {
  readonly share: number;
  /** Peak minus valley, in the account's asset. */
  readonly amount: number;
  readonly peakAt: number;
  readonly valleyAt: number;
  /** When equity was back at the peak; undefined where it never was. */
  readonly recoveredAt: number | undefined;
}

/**
 * Follows equity (open profit and loss included) from mark to mark, in constant memory but for 8 bytes a day.
 * Make one with `createEquityTracker`. Deposits and withdrawals are no results: the spans between them are chained, so
 * that returns and drawdowns are time-weighted, `(1 + r1)(1 + r2)... - 1` with `r = end / begin - 1` of a span. Source:
 * C. R. Bacon, Practical Portfolio Performance Measurement and Attribution, 2nd ed. (2008), chapter 2.
 */
export class EquityTracker {
  // Fields of numbers are born as NaN: V8 then keeps them as doubles, written in place.
  readonly startEquity: number = NaN;
  /** Equity and instant of the last mark. */
  equity = NaN;
  at = NaN;
  peak = NaN;
  /** The last instant at which equity was at its peak. */
  peakAt = NaN;
  /** Maximum drawdown as a share of its peak, 0..1 while equity is above 0. */
  drawdown = NaN;
  private startAt = NaN;
  private readonly endAt: number = NaN;
  private heldMs = NaN;
  private drawdownPeak = NaN;
  private drawdownPeakAt = NaN;
  private valley = NaN;
  private valleyAt = NaN;
  private recoveredAt = NaN;
  private longestUnderMs = NaN;
  /** The next instant after which a day or a point of the curve is complete. */
  private turnAt = NaN;
  private dayEndAt = NaN;
  private days = 0;
  private closes = new Float64Array(64);
  /** Sum of equity at the ends of days, as it was. */
  private closesSum = NaN;
  /** What a unit of equity is worth in money of the start: 1 until something is paid in or out. */
  private unit = NaN;
  /** The index of an account that was emptied, until something is paid in again. */
  private parked = NaN;
  private readonly points = new CurvePoints();

  constructor(startEquity: number, startAt: number, endAt: number) {
    this.startEquity = startEquity;
    this.equity = startEquity;
    this.peak = startEquity;
    this.drawdown = 0;
    this.longestUnderMs = 0;
    this.heldMs = 0;
    this.closesSum = 0;
    this.unit = 1;
    this.startAt = startAt;
    this.endAt = endAt;
    this.turnAt = -Infinity;
  }

  /**
   * Takes equity at `at` (ms UTC, never earlier than the mark before). Called on every candle: allocates nothing.
   * `isHeld`: a position was held since the mark before. Peak and drawdown are those of the benchmark's C reference, bit
   * for bit. An equity that is NaN makes its day unknown.
   */
  mark(at: number, equity: number, isHeld = false): void {
    if (at > this.turnAt) this.turn(at);
    const peak = this.peak;
    const before = this.equity;
    if (isHeld) this.heldMs += at - this.at;
    this.at = at;
    this.equity = equity;
    if (equity >= peak) {
      if (before < peak) this.surface();
      this.peak = equity;
      this.peakAt = at;
    } else if (peak - equity > this.drawdown * peak) this.sink();
  }

  /**
   * Takes what was paid in (above 0) or out at the instant of the last mark, which told equity without it. The peak moves
   * in proportion: the account is as far below it as before. Equity that was lost to the last unit stays lost.
   */
  flow(amount: number): void {
    const before = this.equity;
    const after = before + amount;
    const index = this.index;
    if (after > 0) {
      this.unit = index / after;
      this.parked = NaN;
    } else this.parked = index;
    this.peak = before > 0 ? (this.peak / before) * after : after;
    this.equity = after;
  }

  /** Equity at the last mark had nothing been paid in or out, in money of the start. */
  get index(): number {
    return Number.isNaN(this.parked) ? this.equity * this.unit : this.parked;
  }

  /** Mean equity of the days' ends as it was, deposits included; NaN without a mark. */
  meanEquity(): number {
    return this.turnAt === -Infinity ? NaN : (this.closesSum + this.equity) / (this.days + 1);
  }

  /** Of several marks at one equity up to this instant, without a position, the first and the last say all. */
  get stillUntil(): number {
    return this.turnAt;
  }

  /** The deepest drawdown, or undefined where equity never fell. */
  maxDrawdown(): Drawdown | undefined {
    if (this.drawdown === 0) return undefined;
    return {
      share: this.drawdown,
      amount: this.drawdownPeak - this.valley,
      peakAt: this.drawdownPeakAt,
      valleyAt: this.valleyAt,
      recoveredAt: Number.isNaN(this.recoveredAt) ? undefined : this.recoveredAt,
    };
  }

  /** The longest time from a peak to the mark that was back at it, or to the last mark (ms). */
  underwaterMs(): number {
    const now = this.equity < this.peak ? this.at - this.peakAt : 0;
    return Math.max(this.longestUnderMs, now);
  }

  /** Share of the marked time in which a position was held, 0..1. */
  exposure(): number {
    const marked = this.at - this.startAt;
    return marked > 0 ? this.heldMs / marked : 0;
  }

  /**
   * Equity at the end of each UTC day without what was paid in or out (`index`), oldest first; the last one is the day
   * under way. A day without marks keeps its equity.
   */
  dailyCloses(): Float64Array {
    if (this.turnAt === -Infinity) return new Float64Array(0);
    const all = new Float64Array(this.days + 1);
    all.set(this.closes.subarray(0, this.days));
    all[this.days] = this.index;
    return all;
  }

  /**
   * What a chart draws, the mark at hand included. Its deepest drawdown is the maximum drawdown. It ends at the equity of
   * today; what lies before a deposit or withdrawal is drawn in proportion, so that no step is one.
   */
  curve(): Curve {
    const curve = this.points.curve(this.at, this.index, this.depth());
    if (this.unit !== 1 && this.unit > 0)
      for (let i = 0; i < curve.equity.length; i++) curve.equity[i] = (curve.equity[i] ?? NaN) / this.unit;
    return curve;
  }

  private surface(): void {
    this.longestUnderMs = Math.max(this.longestUnderMs, this.at - this.peakAt);
    if (this.drawdownPeakAt === this.peakAt) this.recoveredAt = this.at;
  }

  private sink(): void {
    this.drawdown = (this.peak - this.equity) / this.peak;
    this.drawdownPeak = this.peak;
    this.drawdownPeakAt = this.peakAt;
    this.valley = this.equity;
    this.valleyAt = this.at;
    this.recoveredAt = NaN;
  }

  /** The drawdown that a point of the curve shows: the deepest of all where it fell to it since the point before. */
  private depth(): number {
    if (this.valleyAt > this.points.lastAt) return this.drawdown;
    return this.peak === 0 ? 0 : (this.peak - this.equity) / this.peak;
  }

  /** The first mark: a day that is given begins at its start, else the first day is the one that the mark is in. */
  private begin(at: number): void {
    const isGiven = !Number.isNaN(this.startAt);
    if (!isGiven) this.startAt = at;
    const first = this.startAt / DAY_MS;
    this.dayEndAt = (isGiven ? Math.floor(first) + 1 : Math.ceil(first)) * DAY_MS;
    this.at = this.startAt;
    this.peakAt = this.startAt;
    this.points.begin(this.startAt, this.endAt);
  }

  private turn(at: number): void {
    if (this.turnAt === -Infinity) this.begin(at);
    if (at > this.points.endAt) this.points.add(this.at, this.index, this.depth(), at);
    if (at > this.dayEndAt) this.closeDays(at);
    this.turnAt = Math.min(this.dayEndAt, this.points.endAt);
  }

  /** A mark at midnight is the close of the day that ends there; so is the last one before it. */
  private closeDays(at: number): void {
    assert(at - this.dayEndAt < JUMP_MS_MAX, 'Invariant: instants of equity marks are finite and near each other');
    while (at > this.dayEndAt) {
      if (this.days === this.closes.length) this.grow();
      this.closes[this.days++] = this.index;
      this.closesSum += this.equity;
      this.dayEndAt += DAY_MS;
    }
  }

  private grow(): void {
    const wider = new Float64Array(this.closes.length * 2);
    wider.set(this.closes);
    this.closes = wider;
  }
}

/**
 * A tracker that begins at `startEquity` (more than 0, else drawdown means nothing). With `startAt` (ms UTC) the first
 * day and the first peak begin there; without it, at the first mark. The start itself needs no mark. `endAt`, where it
 * is known, spares the curve its rebuilding; marks beyond it are taken, too.
 */
export function createEquityTracker(startEquity: number, startAt = NaN, endAt = NaN): EquityTracker {
  return new EquityTracker(startEquity, startAt, endAt);
}
