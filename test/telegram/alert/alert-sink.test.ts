import { describe, expect, test } from 'vitest';
import { lastingDeed } from '../../../src/telegram/alert/lasting.ts';
import type { Answered } from '../../../src/telegram/bot/api.ts';
import { bridge, CHAT, type Process, SINK, World } from './stage.ts';

const UNSURE: Answered<number> = { ok: false, is: 'unsure', text: 'no answer' };
const TAKEN: Answered<number> = { ok: false, is: 'unsure', text: 'taken' };
const REJECTED: Answered<number> = { ok: false, is: 'rejected', text: 'cannot parse entities' };
const BLOCKED: Answered<number> = { ok: false, is: 'blocked', text: 'bot was blocked by the user' };

/** A chat that took alerts before, so that nothing in it is old. */
async function known(world = new World()): Promise<{ world: World; process: Process }> {
  world.engine.write('alert_delivered', { alert: 0, nth: 1, sink: SINK, ref: '1', isRepeat: false });
  const process = bridge(world);
  await process.change();
  return { world, process };
}

const raise = (world: World, priority: 'HIGH' | 'MEDIUM' | 'LOW', ...rules: readonly string[]): void => {
  for (const rule of rules) world.engine.raise(priority, rule);
};

describe('alerts in a chat', () => {
  test('leave on the change that tells of them, without a timer, and are delivered once', async () => {
    const { world, process } = await known();
    const before = world.hand.waiting;
    raise(world, 'HIGH', 'high_one');
    await process.change();
    expect(world.titles).toEqual(['high one']);
    expect(world.engine.delivered).toEqual([{ alert: 1, nth: 1, sink: SINK, ref: '100', isRepeat: false }]);
    expect(world.hand.waiting).toBe(before);
    await process.change();
    expect(world.disk.sending).toEqual([]);
    expect(world.titles).toHaveLength(1);
  });

  test('are written down before they leave', async () => {
    const { world, process } = await known();
    world.step = (what) => what !== 'written' || world.disk.sending.length === 0;
    raise(world, 'HIGH', 'high_one');
    await process.change();
    expect(world.disk.sending).toEqual([{ alert: 1, nth: 1, chat: CHAT }]);
    expect(world.titles).toEqual([]);
  });

  test('go HIGH first and one by one; many others are one digest of each priority', async () => {
    const { world, process } = await known();
    raise(world, 'LOW', ...Array.from({ length: 40 }, () => 'low'));
    raise(world, 'MEDIUM', ...Array.from({ length: 50 }, () => 'calm'));
    raise(world, 'HIGH', 'high_one', 'high_two');
    await process.change();
    await world.hand.move(10_000);
    expect(world.titles).toEqual(['high one', '50 alerts', 'high two', '40 alerts']);
    expect(world.arrived.map(({ post }) => post.isSilent)).toEqual([false, false, false, true]);
    expect(world.engine.open()).toEqual(Array(92).fill(1));
    await process.change();
    expect([world.disk.sending, world.titles.length]).toEqual([[], 4]);
  });

  test('of a few stay alone', async () => {
    const { world, process } = await known();
    raise(world, 'MEDIUM', 'calm_one', 'calm_two', 'calm_three');
    await process.change();
    await world.hand.move(10_000);
    expect(world.titles).toEqual(['calm one', 'calm two', 'calm three']);
  });

  test('of a thousand in a burst are digests; one of HIGH priority meanwhile waits for none of them', async () => {
    const { world, process } = await known();
    for (let i = 0; i < 10; i++) {
      for (let k = 0; k < 100; k++) raise(world, k % 2 === 0 ? 'MEDIUM' : 'LOW', `burst_${i}`);
      if (i === 5) raise(world, 'HIGH', 'high_one');
      await process.change();
      if (i === 5) expect(world.titles).toContain('high one');
      await world.hand.move(100);
    }
    await world.hand.move(30_000);
    expect(world.titles.length).toBeLessThan(25);
    expect(world.titles.filter((title) => !/^(\d+ alerts|high one|burst \d)$/.test(title))).toEqual([]);
    expect(world.engine.open()).toEqual(Array(1_001).fill(1));
  });

  test('that expired or were acknowledged before their turn are not sent, and are forgotten', async () => {
    const { world, process } = await known();
    world.script = (_post, nth) =>
      nth <= 2 ? { ok: false, is: 'flood', retryAfterMs: 60_000, text: 'slow' } : undefined;
    raise(world, 'HIGH', 'high_one', 'high_two');
    world.engine.raise('MEDIUM', 'calm', { expiresAt: world.engine.now + 30_000 });
    await process.change();
    world.engine.write('alert_acknowledged', { alert: 1, by: 'cli' });
    world.engine.now += 40_000;
    await process.change();
    await world.hand.move(70_000);
    expect(world.titles).toEqual(['high two']);
    await process.change();
    expect(world.disk.sending).toEqual([]);
  });

  test('that made way for others before they left are no repeat later', async () => {
    const { world, process } = await known();
    world.script = (_post, nth) =>
      nth === 1 ? { ok: false, is: 'flood', retryAfterMs: 5_000, text: 'slow' } : undefined;
    raise(world, 'LOW', 'low_one');
    await process.change();
    expect(world.disk.sending).toHaveLength(1);
    raise(world, 'MEDIUM', 'calm');
    await process.change();
    world.step = (what) => what !== 'send';
    await world.hand.move(10_000);
    world.step = () => true;
    const after = bridge(world);
    await after.change();
    await world.hand.move(10_000);
    expect(world.titles).toEqual(['calm (repeat?)', 'low one']);
  });

  test('of HIGH priority carry what can be done about them, for every process to come', async () => {
    const { world, process } = await known();
    world.engine.raise('HIGH', 'high_one', { of: 41, symbol: 'BTC/USDT:USDT' });
    await process.change();
    const row = world.arrived[0]?.post.keyboard?.[0] ?? [];
    expect(row.map(({ text, data }) => [text, lastingDeed(data)])).toEqual([
      ['Acknowledge', { is: 'acknowledge', alert: 1, of: 41 }],
      ['Market', { is: 'screen', screen: 'market', pick: { symbol: 'BTC/USDT:USDT' } }],
      ['Journal', { is: 'screen', screen: 'journal', pick: { seq: '41' } }],
    ]);
    world.engine.raise('HIGH', 'high_two', { of: 42, symbol: 'x'.repeat(60) });
    await process.change();
    const long = world.arrived[1]?.post.keyboard?.[0] ?? [];
    expect(long.map(({ text, data }) => [text, Buffer.byteLength(data) <= 64])).toEqual([
      ['Acknowledge', true],
      ['Journal', true],
    ]);
    expect(world.arrived[0]?.post.isSilent).toBe(false);
  });

  test('that are told again come again, numbered, without a mark', async () => {
    const { world, process } = await known();
    raise(world, 'HIGH', 'high_one');
    await process.change();
    world.engine.raise('HIGH', 'high_one', { alert: 1, nth: 2 });
    await process.change();
    await process.change();
    expect(world.arrived.map(({ post }) => /repeat\?/.test(post.html))).toEqual([false, false]);
    expect(world.arrived[1]?.post.html).toContain('(told 2 times)');
    expect(world.engine.delivered.map(({ nth }) => nth)).toEqual([1, 2]);
  });

  test('speak the language of the settings', async () => {
    const { world, process } = await known();
    world.engine.write('option_set', { option: 'language', text: 'ru' });
    raise(world, 'HIGH', 'test');
    await process.change();
    expect(world.titles).toEqual(['ПРОБНОЕ ОПОВЕЩЕНИЕ']);
    expect(world.arrived[0]?.post.keyboard?.[0]?.[0]?.text).toBe('Подтвердить');
  });
});

