import { expect, it } from 'vitest';
import { watchAccount } from '../../../src/core/boot/account-watch.ts';
import type { VenueAccountFrame } from '../../../src/core/domain/frame.ts';
import type { VenueProblem } from '../../../src/core/venue/exchange.ts';
import { handTimers } from '../../support/hand-timers.ts';
import { problemOf } from '../../support/live-rest.ts';

const AT = Date.UTC(2026, 0, 5, 12);
const MINUTE_MS = 60_000;
const TOLD: VenueAccountFrame = {
  exchange: 'binanceusdm',
  key: 'abcd...wxyz',
  at: AT,
  error: null,
  positionMode: 'one-way',
  balances: [],
  positions: [],
  orders: [],
  flows: [],
  missing: [],
  partial: [],
};

function watched(answer: VenueAccountFrame | VenueProblem) {
  const timers = handTimers(AT);
  const scene = { answer, asked: 0, said: [] as unknown[] };
  const account = () => {
    scene.asked++;
    return Promise.resolve(scene.answer);
  };
  const log = { warn: (_text: string, fields?: object) => scene.said.push((fields as VenueProblem).problem) };
  const watch = watchAccount({ exchange: 'binanceusdm', account }, { apiKey: 'abcdefghijklmnopqrstwxyz' }, timers, log);
  return { timers, scene, watch };
}

it('a key that is refused is tried every five minutes, and said once', async () => {
  const { timers, scene, watch } = watched(problemOf('BAD_KEY'));
  await timers.move(14 * MINUTE_MS);
  expect([scene.asked, scene.said]).toEqual([3, ['BAD_KEY']]);
  expect(watch.last()).toMatchObject({
    key: 'abcd...wxyz',
    at: null,
    error: {
      code: 'BAD_KEY',
      since: AT,
      found: 'BAD_KEY of the stub',
      fix: expect.stringMatching(/every five minutes.*engine restart/),
    },
  });
  watch.end();
  expect(timers.waiting).toBe(0);
});

it('keeps the silence that the venue wants, then tells the account, and what it told last while it does not answer', async () => {
  const { timers, scene, watch } = watched(problemOf('BANNED', AT + 10 * MINUTE_MS));
  await timers.move(9 * MINUTE_MS);
  expect(scene.asked).toBe(1);
  expect(watch.last()?.error).toMatchObject({
    code: 'BANNED',
    fix: 'Ask again; it holds until 2026-01-05T12:10:00.000Z',
  });
  scene.answer = TOLD;
  await timers.move(2 * MINUTE_MS);
  expect(watch.last()).toBe(TOLD);
  scene.answer = problemOf('TIMED_OUT');
  await timers.move(MINUTE_MS);
  const error = { code: 'TIMED_OUT', since: expect.any(Number), found: 'TIMED_OUT of the stub', fix: 'Ask again' };
  expect(watch.last()).toEqual({ ...TOLD, error });
  expect(scene.said).toEqual(['BANNED', 'TIMED_OUT']);
  scene.answer = TOLD;
  await timers.move(MINUTE_MS);
  expect(watch.last()?.error).toBeNull();
  watch.end();
});
