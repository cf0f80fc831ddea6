import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ticksOf } from '../../../src/core/view/ticks.ts';

describe('ticks of an axis', () => {
  it.each([
    [0, 10, 5, 2, [0, 2, 4, 6, 8, 10], 0],
    [9_181, 10_160, 6, 2, [9_200, 9_400, 9_600, 9_800, 10_000], 0],
    [-8.8, 0, 5, 2, [-8, -6, -4, -2, 0], 0],
    [0.1, 0.35, 5, 2, [0.1, 0.15, 0.2, 0.25, 0.3, 0.35], 2],
    [1.2e-7, 1.9e-7, 4, 8, [1.2e-7, 1.4e-7, 1.6e-7, 1.8e-7], 8],
  ])('from %d to %d, about %d, to %d digits', (low, high, most, digitsMost, values, digits) => {
    expect(ticksOf({ low, high }, most, digitsMost)).toEqual({ values, digits });
  });

  it('are round, inside, even and told apart by their digits', () => {
    const number = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(
        number,
        number,
        fc.integer({ min: 2, max: 12 }),
        fc.integer({ min: 0, max: 8 }),
        (a, b, most, digitsMost) => {
          const [low, high] = [Math.min(a, b), Math.max(a, b)];
          const { values, digits } = ticksOf({ low, high }, most, digitsMost);
          const slack = (high - low) * 1e-8 + 1e-8 + Math.max(-low, high) * Number.EPSILON;
          expect(values.length).toBeLessThanOrEqual(most + 1);
          expect(digits).toBeLessThanOrEqual(digitsMost);
          for (const value of values) expect(value >= low - slack && value <= high + slack).toBe(true);
          expect(new Set(values.map((value) => value.toFixed(digits))).size).toBe(values.length);
          for (const value of values)
            expect(Math.abs(Number(value.toFixed(digits)) - value)).toBeLessThanOrEqual(
              1e-6 * Math.max(1, Math.abs(value)),
            );
        },
      ),
    );
  });

  it.each([
    [5, 5],
    [Number.NEGATIVE_INFINITY, 0],
    [-Number.MAX_VALUE, Number.MAX_VALUE],
    [1e17, 1e17 + 32],
  ])('from %d to %d: none, or none twice', (low, high) => {
    const { values } = ticksOf({ low, high }, 5, 2);
    expect(new Set(values).size).toBe(values.length);
    expect(values.length).toBeLessThanOrEqual(6);
  });
});
