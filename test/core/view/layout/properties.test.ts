import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clean } from '../../../../src/core/view/layout/clean.ts';
import { layout } from '../../../../src/core/view/layout/layout.ts';
import { paintAnsi } from '../../../../src/core/view/paint/ansi.ts';
import type { Line, View } from '../../../../src/core/view/view.ts';
import { widthOf } from '../../../../src/core/view/width.ts';
import { anySize, anyView, writtenView } from './random-view.ts';
import { auto, fact, facts, runs, viewOf } from './sample.ts';

const RUNS = { numRuns: 250 };
const textOf = ({ spans }: Line): string => spans.map(({ text }) => text).join('');

/** The characters of a line by the columns that they stand in; the second half of a wide one is empty. */
const columnsOf = (text: string): string[] => {
  const columns: string[] = [];
  for (const glyph of text) {
    const width = widthOf(glyph);
    if (width === 0) continue;
    columns.push(glyph, ...(width === 2 ? [''] : []));
  }
  return columns;
};

const UPWARD = /[\u2502\u2514\u2518\u251c\u2524\u2534\u253c]/;
const DOWNWARD = /[\u2502\u250c\u2510\u251c\u2524\u252c\u253c]/;

describe('any view at any size', () => {
  it('has no line over the width, and as many lines as were asked for', () => {
    fc.assert(
      fc.property(anyView, anySize, (view, size) => {
        const lines = layout(view, size);
        if (size.rows !== undefined) expect(lines).toHaveLength(size.rows);
        for (const line of lines) expect(widthOf(textOf(line))).toBeLessThanOrEqual(size.columns);
      }),
      RUNS,
    );
  });

  it('lets nothing through that moves a cursor, and in ASCII nothing else', () => {
    fc.assert(
      fc.property(anyView, anySize, (view, size) => {
        const all = layout(view, size).map(textOf).join('');
        expect(all).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
        if (size.ascii === true) expect(all).toMatch(/^[ -~]*$/);
      }),
      RUNS,
    );
  });

  it('has boxes that are exactly as wide as the frame, with bars that join', () => {
    fc.assert(
      fc.property(
        writtenView,
        fc.integer({ min: 80, max: 200 }),
        fc.option(fc.integer({ min: 3, max: 50 }), { nil: undefined }),
        (view, columns, rows) => {
          const lines = layout(view, { columns, rows, isBare: true }).map(textOf);
          const boxed = lines.filter((line) => line !== '');
          for (const line of boxed) expect(widthOf(line)).toBe(columns);
          boxed.slice(1).forEach((line, index) => {
            const below = columnsOf(line);
            columnsOf(boxed[index] ?? '').forEach((glyph, column) => {
              const under = below[column] ?? '';
              if (DOWNWARD.test(glyph))
                expect([column, under, isTitle(line, column)]).toEqual([column, under, !UPWARD.test(under)]);
            });
          });
        },
      ),
      RUNS,
    );
  });

  it('shows no number that is not in the view', () => {
    fc.assert(
      fc.property(writtenView, fc.integer({ min: 8, max: 200 }), (view, columns) => {
        const given = numbersIn(textsOf(view).map((text) => clean(text, false)));
        const shown = numbersIn(
          layout(view, { columns }).map((line) => textOf(line).replace(/\u2026 [\d,]+ more/, '')),
        );
        expect([...shown].filter((each) => !given.has(each))).toEqual([]);
      }),
      RUNS,
    );
  });

  it('is painted by any theme without another sequence than styles', () => {
    fc.assert(
      fc.property(anyView, anySize, (view, size) => {
        const painted = paintAnsi(layout(view, size), 'dark');
        expect(painted.replace(/\p{Cc}\[[\d;]*m/gu, '')).not.toMatch(/[^\P{Cc}\n]/u);
      }),
      { numRuns: 60 },
    );
  });
});

/** A title covers the bar above it: then a rule has a letter there. */
const isTitle = (line: string, column: number): boolean =>
  /^[\u251c\u250c\u2502]/.test(line) &&
  line.includes('\u2500') &&
  !/[\u2500-\u257f]/.test(columnsOf(line)[column] ?? '');

const numbersIn = (texts: readonly string[]): Set<string> =>
  new Set(texts.flatMap((text) => text.match(/\d[\d.,]*/g) ?? []));

function textsOf({ status, blocks, actions }: View): string[] {
  const inFacts = (lines: View['blocks'][number]): string[] => {
    switch (lines.kind) {
      case 'facts':
        return lines.lines.flat().flatMap(({ label, cells }) => [label, ...cells.map(({ text }) => text)]);
      case 'table':
        return [
          lines.empty,
          ...lines.columns.map(({ title }) => title),
          ...lines.rows.flatMap(({ cells }) => cells.map(({ text }) => text)),
        ];
      case 'log':
        return [lines.empty, ...lines.lines.flatMap(({ cells }) => cells.map(({ text }) => text))];
      case 'note':
        return [...lines.lines];
      case 'chart':
      case 'form':
        return [];
    }
  };
  const said = status.flatMap(({ label, cells }) => [label, ...cells.map(({ text }) => text)]);
  return [
    ...said,
    ...blocks.flatMap((block) => [block.title, ...inFacts(block)]),
    ...actions.flatMap(({ key, label }) => [key ?? '', label]),
  ];
}

describe('the same view at each width', () => {
  it('tells the same values, but for columns that left by rank', () => {
    const amount = fc.integer({ min: -1e9, max: 1e9 }).map((value) => String(value));
    fc.assert(
      fc.property(
        fc.array(fc.array(amount, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 5 }),
        (lines) => {
          const block = facts(
            'a',
            'main',
            0,
            'A',
            ...lines.map((line) => line.map((value, index) => `label${index}|${value}`)),
          );
          const table = {
            ...runs,
            picked: undefined,
            columns: runs.columns.slice(0, 5).map((each) => ({ ...each, rank: 0 })),
            rows: lines.map((line, index) => ({
              key: String(index),
              cells: line.map((text) => ({ value: text, text })),
            })),
          };
          const view = viewOf(block, { ...table, id: 'b' });
          const values = (columns: number): string[] =>
            layout(view, { columns, isBare: true })
              .flatMap((line) => textOf(line).match(/(?<=^|[ │>])-?\d+(?=$|[ │])/g) ?? [])
              .sort();
          const [first, ...others] = [38, 60, 80, 120, 200].map(values);
          expect(first).toHaveLength(2 * lines.flat().length);
          for (const other of others) expect(other).toEqual(first);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('keeps what has rank 0 in a status line, however narrow', () => {
    for (const columns of [20, 38, 80, 120]) {
      const lines = layout(
        { ...auto, status: [fact('|LIVE^0'), fact('age|0.2s^3'), fact('|HALTED^0')] },
        { columns, rows: 20 },
      );
      expect(lines.slice(0, 2).map(textOf).join(' ')).toMatch(/LIVE +(age +0.2s +)?HALTED/);
    }
  });
});

it('takes well under 3 ms for a full frame', () => {
  // The best of many: others use the machine, too.
  let best = Infinity;
  for (let turn = 0; turn < 150; turn++) {
    const from = performance.now();
    layout(auto, { columns: 120, rows: 40 });
    best = Math.min(best, performance.now() - from);
  }
  expect(best).toBeLessThan(3);
});
