/** Larger than any memory, and a small integer: the age of what has not happened yet. */
const NEVER = 1_000_000_000;

/** Speaks for the side of a cross: on the close at which the sign changed and on the `memory` closes after it, then 0. */
export class CrossVoice {
  private readonly memory: number;
  private side = 0;
  private age = NEVER;

  constructor(memory: number) {
    this.memory = memory;
  }

  /** Takes fast - slow. Equal averages keep the side; the first side is no cross, nobody saw where it came from. */
  update(difference: number): number {
    const side = difference > 0 ? 1 : difference < 0 ? -1 : this.side;
    if (side !== this.side) this.age = this.side === 0 ? NEVER : 0;
    else if (this.age < NEVER) this.age++;
    this.side = side;
    return this.age <= this.memory ? side : 0;
  }
}

/**
 * Speaks for the side of the last breakout: 1 on a close above `high`, -1 on one below `low`, the same on the `memory`
 * closes after it, then 0. A new breakout, either way, begins the count again.
 */
export class BreakoutVoice {
  private readonly memory: number;
  private side = 0;
  private age = NEVER;

  constructor(memory: number) {
    this.memory = memory;
  }

  /** Takes the close and the channel before it; NaN while there is no channel. */
  update(close: number, high: number, low: number): number {
    if (high !== high || low !== low) return NaN;
    if (this.age < NEVER) this.age++;
    if (close > high || close < low) {
      this.side = close > high ? 1 : -1;
      this.age = 0;
    }
    return this.age <= this.memory ? this.side : 0;
  }
}

/** Speaks for the larger directional indicator while there is a trend: from ADX >= `enter` on until ADX < `exit`. */
export class DirectionVoice {
  private readonly enter: number;
  private readonly exit: number;
  private isTrend = false;

  constructor(enter: number, exit: number) {
    this.enter = enter;
    this.exit = exit;
  }

  /** Takes ADX and both indicators, 0..100; NaN while ADX is. */
  update(adx: number, plusDi: number, minusDi: number): number {
    if (adx !== adx) return NaN;
    this.isTrend = adx >= (this.isTrend ? this.exit : this.enter);
    return this.isTrend ? signOf(plusDi - minusDi) : 0;
  }
}

/** -1, 0 or 1; NaN for NaN. */
export function signOf(x: number): number {
  if (x > 0) return 1;
  return x < 0 ? -1 : x === 0 ? 0 : NaN;
}
