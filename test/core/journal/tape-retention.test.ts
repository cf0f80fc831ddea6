import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createMemoryJournal } from '../../../src/core/journal/memory.ts';
import { pruneTapes, type Retention } from '../../../src/core/journal/tape-retention.ts';
import { scratchFolder } from '../../support/scratch.ts';

const DAY = 86_400_000;
const NOW = 100 * DAY;

/** Files by age in days and size in bytes. They hold nothing that could be kept. */
function filesOf(files: Readonly<Record<string, readonly [days: number, bytes: number]>>): string {
  const folder = scratchFolder();
  for (const [name, [days, bytes]] of Object.entries(files)) {
    const file = join(folder, name);
    writeFileSync(file, Buffer.alloc(bytes));
    utimesSync(file, (NOW - days * DAY) / 1_000, (NOW - days * DAY) / 1_000);
  }
  return folder;
}

async function dropped(folder: string, retention: Omit<Retention, 'journal'>): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of pruneTapes(folder, NOW, { journal: createMemoryJournal(), ...retention }))
    names.push(name);
  return names;
}

describe('the retention of tapes', () => {
  test.each([
    ['nothing that is young and small', { 'tape-1.zst': [7, 10], 'tape-2.zst': [1, 10] }, {}, []],
    [
      'what is older than a week',
      { 'tape-1.zst': [9, 10], 'tape-1-0002.zst': [8, 10], 'tape-2.zst': [7, 10] },
      {},
      ['tape-1.zst', 'tape-1-0002.zst'],
    ],
    ['no part of an epoch that goes on', { 'tape-1.zst': [9, 10], 'tape-1-0002.zst': [1, 10] }, {}, []],
    [
      'the first parts of one that is too large',
      { 'tape-1.zst': [9, 40], 'tape-1-0002.zst': [1, 40] },
      { bytesMax: 70 },
      ['tape-1.zst'],
    ],
    [
      'the oldest beyond the size',
      { 'tape-1.zst': [3, 40], 'tape-2.zst': [2, 40], 'tape-3.zst': [1, 40] },
      { bytesMax: 90 },
      ['tape-1.zst'],
    ],
    [
      'never the one that is written to',
      { 'tape-1.zst': [10, 40], 'tape-2.zst': [9, 40], 'tape-2-0002.zst': [8, 40] },
      { open: () => '/x/tape-2-0002.zst', bytesMax: 10 },
      ['tape-1.zst', 'tape-2.zst'],
    ],
    [
      'windows after 90 days',
      { 'tape-1.windows.zst': [91, 10], 'tape-2-0002.windows.zst': [90, 10] },
      {},
      ['tape-1.windows.zst'],
    ],
    [
      'whole tapes before windows, which count',
      { 'tape-1.windows.zst': [80, 40], 'tape-2.zst': [2, 40], 'tape-3.zst': [1, 40] },
      { bytesMax: 90 },
      ['tape-2.zst'],
    ],
    [
      'the oldest windows beyond half of the size',
      { 'tape-1.windows.zst': [80, 40], 'tape-2.windows.zst': [70, 40], 'tape-3.zst': [1, 10] },
      { bytesMax: 100 },
      ['tape-1.windows.zst'],
    ],
    [
      'nothing that is none of its files',
      { 'lost-tape-1.zst': [99, 10], 'journal.db': [99, 10], 'tape-1.zst.part': [99, 10], 'tape-x.zst': [99, 10] },
      { bytesMax: 1 },
      [],
    ],
  ] as const)('drops %s', async (_what, files, retention, names) => {
    const folder = filesOf(files);
    expect(await dropped(folder, retention)).toEqual(names);
    expect(readdirSync(folder).sort()).toEqual(
      Object.keys(files)
        .filter((name) => !(names as readonly string[]).includes(name))
        .sort(),
    );
  });

  test('passes over a folder that has the name of a tape', async () => {
    const folder = filesOf({ 'tape-2.zst': [9, 10] });
    mkdirSync(join(folder, 'tape-1.zst'));
    expect(await dropped(folder, { bytesMax: 1 })).toEqual(['tape-2.zst']);
  });

  test('asks anew which file is written to: a part may begin while others are dropped', async () => {
    const folder = filesOf({ 'tape-1.zst': [9, 10], 'tape-1-0002.zst': [8, 10], 'tape-1-0003.zst': [8, 10] });
    const names: string[] = [];
    const open = (): string => join(folder, names.length === 0 ? 'tape-1-0002.zst' : 'tape-1-0003.zst');
    for await (const { name } of pruneTapes(folder, NOW, { journal: createMemoryJournal(), open })) names.push(name);
    expect(names).toEqual(['tape-1.zst', 'tape-1-0002.zst']);
  });
});
