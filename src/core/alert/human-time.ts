import type { Speed } from '../domain/time.ts';

/** Market milliseconds that pass while a person waits so long; Infinity where nobody can follow the market. */
export type HumanTime = (ms: number) => number;

/** A minute of a person's is seventy days of such a market. */
const SPEED_MAX = 100_000;

/**
 * People live in wall time, an engine in the market's. The speed is known when an epoch begins and stands in the header of
 * its tape, so that a replay waits as long. The wall clock's own pace is speed 1.
 */
export const humanTime =
  (speed: Speed): HumanTime =>
  (ms) =>
    speed === 'max' || speed > SPEED_MAX ? Number.POSITIVE_INFINITY : Math.max(1, Math.round(ms * speed));
