import { expect, test } from 'vitest';
import type { Answered, Post } from '../../../src/telegram/bot/api.ts';
import type { Lane } from '../../../src/telegram/bot/outbound.ts';
import { createOutbound } from '../../../src/telegram/bot/queue.ts';
import { failed, flood, handClock } from './scene.ts';
import { createScript, mostWithin } from './script.ts';

const ANN = 5;
const BOB = 6;
const GROUP = -100;

function openQueue() {
  const { clock, timers } = handClock();
  const script = createScript(clock);
  const outbound = createOutbound(script.api, clock);
  const say = (chat: number, lane: Lane, html: string): Promise<Answered<number> | undefined> =>
    outbound.send(chat, lane, () => ({ html }));
  const many = (chat: number, lane: Lane, count: number, name: string) =>
    Array.from({ length: count }, (_, index) => say(chat, lane, `${name}${index}`));
  return { clock, timers, script, outbound, say, many };
}

test('what is urgent never waits for what is not, however much of that there is', async () => {
  const { timers, script, say, many } = openQueue();
  void many(ANN, 'screen', 50, 'screen');
  void many(ANN, 'news', 50, 'news');
  await timers.move(30_000);
  const before = script.made.length;
  void say(ANN, 'urgent', 'stop lost');
  void say(ANN, 'answer', 'yes?');
  await timers.move(0);
  expect(script.texts.slice(before)).toContain('stop lost');
  await timers.move(1_000);
  expect(script.texts.slice(before, before + 2)).toEqual(['stop lost', 'yes?']);
  await timers.move(200_000);
  const order = (name: string) => script.texts.filter((text) => text.startsWith(name));
  expect(order('news')).toEqual(Array.from({ length: 50 }, (_, index) => `news${index}`));
  expect(script.made.length).toBe(102);
});

test('an alert leaves at once beside screens that always have something to show', async () => {
  const { timers, script, say, many } = openQueue();
  void many(ANN, 'screen', 50, 'screen');
  await timers.move(10_300);
  const before = script.made.length;
  void say(ANN, 'news', 'ready');
  await timers.move(0);
  expect(script.texts.slice(before)).toEqual(['ready']);
});

test.each([
  {
    who: 'a person',
    chat: ANN,
    within: [
      [1_000, 6],
      [10_000, 15],
      [60_000, 65],
    ],
  },
  {
    who: 'a group',
    chat: GROUP,
    within: [
      [1_000, 5],
      [60_000, 20],
    ],
  },
] as const)('$who gets no more than Telegram lets through, even of what is urgent', async ({ chat, within }) => {
  const { timers, script, many } = openQueue();
  const told = many(chat, 'urgent', 100, 'alert');
  await timers.move(600_000);
  expect(await Promise.all(told)).toHaveLength(100);
  for (const [ms, most] of within) expect(mostWithin(script.made, ms)).toBeLessThanOrEqual(most);
  expect(script.texts.slice(0, 3)).toEqual(['alert0', 'alert1', 'alert2']);
});

test('all chats together get at most 30 calls a second', async () => {
  const { timers, script, many } = openQueue();
  const told = Array.from({ length: 60 }, (_, index) => many(1_000 + index, 'urgent', 4, 'alert')).flat();
  await timers.move(60_000);
  expect(await Promise.all(told)).toHaveLength(240);
  expect(mostWithin(script.made, 1_000)).toBeLessThanOrEqual(30);
});

test('of edits of a message the last is made, as it is when its turn comes', async () => {
  const { timers, script, outbound, many } = openQueue();
  void many(ANN, 'news', 8, 'news');
  await timers.move(0);
  let price = 1;
  const write = (name: string) => (): Post => ({ html: `${name} ${price}` });
  const first = outbound.edit(ANN, 'screen', 9, write('first'));
  const other = outbound.edit(ANN, 'screen', 8, write('other'));
  const last = outbound.edit(ANN, 'screen', 9, write('last'));
  price = 2;
  expect(await first).toBeUndefined();
  await timers.move(60_000);
  expect(await last).toEqual({ ok: true, value: undefined });
  expect(await other).toEqual({ ok: true, value: undefined });
  expect(script.texts.filter((text) => !text.startsWith('news'))).toEqual(['last 2', 'other 2']);
});

test('an edit that a person waits for goes before the screens, and takes the earlier one along', async () => {
  const { timers, script, outbound } = openQueue();
  const posts = [1, 2, 3, 4, 5, 6].map((message) =>
    outbound.edit(ANN, 'screen', message, () => ({ html: `s${message}` })),
  );
  await timers.move(0);
  const before = script.made.length;
  const asked = outbound.edit(ANN, 'answer', 6, () => ({ html: 'pressed' }));
  await timers.move(1_000);
  expect(script.texts[before]).toBe('pressed');
  await timers.move(60_000);
  expect(await asked).toEqual({ ok: true, value: undefined });
  expect(await posts[5]).toBeUndefined();
  expect(script.texts).not.toContain('s6');
});