describe('what Telegram says', () => {
  test.each([
    ['and it came', TAKEN, ['high one', 'high one (repeat?)']],
    ['and it did not', UNSURE, ['high one (repeat?)']],
  ])('no answer %s: it is sent again with the same number and a mark', async (_what, first, titles) => {
    const { world, process } = await known();
    world.script = (_post, nth) => (nth === 1 ? first : undefined);
    raise(world, 'HIGH', 'high_one', 'high_two');
    await process.change();
    expect(world.titles.at(-1)).toBe('high two');
    await world.hand.move(1_000);
    expect(world.titles.filter((title) => title.startsWith('high one'))).toEqual(titles);
    expect(world.engine.delivered.map(({ alert, isRepeat }) => [alert, isRepeat])).toEqual([
      [2, false],
      [1, true],
    ]);
  });

  test('is answered again after minutes of silence: what was not taken goes at once, HIGH before what came later', async () => {
    const { world, process } = await known();
    world.script = () => UNSURE;
    raise(world, 'HIGH', 'high_one');
    await process.change();
    await world.hand.move(130_000);
    world.script = () => undefined;
    raise(world, 'MEDIUM', 'calm');
    process.sink.reached();
    await world.hand.move(0);
    expect(world.titles).toEqual(['high one (repeat?)', 'calm']);
  });

  test('a digest without an answer marks each of its alerts, and is no loop', async () => {
    const { world, process } = await known();
    world.script = () => UNSURE;
    raise(world, 'MEDIUM', ...Array.from({ length: 9 }, () => 'calm'));
    await process.change();
    await world.hand.move(60_000);
    expect(world.sends).toBeLessThan(8);
    world.script = () => undefined;
    await world.hand.move(60_000);
    expect(world.titles).toEqual(['9 alerts (repeat?)']);
    expect(world.engine.delivered).toHaveLength(9);
  });

  test('no to the markup: once more as plain text; no to that as well: it is given up, and the log says so', async () => {
    const { world, process } = await known();
    world.script = (post) => (post.html.includes('<b>') ? REJECTED : undefined);
    raise(world, 'HIGH', 'high_one');
    await process.change();
    expect(world.arrived[0]?.post).toMatchObject({ keyboard: undefined, html: expect.not.stringMatching(/[<>&]/) });
    world.script = () => REJECTED;
    raise(world, 'HIGH', 'high_two');
    await process.change();
    await world.hand.move(60_000);
    expect([world.titles, world.sends]).toEqual([['high one'], 4]);
    expect(world.engine.delivered.map(({ ref }) => ref)).toEqual(['100', 'rejected']);
    expect(world.logged.filter((line) => line.startsWith('error'))).toHaveLength(1);
  });

  test('that the chat is closed: it is said once, the alert stays open, and leaves when the chat is open again', async () => {
    const { world, process } = await known();
    world.script = () => BLOCKED;
    raise(world, 'HIGH', 'high_one');
    await process.change();
    raise(world, 'HIGH', 'high_two');
    await process.change();
    await world.hand.move(60_000);
    expect([process.blocked, world.sends]).toEqual([['bot was blocked by the user'], 1]);
    expect([world.engine.open(), world.disk.sending]).toEqual([[0, 0], []]);
    world.script = () => undefined;
    await world.hand.move(600_000);
    expect(world.titles).toEqual(['high one', 'high two']);
  });
});

