import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AnyEntry } from '../../../../src/core/domain/entry.ts';
import { retell } from '../../../../src/core/lab/host/retell.ts';
import { createSyntheticFeed } from '../../../../src/core/lab/host/synthetic.ts';
import { STRATEGIES } from '../../../../src/core/strategy/registry.ts';
import { createTapedVenue, type TapedInput } from '../../../../src/core/venue/taped.ts';
import { refold } from '../../../support/engine-play.ts';
import { type HandHost, handHost, SPEED } from '../../../support/host-play.ts';
import { difference, END, kills, story } from '../../../support/host-story.ts';

const feed = createSyntheticFeed(7);

/** Plays a tape on what was there before its epoch. */
async function played({ tape, journal }: HandHost, before: readonly AnyEntry[]): Promise<readonly AnyEntry[]> {
  const made: AnyEntry[] = [...before];
  const last = journal.all.at(-1);
  await retell({
    feed,
    build: 'test',
    speed: SPEED,
    state: refold(before),
    before,
    venue: (core) => createTapedVenue(tape as readonly TapedInput[], () => core().inputs),
    definitionOf: (name) => STRATEGIES.find((each) => each.name === name),
    append: (entry) => made.push(entry),
    toSeq: last?.seq ?? 0,
    toAt: last?.at ?? 0,
    turn: () => Promise.resolve(false),
  });
  return made;
}

test('the tape of an engine of several runs tells its story again, from the beginning and after a kill', async () => {
  await fc.assert(
    fc.asyncProperty(story, kills, async (asks, [kill = 1]) => {
      const first = handHost({ feed });
      await first.pass(END, asks, (waits) => waits >= kill);
      const before = [...first.journal.all];
      expect(difference(before, await played(first, []))).toBeUndefined();
      const second = handHost({ feed, survived: before });
      const known = new Set(before.flatMap((each) => (each.kind === 'command_received' ? [each.body.id] : [])));
      await second.pass(
        END,
        asks.filter(({ at }) => !known.has(`at${at}`)),
      );
      expect(difference([...second.journal.all], await played(second, before))).toBeUndefined();
    }),
    { numRuns: 2 },
  );
}, 30_000);
