import { period } from './period.ts';

/**
 * The largest of the last `bars` values, the newest among them; NaN before there are so many. Constant time on average:
 * a queue keeps only those that may still become the largest, oldest and largest first. The smallest of a series is
 * `-max(-x)`, exactly. Source: D. Lemire, Streaming maximum-minimum filter (2006).
 */
export class RollingMax {
  value = NaN;
  private readonly bars: number;
  private readonly mask: number;
  private readonly held: Float64Array;
  private readonly heldAt: Int32Array;
  private head = 0;
  private tail = 0;
  private seen = 0;

  constructor(bars: number) {
    this.bars = period('rolling max', bars);
    let size = 1;
    while (size < bars) size *= 2;
    this.mask = size - 1;
    this.held = new Float64Array(size);
    this.heldAt = new Int32Array(size);
  }

  /** Takes the next value, in any unit; gives `value`, in the same. */
  update(x: number): number {
    if (x !== x) return this.value;
    const { held, heldAt, mask, seen } = this;
    let head = this.head;
    let tail = this.tail;
    if (head < tail && (heldAt[head & mask] as number) <= seen - this.bars) head++;
    while (tail > head && (held[(tail - 1) & mask] as number) <= x) tail--;
    held[tail & mask] = x;
    heldAt[tail & mask] = seen;
    this.head = head;
    this.tail = tail + 1;
    this.seen = seen + 1;
    if (seen + 1 >= this.bars) this.value = held[head & mask] as number;
    return this.value;
  }
}
