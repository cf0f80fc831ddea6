import { expect, onTestFinished, test } from 'vitest';
import type { Answered, Update } from '../../../src/telegram/bot/api.ts';
import { type PollingOptions, startPolling } from '../../../src/telegram/bot/poll.ts';
import { machineClock } from '../../../src/telegram/clock.ts';
import { failed, flood, handClock, openBot } from './scene.ts';

const ME = 77;

const update = (id: number): Update => ({ update_id: id });

/** A poll whose answers are given one by one; then it hangs until it is closed. */
function openLoop(answers: readonly Answered<readonly Update[]>[], more: Partial<PollingOptions> = {}) {
  const { clock, timers } = handClock();
  const left = [...answers];
  const beganAt = clock.now();
  const said: string[] = [];
  const polls: { readonly at: number; readonly offset: number; readonly timeoutS: number }[] = [];
  const polling = startPolling({
    api: {
      updates(offset, timeoutS, signal) {
        polls.push({ at: clock.now() - beganAt, offset, timeoutS });
        const next = left.shift();
        if (next !== undefined) return Promise.resolve(next);
        return new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve(failed('unsure')), { once: true });
        });
      },
    },
    clock,
    from: 10,
    take: async ({ update_id }) => void said.push(`take ${update_id}`),
    remember: async (next) => void said.push(`remember ${next}`),
    passed: ({ update_id }) => void said.push(`passed ${update_id}`),
    stopped: (why) => void said.push(`stopped ${why}`),
    onState: ({ is }) => void said.push(is),
    ...more,
  });
  onTestFinished(() => polling.close());
  return { polling, timers, said, polls };
}

const ok = (...ids: readonly number[]): Answered<readonly Update[]> => ({ ok: true, value: ids.map(update) });

test('an update is confirmed only when it was taken and its number is kept', async () => {
  const taking = Promise.withResolvers<void>();
  const keeping = Promise.withResolvers<void>();
  const { timers, polls } = openLoop([ok(10, 11)], {
    take: ({ update_id }) => (update_id === 11 ? taking.promise : Promise.resolve()),
    remember: (next) => (next === 12 ? keeping.promise : Promise.resolve()),
  });
  await timers.move(5_000);
  expect(polls).toHaveLength(1);
  taking.resolve();
  await timers.move(5_000);
  expect(polls).toHaveLength(1);
  keeping.resolve();
  await timers.move(0);
  expect(polls.map(({ offset, timeoutS }) => [offset, timeoutS])).toEqual([
    [10, 0],
    [12, 25],
  ]);
});

test('an update that comes again in one process is taken once, and numbers may begin anew', async () => {
  const { timers, said, polls } = openLoop([ok(10, 11), ok(11, 12), ok(3)]);
  await timers.move(5_000);
  expect(said.filter((each) => each.startsWith('take'))).toEqual(['take 10', 'take 11', 'take 12', 'take 3']);
  expect(polls.map(({ offset }) => offset)).toEqual([10, 12, 13, 4]);
});

test.each(['conflict', 'unauthorized'] as const)('%s ends it, said once', async (why) => {
  const { timers, said, polls } = openLoop([ok(10), failed(why)]);
  await timers.move(600_000);
  expect(said).toEqual(['polling', 'take 10', 'remember 11', `stopped ${why}`]);
  expect(polls).toHaveLength(2);
});

test('Telegram away: said once, tried ever more seldom, and said once when it is back', async () => {
  const away = Array.from({ length: 7 }, () => failed('unreachable'));
  const { timers, said, polls } = openLoop([...away, ok(), failed('unsure'), ok(10)]);
  await timers.move(600_000);
  expect(said).toEqual(['lost', 'polling', 'lost', 'polling', 'take 10', 'remember 11']);
  expect(polls.slice(0, 8).map(({ at }) => at)).toEqual([0, 1_000, 3_000, 7_000, 15_000, 31_000, 61_000, 91_000]);
  expect(polls.slice(8).map(({ at }) => at)).toEqual([91_000, 92_000, 92_000]);
});

test('retry_after is obeyed and is no loss', async () => {
  const { timers, said, polls } = openLoop([ok(), flood(90)]);
  await timers.move(600_000);
  expect(said).toEqual(['polling']);
  expect(polls.map(({ at }) => at)).toEqual([0, 0, 90_000]);
});

