import { expect, test } from 'vitest';
import { reportBackLater, reportLost } from '../../../src/telegram/alert/lost.ts';
import { bridge, CHAT, SINK, stubLog, World } from './stage.ts';

const person = { user: 1, chat: CHAT, role: 'viewer', name: '', isGroup: false, pairedAt: 0 } as const;

function scene() {
  const world = new World();
  const { client, sink } = bridge(world);
  void sink.close();
  const store = { memory: { ...world.disk, people: [person, { ...person, user: 2 }] } };
  const clock = { now: world.hand.wall, after: world.hand.after };
  return { world, last: { client, store, clock, log: stubLog(world) } };
}

test('a bridge that ends by itself says it once for each chat, and is not held up by an engine', async () => {
  const { world, last } = scene();
  await reportLost(last, 'conflict');
  expect(world.engine.asked).toEqual(['report_channel']);
  world.asks = 'broken';
  await reportLost(last, 'conflict');
  expect(world.logged).toHaveLength(1);
  const mute = reportLost({ ...last, client: { ...last.client, ask: () => new Promise(() => {}) } }, 'conflict');
  world.hand.pass(3_000);
  await mute;
});

test('one that polls in peace for a minute takes back what it had said, and nothing else', async () => {
  const { world, last } = scene();
  world.engine.raise('HIGH', 'channel_lost', { facts: { sink: 'telegram:8' } });
  reportBackLater(last);
  await world.hand.move(60_000);
  expect(world.engine.asked).toEqual([]);
  world.engine.raise('HIGH', 'channel_lost', { facts: { sink: SINK } });
  reportBackLater(last);
  reportBackLater(last)();
  await world.hand.move(59_999);
  expect(world.engine.asked).toEqual([]);
  await world.hand.move(1);
  expect(world.engine.asked).toEqual(['report_channel']);
});
