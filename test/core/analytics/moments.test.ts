import { expect, it } from 'vitest';
import { deviation, downside, kurtosis, mean, quantile, skewness } from '../../../src/core/analytics/moments.ts';

const cases: readonly (readonly [string, number, number])[] = [
  ['mean', mean([1, 2, 6]), 3],
  ['mean of nothing', mean([]), NaN],
  // gaps -2 -1 3: squares 14 / 2
  ['deviation divides by n - 1', deviation([1, 2, 6]), Math.sqrt(7)],
  ['deviation of one', deviation([5]), NaN],
  // losses 3 and 4 of four values: (9 + 16) / 4
  ['downside counts winners in N', downside([-3, 5, -4, 9]), 2.5],
  ['downside without a loss', downside([1, 2]), 0],
  // mean 2, gaps -2 -2 4: m2 = 8, m3 = 16
  ['skewness', skewness([0, 0, 6]), 16 / (8 * Math.sqrt(8))],
  ['kurtosis of two points', kurtosis([-1, 1]), 1],
  // m4 = (16 + 16 + 256) / 3 = 96, m2^2 = 64
  ['kurtosis', kurtosis([0, 0, 6]), 1.5],
  ['quantile between neighbours', quantile([4, 1, 3, 2], 0.5), 2.5],
  ['quantile at an end', quantile([4, 1, 3, 2], 1), 4],
  ['quantile of a value that nobody knows', quantile([4, NaN, 3, 2], 0.05), NaN],
  ['quantile of nothing', quantile([], 0.5), NaN],
];

it.each(cases)('%s', (_name, value, expected) => {
  if (Number.isNaN(expected)) expect(value).toBeNaN();
  else expect(value).toBeCloseTo(expected, 12);
});
