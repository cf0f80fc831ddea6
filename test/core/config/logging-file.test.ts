import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { logFile, logStderr } from '../../../src/core/config/logging-file.ts';
import { scratchFolder } from '../../support/scratch.ts';

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);
const read = (path: string): string => readFileSync(path, 'utf8');

describe('the log file', () => {
  test('is for its owner only, with its folder, also where it was there before', () => {
    const folder = join(scratchFolder(), 'state');
    const path = join(folder, 'engine.log');
    logFile({ path }).close();
    expect([modeOf(folder), modeOf(path)]).toEqual(['700', '600']);
    chmodSync(path, 0o644);
    writeFileSync(path, 'old\n');
    const file = logFile({ path });
    file.write('new\n');
    expect(modeOf(path)).toBe('600');
    expect(read(path)).toBe('old\nnew\n');
  });

  test('is rotated by size, keeps the newest files and tears no line', () => {
    const folder = scratchFolder();
    const path = join(folder, 'engine.log');
    const file = logFile({ path, bytesMax: 25, filesMax: 3 });
    for (let i = 10; i < 20; i++) file.write(`line ${i} \u20ac\n`); // 12 bytes each: two a file
    expect(readdirSync(folder).sort()).toEqual(['engine.log', 'engine.log.1', 'engine.log.2']);
    expect(read(path)).toBe('line 18 \u20ac\nline 19 \u20ac\n');
    expect(read(`${path}.1`)).toBe('line 16 \u20ac\nline 17 \u20ac\n');
    expect(read(`${path}.2`)).toBe('line 14 \u20ac\nline 15 \u20ac\n');
    expect(readdirSync(folder).map((name) => modeOf(join(folder, name)))).toEqual(['600', '600', '600']);
  });

  test('counts what an earlier process wrote, and takes a line longer than a file', () => {
    const path = join(scratchFolder(), 'engine.log');
    writeFileSync(path, 'x'.repeat(20));
    const file = logFile({ path, bytesMax: 25, filesMax: 2 });
    file.write('ten bytes\n');
    file.write(`${'y'.repeat(40)}\n`);
    expect(read(path)).toBe(`${'y'.repeat(40)}\n`);
    expect(read(`${path}.1`)).toBe('ten bytes\n');
  });

  test('with one file starts it anew', () => {
    const folder = scratchFolder();
    const path = join(folder, 'engine.log');
    const file = logFile({ path, bytesMax: 10, filesMax: 1 });
    for (const line of ['one\n', 'two\n', 'three\n']) file.write(line);
    expect(read(path)).toBe('three\n');
    expect(readdirSync(folder)).toEqual(['engine.log']);
  });

  test('that cannot be rotated or is closed loses lines and never throws', () => {
    const folder = scratchFolder();
    const path = join(folder, 'engine.log');
    const file = logFile({ path, bytesMax: 10, filesMax: 2 });
    mkdirSync(join(`${path}.1`, 'in-the-way'), { recursive: true });
    expect([file.write('12345678\n'), file.write('12345678\n')]).toEqual([true, false]);
    file.close();
    file.close();
    const other = openSync(join(folder, 'journal'), 'w');
    expect(file.write('stray\n')).toBe(false);
    closeSync(other);
    expect(read(join(folder, 'journal'))).toBe('');
    expect(existsSync(path)).toBe(true);
  });
});

test('a closed standard error loses lines and never throws', () => {
  expect(logStderr(987).write('x\n')).toBe(false);
});
