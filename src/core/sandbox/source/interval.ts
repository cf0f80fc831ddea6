import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, WEEK_MS } from './span.ts';

/** A month is named by 30 days: no other interval is so long. */
export const MONTH_MS: number = 30 * DAY_MS;

/** 1970-01-01 was a Thursday. */
const FIRST_MONDAY_AT = 4 * DAY_MS;

/** Binance's intervals by name. */
export const INTERVALS: Readonly<Record<string, number>> = {
  '1s': SECOND_MS,
  '1m': MINUTE_MS,
  '3m': 3 * MINUTE_MS,
  '5m': 5 * MINUTE_MS,
  '15m': 15 * MINUTE_MS,
  '30m': 30 * MINUTE_MS,
  '1h': HOUR_MS,
  '2h': 2 * HOUR_MS,
  '4h': 4 * HOUR_MS,
  '6h': 6 * HOUR_MS,
  '8h': 8 * HOUR_MS,
  '12h': 12 * HOUR_MS,
  '1d': DAY_MS,
  '3d': 3 * DAY_MS,
  '1w': WEEK_MS,
  '1M': MONTH_MS,
};

/** The open of the candle that an instant lies in. Weeks begin on Monday, months on the first, UTC. */
export function openOf(intervalMs: number, at: number): number {
  if (intervalMs === WEEK_MS) return Math.floor((at - FIRST_MONDAY_AT) / WEEK_MS) * WEEK_MS + FIRST_MONDAY_AT;
  if (intervalMs !== MONTH_MS) return Math.floor(at / intervalMs) * intervalMs;
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}

/** The open of the candle after the one that opens at an instant. */
export function nextOpenOf(intervalMs: number, openAt: number): number {
  if (intervalMs !== MONTH_MS) return openAt + intervalMs;
  const date = new Date(openAt);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}
