import { describe, expect, it } from 'vitest';
import { layout, type Size } from '../../../../src/core/view/layout/layout.ts';
import { plainLine } from '../../../../src/core/view/paint/plain.ts';
import type { Block, ChartBlock, FormBlock, TableBlock } from '../../../../src/core/view/view.ts';
import { auto, cell, chart, facts, journal, note, runs, viewOf } from './sample.ts';

const bare = (blocks: Block[], size: Size): string[] =>
  layout(viewOf(...blocks), { isBare: true, ...size }).map(plainLine);

const many: TableBlock = {
  ...runs,
  id: 'many',
  title: 'MANY',
  picked: undefined,
  columns: [{ name: 'n', title: 'number', rank: 0 }],
  rows: Array.from({ length: 20 }, (_, index) => ({ key: String(index), cells: [cell(`row ${index + 1}`)] })),
};

describe('a frame of so many rows', () => {
  it.each([1, 2, 5, 12, 24, 25, 40, 41, 70])('has %i lines, whatever the width', (rows) => {
    for (const columns of [38, 80, 120, 200]) expect(layout(auto, { columns, rows })).toHaveLength(rows);
  });

  it('lets lists shrink before sentences, and says how much is beneath', () => {
    const why = note('why', 'wide', 2, 'WHY', 'one', 'two', 'three');
    expect(bare([many, why], { columns: 30, rows: 9 })).toEqual([
      '─ MANY ───────────────────────',
      'number',
      'row 1',
      'row 2',
      '… 18 more',
      '─ WHY ────────────────────────',
      'one',
      'two',
      'three',
    ]);
  });

  it('lets facts and then blocks leave, rank by rank; what fits again comes back, rank 0 stays', () => {
    const position = facts('p', 'main', 0, 'P', ['entry|1'], ['liq|2^2'], ['funding|3^3']);
    const blocks = [position, note('why', 'wide', 2, 'WHY', 'text'), note('last', 'wide', 3, 'LAST', 'text')];
    const first = (rows: number): string =>
      bare(blocks, { columns: 20, rows })
        .map((line) => (line.startsWith('\u2500') ? line.split(' ')[1] : line.split(' ')[0]))
        .join(' ');
    expect(first(8)).toBe('P entry liq funding WHY text LAST text');
    expect(first(7)).toBe('P entry liq WHY text LAST text');
    expect(first(6)).toBe('P entry liq funding WHY text');
    expect(first(5)).toBe('P entry liq WHY text');
    expect(first(4)).toBe('P entry WHY text');
    expect(first(3)).toBe('P entry liq');
    expect(first(2)).toBe('P entry');
    expect(first(1)).toBe('P');
  });

  it('packs facts before a list of more rank gets too short, and gives it what that saved', () => {
    const position = {
      ...facts('p', 'main', 0, 'P', ['entry|1'], ['stop|2'], ['target|3'], ['size|4']),
      packed: facts('p', 'main', 0, 'P', ['entry|1', 'stop|2'], ['target|3']).lines,
    };
    const log = { ...journal, rank: 3, least: 4, height: 5 };
    const lines = (rows: number): string[] => bare([position, log], { columns: 40, rows });
    expect(lines(10).slice(1, 5)).toEqual(
      ['entry  1', 'stop   2', 'target 3', 'size   4'].map((line) => expect.stringMatching(line.replace(/ +/, ' +'))),
    );
    expect(lines(8).slice(1, 3)).toEqual(['entry 1  stop 2', 'target 3']);
    expect(lines(8).slice(4)).toHaveLength(4);
  });

  it('shows numbers in as many columns as there is room for', () => {
    const grid = { ...facts('g', 'wide', 0, 'G', ['net|-774.17'], ['win rate|17 %'], ['fees|437']), isGrid: true };
    expect(bare([grid], { columns: 70 }).slice(1)).toEqual(['net -774.17   win rate 17 %   fees 437']);
    expect(bare([grid], { columns: 20 }).slice(1)).toEqual([
      'net      -774.17',
      'win rate    17 %',
      'fees         437',
    ]);
  });

  it('draws charts larger in a higher frame', () => {
    const low = bare([chart], { columns: 80, rows: 10 });
    const high = bare([chart], { columns: 80, rows: 20 });
    const drawn = (lines: string[]): number =>
      lines.filter((line) => /[\u2502\u257d\u257f\u2503]/.test(line.slice(24, 50))).length;
    expect(drawn(low)).toBeGreaterThan(2);
    expect(drawn(high)).toBeGreaterThan(2 * drawn(low));
  });

  it('shows what lists left out where there is room, then draws charts larger than twice their height', () => {
    const line: ChartBlock = {
      ...chart,
      id: 'line',
      title: 'LINE',
      area: 'wide',
      chart: { of: 'line', points: [1, 2, 4].map((each) => [each, each]), digits: 0, reach: [] },
      height: 4,
    };
    const short = { ...many, height: 6 };
    const other = { ...short, id: 'other', title: 'OTHER' };
    const rows = (lines: string[]): number => lines.filter((each) => each.includes('row ')).length;
    const drawn = (lines: string[]): number => lines.findIndex((each) => each.includes('MANY'));
    const at = (height: number): number[] => {
      const lines = bare([line, short, other], { columns: 120, rows: height });
      return [drawn(lines), rows(lines), lines.filter((each) => each.includes('more')).length];
    };
    // Lines of the chart with its rule, rows of both lists, and how many of them count what is beneath.
    expect([17, 24, 34, 52, 60, 90].map(at)).toEqual([
      [5, 5, 2],
      [7, 12, 0],
      [9, 20, 0],
      [9, 38, 0],
      [15, 40, 0],
      [24, 40, 0],
    ]);
    expect(bare([short], { columns: 120 })).toHaveLength(9);
  });

  it('fills what is left with blank lines within the last box', () => {
    expect(bare([note('a', 'wide', 0, 'A', 'text')], { columns: 80, rows: 5 }).slice(1)).toEqual([
      `│ text${' '.repeat(73)}│`,
      `│${' '.repeat(78)}│`,
      `│${' '.repeat(78)}│`,
      `└${'─'.repeat(78)}┘`,
    ]);
  });
});

