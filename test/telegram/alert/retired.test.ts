import { expect, test } from 'vitest';
import { retireSinks } from '../../../src/telegram/alert/retired.ts';
import { bridge, SINK, stubLog, World } from './stage.ts';

test('a chat in which nobody is paired any more is not missed; one that is, and other sinks, are', async () => {
  const world = new World();
  for (const sink of [SINK, 'telegram:-100123', 'webhook']) {
    world.engine.write('alert_delivered', { alert: 0, nth: 1, sink, ref: '1', isRepeat: false });
  }
  const { client } = bridge(world);
  const person = { user: 1, chat: 7, role: 'viewer', name: '', isGroup: false, pairedAt: 0 } as const;
  await retireSinks({ client, memory: { people: [person] }, log: stubLog(world) });
  expect(world.engine.state.options).toEqual({ 'sink.telegram.-100123': 'off' });
  const before = world.engine.asked.length;
  await retireSinks({ client, memory: { people: [person] }, log: stubLog(world) });
  expect(world.engine.asked).toHaveLength(before);
});
