import { DAY_MS, HOUR_MS, MINUTE_MS } from '../domain/time.ts';
import { utcClock, utcDate } from './format.ts';

/** Stretches of time that an axis may be marked at. */
const STRETCHES = [1, 5, 15, 30, 60, 120, 240, 360, 720, 1_440, 2_880, 10_080, 43_200, 129_600].map(
  (minutes) => minutes * MINUTE_MS,
);

/** The shortest round stretch of at least so many ms: marks of an axis of time lie so far apart. */
export const stretchOf = (leastMs: number): number => STRETCHES.find((ms) => ms >= leastMs) ?? 365 * DAY_MS;

/** A mark of an axis: `06:00`, or `05-04` where marks are a day or more apart. `local` is ms, shifted into the zone. */
export const markText = (local: number, stretch: number): string =>
  stretch >= DAY_MS ? utcDate(local).slice(-5) : utcClock(local).slice(0, 5);

/** The name of a zone by its minutes east of UTC: `UTC`, `UTC+3`, `UTC-3:30`. */
export function zoneName(offsetMinutes: number): string {
  if (offsetMinutes === 0) return 'UTC';
  const size = Math.abs(offsetMinutes) * MINUTE_MS;
  const minutes = Math.floor((size % HOUR_MS) / MINUTE_MS);
  const rest = minutes === 0 ? '' : `:${String(minutes).padStart(2, '0')}`;
  return `UTC${offsetMinutes < 0 ? '-' : '+'}${Math.floor(size / HOUR_MS)}${rest}`;
}
