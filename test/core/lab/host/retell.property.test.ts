import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSyntheticFeed } from '../../../../src/core/lab/host/synthetic.ts';
import { handHost, retold } from '../../../support/host-play.ts';
import { difference, END, kills, story } from '../../../support/host-story.ts';

const feed = createSyntheticFeed(7);

test('the tape of an engine of several runs tells its story again, from the beginning and after a kill', async () => {
  await fc.assert(
    fc.asyncProperty(story, kills, async (asks, [kill = 1]) => {
      const first = handHost({ feed });
      await first.pass(END, asks, (waits) => waits >= kill);
      const before = [...first.journal.all];
      expect(difference(before, await retold(feed, first, []))).toBeUndefined();
      const second = handHost({ feed, survived: before });
      const known = new Set(before.flatMap((each) => (each.kind === 'command_received' ? [each.body.id] : [])));
      await second.pass(
        END,
        asks.filter(({ at }) => !known.has(`at${at}`)),
      );
      expect(difference([...second.journal.all], await retold(feed, second, before))).toBeUndefined();
    }),
    { numRuns: 2 },
  );
}, 120_000);
