import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Donchian } from '../../../../src/core/strategy/indicator/donchian.ts';
import { RollingMax } from '../../../../src/core/strategy/indicator/rolling-max.ts';
import { Sma } from '../../../../src/core/strategy/indicator/sma.ts';
import { Stddev } from '../../../../src/core/strategy/indicator/stddev.ts';
import { Swings } from '../../../../src/core/strategy/indicator/swings.ts';

// Few different numbers, so that ties are common.
const series = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 60 });
const length = fc.integer({ min: 1, max: 9 });
const mean = (values: number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

/** The last `bars` values up to and with `i`, or undefined where there are fewer. */
const last = (values: number[], bars: number, i: number): number[] | undefined =>
  i + 1 < bars ? undefined : values.slice(i + 1 - bars, i + 1);

test.each([
  ['rolling max', (bars: number) => new RollingMax(bars), (window: number[]) => Math.max(...window)],
  ['SMA', (bars: number) => new Sma(bars), mean],
  [
    'stddev',
    (bars: number) => new Stddev(bars),
    (window: number[]) => Math.sqrt(mean(window.map((x) => (x - mean(window)) ** 2))),
  ],
])('%s is a function of its window and of nothing before', (_, create, expected) => {
  fc.assert(
    fc.property(series, length, (values, bars) => {
      const indicator = create(bars);
      values.forEach((value, i) => {
        const window = last(values, bars, i);
        expect(indicator.update(value)).toEqual(window === undefined ? NaN : expect.closeTo(expected(window), 10));
      });
    }),
  );
});

test('a Donchian channel is that of the candles before', () => {
  fc.assert(
    fc.property(series, length, (values, bars) => {
      const channel = new Donchian(bars);
      values.forEach((value, i) => {
        channel.update(value + 1, value - 1);
        const window = i < bars ? [NaN] : values.slice(i - bars, i);
        expect([channel.high, channel.low]).toEqual([Math.max(...window) + 1, Math.min(...window) - 1]);
      });
    }),
  );
});

test('a swing high is over all candles on both sides', () => {
  fc.assert(
    fc.property(series, fc.integer({ min: 1, max: 3 }), (values, bars) => {
      const swings = new Swings(bars);
      let expected = NaN;
      values.forEach((value, i) => {
        swings.update(value, value - 1);
        const middle = values[i - bars] ?? NaN;
        const others = [...values.slice(i - 2 * bars, i - bars), ...values.slice(i - bars + 1, i + 1)];
        if (i >= 2 * bars && others.every((other) => other < middle)) expected = middle;
        expect(swings.high).toBe(expected);
      });
    }),
  );
});