describe('an engine that goes away', () => {
  test.each(['broken', 'deaf'] as const)(
    'while it is told (%s) is told again, and the chat gets nothing twice',
    async (asks) => {
      const { world, process } = await known();
      world.asks = asks;
      raise(world, 'HIGH', 'high_one');
      await process.change();
      world.engine.link = 'lost';
      await process.change();
      world.asks = 'well';
      await world.hand.move(5_000);
      expect(world.titles).toEqual(['high one']);
      world.engine.link = 'up';
      await process.change();
      await process.change();
      expect(world.engine.delivered).toMatchObject([{ alert: 1, isRepeat: false }]);
      expect([world.titles, world.disk.sending]).toEqual([['high one'], []]);
    },
  );

  test('hears of each time that an alert was told', async () => {
    const { world, process } = await known();
    world.asks = 'broken';
    raise(world, 'HIGH', 'high_one');
    await process.change();
    world.engine.raise('HIGH', 'high_one', { alert: 1, nth: 2 });
    await process.change();
    world.asks = 'well';
    await world.hand.move(5_000);
    expect(world.engine.delivered.map(({ nth }) => nth)).toEqual([1, 2]);
    expect(world.titles).toEqual(['high one', 'high one']);
  });

  test('takes nothing of HIGH priority with it that it had told; the rest waits', async () => {
    const { world, process } = await known();
    raise(world, 'HIGH', 'high_one');
    raise(world, 'MEDIUM', 'calm');
    world.engine.link = 'lost';
    await process.change();
    expect(world.titles).toEqual(['high one']);
    world.engine.link = 'up';
    await process.change();
    expect(world.titles).toEqual(['high one', 'calm']);
    expect(world.engine.delivered).toHaveLength(2);
  });
});

