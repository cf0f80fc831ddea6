import { expect, test } from 'vitest';
import { feedProblem } from '../../../src/core/boot/host-identity.ts';
import { emptyState } from '../../../src/core/domain/state.ts';
import { createExchangeFeed } from '../../../src/core/lab/host/feed.ts';
import { BEGIN_AT, BTC, createLiveScript } from '../../support/live-script.ts';
import { scratchFolder } from '../../support/scratch.ts';

test('a journal that is later than the clock is refused: its time never goes back', () => {
  const feed = createExchangeFeed(createLiveScript().feed, 'binanceusdm', BTC);
  const at = (ms: number) => feedProblem('p', scratchFolder(), { ...emptyState(), seq: 5, at: BEGIN_AT + ms }, feed);
  expect(at(59_000)).toBeUndefined();
  expect(at(61_000)).toMatchObject({ code: 'CLOCK_BEHIND', exit: 3 });
});
