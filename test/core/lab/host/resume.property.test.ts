import fc from 'fast-check';
import { expect, test } from 'vitest';
import { alertOn, difference, kills, start, story, told } from '../../../support/host-story.ts';

test('an engine of several runs that is killed and started again ends as if nothing had been', async () => {
  // A story in which much is traded, whatever the others are.
  const known = fc.sample(story, { numRuns: 1, seed: 7 }).map((asks): [typeof asks, number[]] => [asks, [722, 8]]);
  let fills = 0;
  await fc.assert(
    fc.asyncProperty(story, kills, async (asks, times) => {
      const whole = await told(asks, []);
      fills += whole.filter(({ kind }) => kind === 'order_filled').length;
      expect(difference(whole, await told(asks, times))).toBeUndefined();
    }),
    { numRuns: 3, examples: known },
  );
  expect(fills).toBeGreaterThan(10);
});

test('candles of mids are the same where an alert had opened the symbol in the first minute of a day', async () => {
  const run = start('ETH/USDT:USDT', { strategy: 'trend', params: { price: 'mid', timeframe: '1m' } });
  const asks = [
    { at: 1, ask: alertOn('ETH/USDT:USDT') },
    { at: 3, ask: run },
  ];
  const whole = await told(asks, []);
  expect(whole.filter(({ kind }) => kind === 'signal_raised').length).toBeGreaterThan(5);
  expect(difference(whole, await told(asks, [40]))).toBeUndefined();
});

test('a difference is found: an engine whose first run began a second later', async () => {
  const [asks = []] = fc.sample(story, { numRuns: 1, seed: 7 });
  const later = asks.map((each, i) => (i === 0 ? { ...each, at: each.at + 61_000 } : each));
  expect(difference(await told(asks, []), await told(later, []))).toBeDefined();
});
