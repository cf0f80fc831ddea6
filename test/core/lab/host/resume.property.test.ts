import fc from 'fast-check';
import { expect, test } from 'vitest';
import { difference, kills, story, told } from '../../../support/host-story.ts';

test('an engine of several runs that is killed and started again ends as if nothing had been', async () => {
  let fills = 0;
  await fc.assert(
    fc.asyncProperty(story, kills, async (asks, times) => {
      const whole = await told(asks, []);
      fills += whole.filter(({ kind }) => kind === 'order_filled').length;
      expect(difference(whole, await told(asks, times))).toBeUndefined();
    }),
    { numRuns: 2 },
  );
  expect(fills).toBeGreaterThan(10);
}, 30_000);

test('a difference is found: an engine whose first run began a second later', async () => {
  const [asks = []] = fc.sample(story, { numRuns: 1, seed: 7 });
  const later = asks.map((each, i) => (i === 0 ? { ...each, at: each.at + 61_000 } : each));
  expect(difference(await told(asks, []), await told(later, []))).toBeDefined();
}, 30_000);
