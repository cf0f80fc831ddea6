export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
export const WEEK_MS = 604_800_000;

export const dayOf = (at: number): number => Math.floor(at / DAY_MS) * DAY_MS;
/** Weeks begin on Monday, UTC; 1970-01-01 was a Thursday. */
export const weekOf = (at: number): number => Math.floor((at - 4 * DAY_MS) / WEEK_MS) * WEEK_MS + 4 * DAY_MS;

/** Market time over wall time; `max`: as fast as it goes. */
export type Speed = 'max' | number;
