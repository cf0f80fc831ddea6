import fc from 'fast-check';
import { expect, test } from 'vitest';
import { difference, kills, story, told } from '../../../support/host-story.ts';

test('an engine of several runs that is killed and started again ends as if nothing had been, in 60 stories', async () => {
  await fc.assert(
    fc.asyncProperty(story, kills, async (asks, times) => {
      expect(difference(await told(asks, []), await told(asks, times))).toBeUndefined();
    }),
    { numRuns: 60 },
  );
}, 600_000);