test('a message that is removed is not edited any more', async () => {
  const { timers, script, outbound, many } = openQueue();
  void many(ANN, 'urgent', 5, 'alert');
  await timers.move(0);
  const edit = outbound.edit(ANN, 'screen', 9, () => ({ html: 'late' }));
  const removal = outbound.remove(ANN, 9);
  await timers.move(20_000);
  expect([await edit, await removal]).toEqual([undefined, { ok: true, value: undefined }]);
  expect(script.made.map(({ is }) => is)).not.toContain('edit');
});

test('retry_after silences that chat alone, and afterwards what is urgent comes first, each once', async () => {
  const { clock, timers, script, outbound, say } = openQueue();
  script.answers = ({ chat, at }) => (chat === ANN && at < 35_000 ? flood(35) : undefined);
  const news = say(ANN, 'news', 'news');
  await timers.move(10);
  const alert = say(ANN, 'urgent', 'alert');
  const other = say(BOB, 'news', 'hello');
  expect(outbound.standing(ANN)).toMatchObject({ waiting: 2, silentUntil: clock.now() + 34_990 });
  await timers.move(34_000);
  expect(script.texts).toEqual(['news', 'hello']);
  expect(await other).toMatchObject({ ok: true });
  await timers.move(5_000);
  expect(script.texts).toEqual(['news', 'hello', 'alert', 'news']);
  expect([await news, await alert]).toMatchObject([{ ok: true }, { ok: true }]);
  expect(outbound.standing(ANN)).toMatchObject({ waiting: 0, silentUntil: 0 });
  expect(clock.now() - outbound.standing(ANN).lastOkAt).toBeLessThan(5_000);
});

test('at the end of a silence no burst comes, and what is not urgent need not wait for more', async () => {
  const { timers, script, many } = openQueue();
  script.answers = ({ at }) => (at < 1_000 ? flood(20) : undefined);
  void many(ANN, 'urgent', 9, 'alert');
  await timers.move(20_500);
  expect(script.made.filter(({ at }) => at >= 20_000).length).toBeLessThanOrEqual(3);

  const quiet = openQueue();
  void quiet.many(ANN, 'urgent', 4, 'alert');
  await quiet.timers.move(0);
  quiet.script.answers = ({ at }) => (at < 3_000 ? flood(20) : undefined);
  void quiet.many(ANN, 'news', 1, 'news');
  await quiet.timers.move(30_000);
  expect(quiet.script.made.slice(4).map(({ at }) => at)).toEqual([2_000, 22_000]);
});

test('in an hour of silence nothing but the newest screen is kept, and no alert is lost', async () => {
  const { timers, script, many, say } = openQueue();
  script.answers = ({ at }) => (at < 1_000 ? flood(3_600) : undefined);
  void say(ANN, 'news', 'first');
  await timers.move(10);
  const screens = many(ANN, 'screen', 30, 'screen');
  const alerts = many(ANN, 'urgent', 3, 'alert');
  await timers.move(1_000);
  expect(await Promise.all(screens.slice(0, 29))).toEqual(Array(29).fill(undefined));
  await timers.move(3_700_000);
  expect(await Promise.all(alerts)).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
  expect(script.texts.toSorted()).toEqual(['alert0', 'alert1', 'alert2', 'first', 'first', 'screen29']);
});

test('while Telegram is away one call at a time tries, ever more seldom, and then all go in order', async () => {
  const { timers, script, many } = openQueue();
  script.answers = ({ at }) => (at < 200_000 ? failed('unreachable') : undefined);
  const told = [...many(ANN, 'urgent', 3, 'a'), ...many(BOB, 'urgent', 3, 'b')];
  await timers.move(190_000);
  const tries = script.made.map(({ at }) => at);
  expect(tries).toEqual([0, 0, 1_000, 3_000, 7_000, 15_000, 31_000, 63_000, 123_000, 183_000]);
  await timers.move(120_000);
  expect(await Promise.all(told)).toMatchObject(Array(6).fill({ ok: true }));
  const done = script.made.filter(({ at }) => at >= 200_000).map(({ text }) => text);
  expect(done.filter((text) => text.startsWith('a'))).toEqual(['a0', 'a1', 'a2']);
  expect(done.filter((text) => text.startsWith('b'))).toEqual(['b0', 'b1', 'b2']);
});

test('what waits for Telegram goes as soon as it is known to be reached', async () => {
  const { timers, script, outbound, many } = openQueue();
  script.answers = ({ at }) => (at < 130_000 ? failed('unreachable') : undefined);
  const told = many(ANN, 'urgent', 2, 'a');
  await timers.move(130_000);
  outbound.reached();
  await timers.move(2_000);
  expect(await Promise.all(told)).toMatchObject([{ ok: true }, { ok: true }]);
  expect(script.made.filter(({ at }) => at >= 130_000).map(({ text }) => text)).toEqual(['a0', 'a1']);
});

