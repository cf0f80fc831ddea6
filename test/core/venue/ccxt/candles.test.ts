import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CandleRow } from '../../../../src/core/domain/frame.ts';
import { closedCandles } from '../../../../src/core/venue/ccxt/candles.ts';
import { readClock } from '../../../../src/core/venue/ccxt/clock.ts';
import { Failure } from '../../../../src/core/venue/ccxt/problem.ts';

const MINUTE = 60_000;
const row = (minute: number, change: Partial<Record<number, number>> = {}): CandleRow =>
  [minute * MINUTE, 10, 12, 9, 11, 5].map((value, at) => change[at] ?? value) as unknown as CandleRow;

describe('candles', () => {
  it('gives each closed one once, in order, whatever order they came in', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 30 })),
        fc.integer({ min: 0, max: 40 * MINUTE }),
        (minutes, venueAt) => {
          const query = { timeframeMs: MINUTE, from: 5 * MINUTE, limit: 12 };
          const given = closedCandles(
            minutes.map((minute) => row(minute)),
            query,
            venueAt,
          ).map(([at]) => at / MINUTE);
          const closed = [...new Set(minutes)].filter((minute) => minute >= 5 && (minute + 1) * MINUTE <= venueAt);
          expect(given).toEqual(closed.sort((a, b) => a - b).slice(0, 12));
        },
      ),
    );
  });

  it.each<[what: string, CandleRow]>([
    ['a price of zero', row(1, { 3: 0 })],
    ['a high below the close', row(1, { 2: 10.5 })],
    ['a low above the open', row(1, { 3: 10.5 })],
    ['a negative volume', row(1, { 5: -1 })],
    ['no number', row(1, { 4: Number.NaN })],
    ['infinity', row(1, { 2: Number.POSITIVE_INFINITY })],
    ['an open time beside the grid', row(1, { 0: MINUTE + 1 })],
  ])('refuses %s', (_, bad) => {
    const query = { timeframeMs: MINUTE, from: 0, limit: 10 };
    expect(() => closedCandles([row(0), bad, row(2)], query, 10 * MINUTE)).toThrow(Failure);
  });
});

it('measures a clock by the middle of each round trip, and by the median of five', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: -5_000, max: 5_000 }),
      fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 5, maxLength: 5 }),
      fc.integer({ min: 0, max: 4 }),
      async (offset, trips, odd) => {
        let asked = 0;
        const time = async () => {
          const sentAt = 1_760_000_000_000 + asked * 1_000;
          // One of the five is slow on one way: its middle is no middle.
          const slowMs = asked === odd ? 3_000 : 0;
          const tripMs = trips[asked++] ?? 0;
          return { answer: sentAt + tripMs / 2 + offset, sentAt, tookMs: tripMs + slowMs };
        };
        const { offsetMs, errorMs } = await readClock(time);
        expect(Math.abs(offsetMs - offset)).toBeLessThanOrEqual(1);
        const shortest = Math.min(...trips.map((trip, index) => trip + (index === odd ? 3_000 : 0)));
        expect(errorMs).toBe(Math.ceil(shortest / 2));
      },
    ),
  );
});