describe('a chat that is new', () => {
  test('gets what was there before it in one message a priority, and what comes then one by one', async () => {
    const world = new World();
    raise(world, 'HIGH', ...Array.from({ length: 12 }, (_, i) => `high_${i}`));
    raise(world, 'MEDIUM', ...Array.from({ length: 30 }, () => 'calm'));
    const process = bridge(world);
    await process.change();
    raise(world, 'HIGH', 'fresh_one', 'fresh_two');
    await process.change();
    await world.hand.move(10_000);
    expect(world.titles.toSorted()).toEqual(['12 alerts', '30 alerts', 'fresh one', 'fresh two']);
    expect(world.arrived.find(({ title }) => title === '12 alerts')?.post.html).toContain('high 11');
    await process.change();
    expect(world.engine.open()).toEqual(Array(44).fill(1));
  });

  test('and one that was given up is expected again from its first alert on', async () => {
    const { world, process } = await known();
    world.engine.write('option_set', { option: 'sink.telegram.7', text: 'off' });
    raise(world, 'HIGH', 'high_one');
    await process.change();
    expect(world.engine.state.options).toMatchObject({ 'sink.telegram.7': 'on' });
  });
});

describe('a bridge that dies', () => {
  /** Three alerts, a death at the nth instant at which it touches the world, and another bridge after it. */
  async function killedAt(killAt: number): Promise<{ world: World; isKilled: boolean; where: string }> {
    const { world, process } = await known();
    let instants = 0;
    let where = '';
    world.step = (what) => {
      instants += 1;
      if (instants === killAt) where = what;
      return instants !== killAt;
    };
    raise(world, 'HIGH', 'high_one', 'high_two');
    raise(world, 'MEDIUM', 'calm_1', 'calm_2', 'calm_3', 'calm_4');
    await process.change();
    raise(world, 'HIGH', 'high_three');
    for (let i = 0; i < 4; i++) {
      await process.change();
      await world.hand.move(2_000);
    }
    const isKilled = process.isDead();
    world.step = () => true;
    const after = bridge(world);
    for (let i = 0; i < 4; i++) {
      await after.change();
      await world.hand.move(5_000);
    }
    return { world, isKilled, where };
  }

  test('at any instant: every alert of HIGH priority arrives, none twice without its mark, all are delivered', async () => {
    const deaths = new Set<string>();
    for (let killAt = 1; ; killAt++) {
      const { world, isKilled, where } = await killedAt(killAt);
      if (!isKilled) break;
      deaths.add(where);
      for (const rule of ['high one', 'high two', 'high three']) {
        const own = world.titles.filter((title) => title.startsWith(rule));
        expect(own.length, `${rule}, killed at ${killAt} ${where}`).toBeGreaterThan(0);
        expect(own.slice(1), `${rule}, killed at ${killAt} ${where}`).toEqual(
          own.slice(1).map(() => `${rule} (repeat?)`),
        );
      }
      const digests = world.titles.filter((title) => title.endsWith('alerts')).length;
      expect(digests).toBeLessThanOrEqual(1);
      expect(world.engine.open(), `killed at ${killAt} ${where}`).toEqual(Array(7).fill(1));
      const told = world.engine.delivered.map(({ alert, nth }) => `${alert}.${nth}`);
      expect(new Set(told).size).toBe(told.length);
      expect(world.disk.sending).toEqual([]);
    }
    expect([...deaths].toSorted()).toEqual(['ask', 'asked', 'send', 'sent', 'write', 'written']);
  });
});

test('an end waits for what is under way and begins nothing', async () => {
  const { world, process } = await known();
  raise(world, 'HIGH', 'high_one', 'high_two');
  process.sink.changed();
  const closed = process.sink.close();
  await world.hand.move(0);
  await closed;
  expect(world.titles.length).toBeLessThanOrEqual(1);
  expect(world.engine.delivered).toHaveLength(world.titles.length);
  raise(world, 'HIGH', 'high_three');
  await process.change();
  expect(world.titles.length).toBeLessThanOrEqual(1);
  expect(world.hand.waiting).toBe(0);
});

test('a queue that is closed is no loop: what waits is left to the next process', async () => {
  const { world, process } = await known();
  process.outbound.close();
  raise(world, 'HIGH', 'high_one');
  await process.change();
  await process.change();
  expect([world.sends, world.disk.sending, world.engine.open()]).toEqual([0, [], [0]]);
});
