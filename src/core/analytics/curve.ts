/** A chart's worth of points, whatever the length of the run. */
export const POINTS_MAX = 1024;
/** Points of a run whose end is known. */
const POINTS_USED = 1000;
const SPAN_MS_FIRST = 1_000;

/** At most 1,024 points of a run, even in time: instant (ms UTC), equity, drawdown (share of the peak, 0 at the peak). */
export interface Curve {
  readonly at: Float64Array;
  readonly equity: Float64Array;
  readonly drawdown: Float64Array;
}

/** The points behind a curve. Each stands for a span of time; when they are too many, the span is doubled. */
export class CurvePoints {
  /** End of the span under way (included), ms UTC. */
  endAt = NaN;
  /** Instant of the last complete point. */
  lastAt = NaN;
  private spanMs = SPAN_MS_FIRST;
  private length = 0;
  private readonly at = new Float64Array(POINTS_MAX);
  private readonly equity = new Float64Array(POINTS_MAX);
  private readonly drawdown = new Float64Array(POINTS_MAX);

  /** Starts the first span; where the end of the run is known, spans are as wide as it needs from the start. */
  begin(at: number, endAt: number): void {
    const needed = (endAt - at) / POINTS_USED;
    if (needed > this.spanMs) this.spanMs = Math.ceil(needed);
    this.lastAt = -Infinity;
    this.endAt = this.endOf(at);
  }

  /** Completes a point with the last mark of its span; the next span is the one of `nextAt`. */
  add(at: number, equity: number, drawdown: number, nextAt: number): void {
    const i = this.length++;
    this.at[i] = at;
    this.equity[i] = equity;
    this.drawdown[i] = drawdown;
    this.lastAt = at;
    // One place stays free for the mark at hand.
    if (this.length >= POINTS_MAX - 1) this.merge();
    this.endAt = this.endOf(nextAt);
  }

  curve(at: number, equity: number, drawdown: number): Curve {
    const isOpen = at > this.lastAt;
    const length = this.length + (isOpen ? 1 : 0);
    const curve = {
      at: this.at.slice(0, length),
      equity: this.equity.slice(0, length),
      drawdown: this.drawdown.slice(0, length),
    };
    if (isOpen) {
      curve.at[length - 1] = at;
      curve.equity[length - 1] = equity;
      curve.drawdown[length - 1] = drawdown;
    }
    return curve;
  }

  private endOf(at: number): number {
    return Math.ceil(at / this.spanMs) * this.spanMs;
  }

  /** Widens the span until the points are half as many: of one span, the last equity and the deepest drawdown stay. */
  private merge(): void {
    const { at, equity, drawdown } = this;
    const last = at[this.length - 1] ?? 0;
    const needed = (last - (at[0] ?? 0)) / (POINTS_MAX / 2);
    do this.spanMs *= 2;
    while (this.spanMs < needed);
    let kept = -1;
    let end = -Infinity;
    for (let i = 0; i < this.length; i++) {
      const instant = at[i] ?? 0;
      const depth = drawdown[i] ?? 0;
      const deepest = instant > end ? depth : Math.max(depth, drawdown[kept] ?? 0);
      if (instant > end) {
        kept++;
        end = this.endOf(instant);
      }
      at[kept] = instant;
      equity[kept] = equity[i] ?? NaN;
      drawdown[kept] = deepest;
    }
    this.length = kept + 1;
  }
}