test('a retry_after of a day is obeyed as well, and said: meanwhile nobody is heard', async () => {
  const { timers, said, polls } = openLoop([ok(), flood(86_400), ok()]);
  await timers.move(600_000);
  expect(said).toEqual(['polling', 'lost']);
  await timers.move(86_400_000);
  expect(said).toEqual(['polling', 'lost', 'polling']);
  expect(polls.map(({ at }) => at).slice(0, 3)).toEqual([0, 0, 86_400_000]);
});

test('a server that answers at once with nothing is asked once a second', async () => {
  const { timers, polls } = openLoop(Array.from({ length: 50 }, () => ok()));
  await timers.move(10_000);
  expect(polls.length).toBeLessThanOrEqual(13);
});

test('an update that cannot be taken is tried again, and after five times it blocks nobody', async () => {
  const said: string[] = [];
  const { timers, polls } = openLoop([ok(10, 11)], {
    async take({ update_id }) {
      said.push(`take ${update_id}`);
      if (update_id === 10) throw new Error('the engine is away');
    },
    passed: ({ update_id }, problem) => void said.push(`passed ${update_id}: ${String(problem)}`),
  });
  await timers.move(20_000);
  expect(said).toEqual([...Array(5).fill('take 10'), 'passed 10: Error: the engine is away', 'take 11']);
  expect(polls.at(-1)?.offset).toBe(12);
});

test('closing ends a poll at once, and waits for what is being taken', async () => {
  const idle = openLoop([ok()]);
  await idle.timers.move(0);
  await idle.polling.close();
  expect(idle.said).toEqual(['polling']);

  const taking = Promise.withResolvers<void>();
  const busy = openLoop([ok(10, 11)], { take: () => taking.promise });
  await busy.timers.move(0);
  let isClosed = false;
  const closed = busy.polling.close().then(() => {
    isClosed = true;
  });
  await busy.timers.move(0);
  expect(isClosed).toBe(false);
  taking.resolve();
  await closed;
  expect(busy.said).toEqual(['polling', 'remember 11']);
  expect(busy.polls).toHaveLength(1);
});

test('over the wire: a kill before the next poll brings the update again, once; confirmed ones never', async () => {
  const { tg, api } = await openBot();
  const ann = tg.user(ME);
  const taken: string[] = [];
  const open = (from: number) => {
    const take = async ({ message }: Update): Promise<void> => void taken.push(message?.text ?? '');
    const polling = startPolling({
      api,
      clock: machineClock,
      from,
      take,
      stopped: () => undefined,
      onState: () => undefined,
    });
    onTestFinished(() => polling.close());
    return polling;
  };
  const one = ann.say('one');
  const first = open(0);
  await tg.waitFor('a poll that confirms', () => tg.isIdle);
  const two = ann.say('two');
  await tg.waitFor('another', () => tg.isIdle);
  await first.close();
  await tg.waitFor('the end of the poll', () => !tg.updates.isPolled);
  expect(taken).toEqual(['one', 'two']);

  // The next process kept only the number after the first: the second one was confirmed, and is given again.
  tg.updates.again(two.update);
  const second = open(one.update + 1);
  await tg.waitFor('the repeat', () => tg.isIdle && taken.length === 3);
  tg.updates.again(two.update);
  ann.say('three');
  await tg.waitFor('the third', () => tg.isIdle && taken.length > 3);
  await second.close();
  expect(taken).toEqual(['one', 'two', 'two', 'three']);
});

test('over the wire: breaks, floods and cut answers lose no update and repeat none', async () => {
  const { tg, api } = await openBot();
  const ann = tg.user(ME);
  const taken: string[] = [];
  const states: string[] = [];
  const polling = startPolling({
    api,
    // Nothing is waited for: what is tested is what comes, not when.
    clock: { now: machineClock.now, after: (_, call) => machineClock.after(0, call) },
    from: 0,
    take: async ({ message }) => void taken.push(message?.text ?? ''),
    stopped: (why) => void states.push(`stopped ${why}`),
    onState: ({ is }) => void states.push(is),
  });
  onTestFinished(() => polling.close());
  const lift = tg.faults.random(11, 0.6, { methods: ['getUpdates'] });
  const words = Array.from({ length: 40 }, (_, index) => `word ${index}`);
  for (const [index, word] of words.entries()) {
    ann.say(word);
    await tg.waitFor(word, () => taken.length > index);
  }
  lift();
  await tg.waitFor('the end', () => tg.isIdle);
  expect(taken).toEqual(words);
  expect(states.filter((state) => state.startsWith('stopped'))).toEqual([]);
  expect(tg.made('getUpdates').filter(({ fault }) => fault !== undefined).length).toBeGreaterThan(20);
});