describe('scrolling', () => {
  it('shows where one is, and stops at the end', () => {
    expect(bare([many], { columns: 30, rows: 6, scrolled: { many: 4 } })).toEqual([
      '─ MANY ────────────── 5-7/20 ─',
      'number',
      'row 5',
      'row 6',
      'row 7',
      '… 13 more',
    ]);
    expect(bare([many], { columns: 30, rows: 6, scrolled: { many: 99 } }).slice(1)).toEqual([
      'number',
      'row 17',
      'row 18',
      'row 19',
      'row 20',
    ]);
    expect(bare([many], { columns: 30, scrolled: { many: 5 } })).toHaveLength(22);
  });

  it('keeps the picked row in sight where the block has the focus', () => {
    const at = (key: string): string[] =>
      bare([{ ...many, picked: key }], { columns: 30, rows: 6, focus: 'many' }).filter((line) => line.startsWith('>'));
    for (const row of many.rows) expect(at(row.key)).toEqual([`> ${row.cells[0]?.text}`]);
  });

  it('says it in Russian', () => {
    expect(bare([many], { columns: 30, rows: 4, locale: 'ru' }).at(-1)).toBe('… ещё 19');
  });

  it('goes over facts and sentences, too', () => {
    const why = note('why', 'wide', 0, 'WHY', 'one', 'two', 'three', 'four');
    expect(bare([why], { columns: 30, rows: 3, scrolled: { why: 1 } }).slice(1)).toEqual(['two', '… 2 more']);
    const logs = bare([journal], { columns: 30, rows: 3, scrolled: { journal: 2 } });
    expect(logs[1]).toContain('8841');
  });
});

describe('a form', () => {
  const form: FormBlock = {
    kind: 'form',
    id: 'f',
    area: 'main',
    rank: 0,
    title: 'RISK',
    focused: 'stop',
    fields: [
      { name: 'risk', label: 'Risk', input: '', placeholder: '0.50', hint: '% of equity', tone: 'plain' },
      { name: 'stop', label: 'Stop loss', input: '7.5', placeholder: '', hint: 'at most 5 %, found 7.5', tone: 'bad' },
      {
        name: 'side',
        label: 'Side',
        input: 'sell',
        placeholder: '',
        choices: [
          { value: 'buy', label: 'BUY' },
          { value: 'sell', label: 'SELL' },
        ],
        hint: '',
        tone: 'plain',
      },
    ],
  };

  it('stands in columns, the choice by its label, what is wrong and what was not typed by a sign', () => {
    expect(bare([form], { columns: 60 })).toEqual([
      `─ RISK ${'─'.repeat(53)}`,
      'Risk      [(0.50)      ] % of equity',
      'Stop loss [7.5         ] ! at most 5 %, found 7.5',
      'Side      <SELL        >',
    ]);
  });

  it('shows the field that has the cursor, and the end of what is typed', () => {
    const [, line] = bare([{ ...form, focused: 'side' }], { columns: 60, rows: 2 });
    expect(line).toContain('<SELL');
    const typed = {
      ...form,
      fields: [{ ...(form.fields[0] as FormBlock['fields'][number]), input: 'abcdefghijklmnopqrstuvwxyz' }],
    };
    expect(bare([typed], { columns: 24 })[1]).toBe('Risk [\u2026lmnopqrstuvwxyz]');
    const inverse = layout(viewOf(form), { columns: 60, isBare: true }).map(({ spans }) =>
      spans.filter((span) => span.isInverse),
    );
    expect(inverse.map((spans) => spans.map(({ text }) => text.trim()).join(''))).toEqual(['', '', '7.5', '']);
  });
});
