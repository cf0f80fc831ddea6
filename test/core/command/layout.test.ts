import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { draw } from '../../../src/core/command/drawing.ts';
import { progressLine, tabbed } from '../../../src/core/command/layout.ts';
import { type Block, plain } from '../../../src/core/command/outcome.ts';
import { widthOf } from '../../../src/core/view/width.ts';

const drawn = (block: Exclude<Block, { kind: 'backtest' | 'view' }>, columns: number, ascii = false): string[] =>
  draw(block, { columns, ascii }).map((line) => line.map((span) => span.text).join(''));

const TABLE = {
  kind: 'table',
  columns: [
    { name: 'at', title: 'time' },
    { name: 'run', title: 'run', align: 'right', rank: 2 },
    { name: 'text', title: 'what' },
  ],
  rows: [
    [{ value: 'a', text: '06:00' }, plain('1'), plain('LONG 0.016 @ 61,840.2  risk 10.88')],
    [{ value: 'b', text: '06:05' }, plain('12'), plain('closed')],
  ],
  empty: 'no entry fits',
} as const;

describe('a table', () => {
  it('lines its columns up', () => {
    expect(drawn(TABLE, 80)).toEqual([
      'time   run  what',
      '06:00    1  LONG 0.016 @ 61,840.2  risk 10.88',
      '06:05   12  closed',
    ]);
  });

  it('drops the column of the highest rank where it is narrow, then clips the last', () => {
    expect(drawn(TABLE, 41)[1]).toBe('06:00  LONG 0.016 @ 61,840.2  risk 10.88');
    expect(drawn(TABLE, 30)[1]).toBe('06:00  LONG 0.016 @ 61,840.2 \u2026');
  });

  it('tells each row as a sentence on a phone where cut cells would say nothing', () => {
    const columns = ['time', 'kind', 'what'].map((title) => ({ name: title, title }));
    const row = ['2024-02-01T00:03:10.150Z', 'position_closed', 'LONG 0.064  -1.88'].map((text) => plain(text));
    expect(drawn({ ...TABLE, columns, rows: [row] }, 36)).toEqual([
      'time kind what',
      '2024-02-01T00:03:10.150Z',
      '  position_closed LONG 0.064 -1.88',
    ]);
    expect(drawn({ ...TABLE, columns, rows: [row] }, 60)[1]).toMatch(/^2024-\S+ +position_closed +LONG/);
  });

  it('says why it is empty', () => {
    expect(drawn({ ...TABLE, rows: [] }, 80)).toEqual(['no entry fits']);
  });

  it('is never wider than asked for, from 20 columns on', () => {
    const cell = fc.string().map((text) => plain(text));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell, cell), { minLength: 1 }),
        fc.integer({ min: 20, max: 200 }),
        (rows, columns) => {
          for (const line of drawn({ ...TABLE, rows }, columns)) expect(widthOf(line)).toBeLessThanOrEqual(columns);
        },
      ),
    );
  });
});

describe('facts and prose', () => {
  it('wrap beneath themselves', () => {
    const facts = [{ name: 'about', title: 'about', cell: plain('one two three four five six') }];
    expect(drawn({ kind: 'facts', facts }, 20)).toEqual(['about  one two three', '       four five six']);
    expect(drawn({ kind: 'prose', lines: ['  one two three four five six seven'] }, 24)).toEqual([
      '  one two three four',
      '    five six seven',
    ]);
  });
});

it('keeps to ASCII where that is asked for, in texts, titles and what it cuts', () => {
  const word = '\u0446\u0435\u043d\u0430 \u2264 5 \u00b7 one two three four five six seven eight nine ten';
  const blocks = [
    { ...TABLE, rows: [[plain('06:00'), plain('1'), plain(word)]] },
    { ...TABLE, rows: [], empty: word },
    { kind: 'facts', title: word, facts: [{ name: 'x', title: '\u0446\u0435\u043d\u0430', cell: plain(word) }] },
    { kind: 'text', lines: [word] },
    { kind: 'prose', lines: [word] },
  ] as const;
  for (const block of blocks) {
    const lines = drawn(block, 30, true);
    expect(lines.join('')).toMatch(/^[ -~]*tsena[ -~]*$/);
    if (block.kind === 'table' && block.rows.length > 0) expect(lines[1]).toBe('06:00  tsena <= 5 . one two t~');
  }
});

describe('a pipe', () => {
  it('gets values with a tab between them, without a head', () => {
    expect(tabbed(TABLE)[0]).toBe('a\t1\tLONG 0.016 @ 61,840.2  risk 10.88');
  });

  it('gets one line a row and one cell a tab, whatever a cell holds', () => {
    const rows = [[plain('a\tb\nc'), { value: null, text: 'n/a' }]];
    expect(tabbed({ ...TABLE, rows })).toEqual(['a b c\t']);
  });
});

describe('a progress bar', () => {
  it.each([
    [0, 0, 'paper [                        ]   0 %'],
    [262_800, 525_600, 'paper [############            ]  50 %'],
    [7, 5, 'paper [########################] 100 %'],
  ])('%i of %i', (done, all, line) => {
    expect(progressLine('paper', done, all, 80)).toBe(line);
  });

  it('leaves the last column of a terminal free, where some would wrap', () => {
    expect(progressLine('paper', 1, 2, 20).length).toBeLessThan(20);
  });
});
