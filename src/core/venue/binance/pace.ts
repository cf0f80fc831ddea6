/** At most so many in any window of time. */
export interface Pace {
  /** Takes one if there is one left. */
  take(now: number): boolean;
}

/** A rolling window: `max` instants are kept, the oldest must have left the window. Instants never fall. */
export function createPace(max: number, windowMs: number): Pace {
  const taken = new Float64Array(max).fill(Number.NEGATIVE_INFINITY);
  let next = 0;
  return {
    take(now) {
      if (now - (taken[next] as number) < windowMs) return false;
      taken[next] = now;
      next = (next + 1) % max;
      return true;
    },
  };
}

/**
 * The wait before attempt `attempts` (0 = the first after a failure): doubled each time, half of it by chance, so that
 * many clients do not come back at once. Never below `min`, never above `max`.
 */
export function backoffMs(
  attempts: number,
  bounds: { readonly min: number; readonly max: number },
  chance: number,
): number {
  const cap = Math.min(bounds.max, bounds.min * 2 ** Math.min(attempts, 20));
  return Math.max(bounds.min, cap / 2 + (cap / 2) * chance);
}
