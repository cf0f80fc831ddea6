import { expect, test } from 'vitest';
import { createDebug } from '../../../../src/core/lab/debug.ts';
import { blockOf, sceneOf, show } from './debug-scene.ts';

test('every entry that the title promises can be reached, and one that is marked stays marked', () => {
  const debug = createDebug();
  debug.price(100);
  const scene = sceneOf(debug);
  const [first] = scene.entries;
  if (first === undefined) throw new Error('an entry');
  const entries = Array.from({ length: 1_219 }, (_, i) => ({ ...first, seq: i + 1 }));
  const log = blockOf(show({ ...scene, entries }, 'journal', 'en', { picked: { journal: '1' } }), 'journal');
  if (log?.kind !== 'log') throw new Error('a log');
  expect(log.title).toContain('1,219 of the last 1,219');
  expect(log.lines).toHaveLength(1_219);
  expect(log.lines.at(-1)?.key).toBe(log.picked);
});