test('what may have been done is not done again: that is for the caller to say', async () => {
  const { timers, script, say } = openQueue();
  script.answers = ({ text }) => (text === 'one' ? failed('unsure') : undefined);
  const [one, two] = [say(ANN, 'urgent', 'one'), say(ANN, 'urgent', 'two')];
  await timers.move(60_000);
  expect([await one, await two]).toMatchObject([{ is: 'unsure' }, { ok: true }]);
  expect(script.texts).toEqual(['one', 'two']);
});

test('an alert waits neither for a picture under way nor for the disk of another lane', async () => {
  const { timers, script, outbound, say } = openQueue();
  const never = Promise.withResolvers<undefined>();
  script.answers = ({ is }) => (is === 'photo' ? never.promise : undefined);
  void outbound.photo(ANN, 'answer', () => ({ png: new Uint8Array(), caption: 'chart' }));
  void outbound.send(ANN, 'news', () => never.promise);
  void say(ANN, 'urgent', 'alert');
  await timers.move(0);
  expect(script.texts).toEqual(['chart', 'alert']);
});

test('two calls on one message are never under way at once: the older could win', async () => {
  const { timers, script, outbound } = openQueue();
  const slow = Promise.withResolvers<undefined>();
  script.answers = ({ text }) => (text === 'old' ? slow.promise : undefined);
  void outbound.edit(ANN, 'screen', 9, () => ({ html: 'old' }));
  void outbound.edit(ANN, 'answer', 9, () => ({ html: 'new' }));
  await timers.move(5_000);
  expect(script.texts).toEqual(['old']);
  slow.resolve(undefined);
  await timers.move(0);
  expect(script.texts).toEqual(['old', 'new']);
});

test('an edit that was refused for its haste gives way to a newer one', async () => {
  const { timers, script, outbound } = openQueue();
  const held = Promise.withResolvers<undefined>();
  script.answers = async ({ text, at }) => {
    if (at > 0) return undefined;
    await held.promise;
    return text === 'old' ? flood(3) : undefined;
  };
  const old = outbound.edit(ANN, 'screen', 9, () => ({ html: 'old' }));
  const fresh = outbound.edit(ANN, 'screen', 9, () => ({ html: 'new' }));
  held.resolve(undefined);
  await timers.move(10_000);
  expect(await old).toBeUndefined();
  expect(await fresh).toEqual({ ok: true, value: undefined });
  expect(script.texts).toEqual(['old', 'new']);
});

test('what has nothing to say any more costs nothing, and a writer that fails harms nobody else', async () => {
  const { timers, script, outbound, many } = openQueue();
  const nothing = Array.from({ length: 40 }, () => outbound.send(ANN, 'urgent', () => undefined));
  const broken = outbound.send(ANN, 'urgent', () => {
    throw new Error('no such screen');
  });
  const caught = broken.then(String, String);
  const told = many(ANN, 'urgent', 3, 'alert');
  await timers.move(100);
  expect(await caught).toBe('Error: no such screen');
  expect(await Promise.all([...nothing, ...told])).toHaveLength(43);
  expect(script.made.map(({ at }) => at < 100)).toEqual([true, true, true]);
});

test('a clock that is set back silences nobody', async () => {
  const { timers, script, many } = openQueue();
  void many(ANN, 'urgent', 12, 'alert');
  await timers.move(1_500);
  timers.jump({ wall: -3_600_000, mono: 0 });
  await timers.move(10_000);
  expect(script.made.length).toBe(12);
});

test('an alert whose intent is being written when it all ends does not leave', async () => {
  const { timers, script, outbound } = openQueue();
  const disk = Promise.withResolvers<void>();
  const told = outbound.send(ANN, 'urgent', async () => {
    await disk.promise;
    return { html: 'alert' };
  });
  await timers.move(0);
  outbound.close();
  disk.resolve();
  await timers.move(0);
  expect(await told).toBeUndefined();
  expect(script.texts).toEqual([]);
});

test('after the end nothing leaves; what waits and what comes is told so, what is under way ends as it ends', async () => {
  const { timers, script, outbound, say, many } = openQueue();
  const held = Promise.withResolvers<undefined>();
  script.answers = async ({ text }) => {
    await held.promise;
    return text === 'flooded' ? flood(1) : undefined;
  };
  const done = say(ANN, 'urgent', 'done');
  const flooded = say(BOB, 'urgent', 'flooded');
  const waits = many(ANN, 'urgent', 9, 'alert');
  await timers.move(0);
  outbound.close();
  const late = say(ANN, 'urgent', 'late');
  held.resolve(undefined);
  await timers.move(60_000);
  expect(await Promise.all([...waits, late])).toEqual(Array(10).fill(undefined));
  expect([await done, await flooded]).toMatchObject([{ ok: true }, { is: 'flood' }]);
  expect(script.texts).toEqual(['done', 'flooded']);
  expect(timers.waiting).toBe(0);
});
