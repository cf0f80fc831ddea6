import { expect, test } from 'vitest';
import { MINUTE_MS } from '../../../../src/core/domain/time.ts';
import { createDebug } from '../../../../src/core/lab/debug.ts';
import { utcTime } from '../../../../src/core/view/format.ts';
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

test('each instant of an entry is in the chosen zone, which is named', () => {
  const debug = createDebug();
  debug.price(100);
  debug.long();
  debug.price(100);
  const opened = debug.entries().find(({ kind }) => kind === 'position_opened');
  const signal = debug.entries().find(({ cause }) => typeof cause === 'string' && /\d{12}/.test(cause));
  if (opened === undefined || signal === undefined) throw new Error('a position, and an input');
  const shown = (seq: number): string => {
    const zone = { name: 'UTC+05:30', offsetMinutes: 330 };
    const blocks = show(sceneOf(debug), 'journal', 'en', { seq, zone }).blocks;
    return blocks
      .flatMap((block) => (block.kind === 'facts' ? block.lines.flat().flatMap(({ cells }) => cells) : []))
      .map(({ text }) => text)
      .filter((text) => /\d{4}-\d\d-\d\d/.test(text))
      .join('\n');
  };
  for (const { seq, at } of [opened, signal]) {
    const texts = shown(seq).split('\n');
    expect(texts.length).toBeGreaterThan(1);
    for (const text of texts) expect(text).toMatch(/ UTC\+05:30$/);
    expect(texts[0]).toContain(utcTime(at + 330 * MINUTE_MS));
  }
});
