import { describe, expect, test } from 'vitest';
import { decode } from '../../../src/core/domain/entry.ts';
import { csvCell, csvLines, jsonLines } from '../../../src/core/journal/export.ts';
import { createMemoryJournal } from '../../../src/core/journal/memory.ts';
import { Scribe } from './facts.ts';

describe('an export', () => {
  test('in JSON lines reads back to the entries', () => {
    const journal = createMemoryJournal();
    const scribe = new Scribe(journal);
    scribe.start(1, 'BTC/USDT:USDT');
    scribe.trade(1);
    const lines = [...jsonLines(journal.all)];
    expect(lines.every((line) => line.indexOf('\n') === line.length - 1)).toBe(true);
    expect(lines.map((line) => decode(line))).toEqual(journal.all);
  });

  test('in CSV has a header, an instant that people read, and a body in JSON', () => {
    const journal = createMemoryJournal();
    const scribe = new Scribe(journal);
    scribe.write(0, 'halted', { reason: 'panic, by "me"' }, '=cmd|calc');
    expect([...csvLines(journal.all)].join('')).toBe(
      [
        'seq,epoch,run,account,kind,v,at,time,cause,body',
        `1,1,0,main,halted,1,1746346500000,2025-05-04T08:15:00.000Z,'=cmd|calc,"{""reason"":""panic, by \\""me\\""""}"`,
        '',
      ].join('\n'),
    );
  });

  test('is made as it is read', () => {
    const read: number[] = [];
    function* entries() {
      const journal = createMemoryJournal();
      new Scribe(journal).trade(1);
      for (const entry of journal.all) {
        read.push(entry.seq);
        yield entry;
      }
    }
    const lines = jsonLines(entries());
    lines.next();
    lines.next();
    expect(read).toEqual([1, 2]);
  });
});

test.each([
  ['=1+1', "'=1+1"],
  ['+x', "'+x"],
  ['-x', "'-x"],
  ['@sum', "'@sum"],
  ['\tx', "'\tx"],
  ['=a,b', `"'=a,b"`],
  ['-12.5', '-12.5'],
  ['+3', '+3'],
  ['-1e-7', '-1e-7'],
  ['-', "'-"],
  ['main', 'main'],
  ['a"b', '"a""b"'],
  ['a\nb', '"a\nb"'],
])('the CSV cell %j is written %j', (value, expected) => {
  expect(csvCell(value)).toBe(expected);
});
