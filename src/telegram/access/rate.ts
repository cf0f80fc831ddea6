import type { Clock } from '../clock.ts';
import type { Rate } from './gate.ts';

/** So many at once, and one more each second. */
const BURST = 8;
const EACH_MS = 1_000;
/** Who goes on and on is told so once in that time. */
const TOLD_MS = 30_000;

interface Bucket {
  left: number;
  at: number;
  toldAt: number;
}

/** A bucket a person. Only people who are paired get one, so there are few. */
export function createRate(clock: Pick<Clock, 'now'>): Rate {
  const buckets = new Map<number, Bucket>();
  return {
    allows(user) {
      const now = clock.now();
      const bucket = buckets.get(user) ?? { left: BURST, at: now, toldAt: Number.NEGATIVE_INFINITY };
      buckets.set(user, bucket);
      // A clock that was set back gives nothing and takes nothing.
      const passedMs = Math.max(0, now - bucket.at);
      bucket.left = Math.min(BURST, bucket.left + passedMs / EACH_MS);
      bucket.at = now;
      if (bucket.left >= 1) {
        bucket.left -= 1;
        return { isAllowed: true, isTold: false };
      }
      const isTold = Math.abs(now - bucket.toldAt) >= TOLD_MS;
      if (isTold) bucket.toldAt = now;
      return { isAllowed: false, isTold };
    },
  };
}
