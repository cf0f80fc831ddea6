import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countGaps, findGaps } from '../../../src/core/market/gaps.ts';
import { anyCandles, candlesOf, MINUTE_MS, type Row, START_AT } from './fixtures.ts';

const minutes = (...list: number[]) => candlesOf(list.map((minute): Row => [minute, 1, 1, 1, 1, 1]));

test('a gap says from when to when candles are absent', () => {
  expect(findGaps(minutes(0, 1, 4, 5, 7))).toEqual([
    { from: START_AT + 2 * MINUTE_MS, to: START_AT + 4 * MINUTE_MS, missing: 2 },
    { from: START_AT + 6 * MINUTE_MS, to: START_AT + 7 * MINUTE_MS, missing: 1 },
  ]);
});

test('a series without a break has none', () => {
  expect(countGaps(minutes(3, 4, 5))).toEqual({ count: 0, missing: 0 });
});

test('candles present and absent fill the time between the first and the last', () => {
  fc.assert(
    fc.property(anyCandles, (candles) => {
      const span = ((candles.openAt.at(-1) as number) - (candles.openAt[0] as number)) / MINUTE_MS + 1;
      expect(candles.length + countGaps(candles).missing).toBe(span);
    }),
  );
});
