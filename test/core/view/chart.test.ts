import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineChart, sparkline } from '../../../src/core/view/chart.ts';
import { widthOf } from '../../../src/core/view/width.ts';

const frame = (lines: readonly string[]): string => `\n${lines.join('\n')}\n`;
const hill = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 90, 80, 70, 60, 50, 40, 30, 20, 10, 0];

describe('line chart', () => {
  it('draws a hill', () => {
    expect(frame(lineChart(hill, { width: 32, height: 7, ends: ['05-04', '05-24'] }))).toMatchInlineSnapshot(`
      "
      100 ┤           ⢀⠔⠊⠢⡀
          │         ⢀⠔⠁   ⠈⠢⡀
          │       ⡠⠊⠁       ⠈⠑⢄
          │    ⢀⡠⠊             ⠑⢄⡀
          │  ⡠⠒⠁                 ⠈⠒⢄
        0 ┤⡠⠔⠁                     ⠈⠢⢄
           05-04                 05-24
      "
    `);
  });

  it('draws the same hill in ASCII', () => {
    expect(
      frame(lineChart(hill, { width: 32, height: 7, ascii: true, ends: ['05-04', '05-24'] })),
    ).toMatchInlineSnapshot(`
      "
      100 +           ..||
          |         .|    ''|
          |        |'        |.
          |     |''            '-.
          |  ..|                 '|
        0 +.|                      ''|
           05-04                 05-24
      "
    `);
  });

  it('lets a drawdown hang from 0, with labels of its own', () => {
    const label = (value: number): string => `${value.toFixed(0)} %`;
    const depths = [-4, -8, -20, -12, -8, -16, -4, -8];
    expect(frame(lineChart(depths, { width: 30, height: 4, label, reach: [0] }))).toMatchInlineSnapshot(`
      "
        0 % ┤⡀                  ⢀
            │⠈⠑⠢⢄       ⢀⡠⢄    ⡰⠁⠉⠒⠤
            │    ⠣⡀  ⢀⠔⠊⠁  ⠑⢄⢀⠎
      -20 % ┤     ⠘⢄⠔⠁       ⠁
      "
    `);
  });

  it('draws equal values in the middle, with one label', () => {
    expect(frame(lineChart([10_000, 10_000, 10_000], { width: 24, height: 3 }))).toMatchInlineSnapshot(`
      "
             │
      10,000 ┤⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒
             │
      "
    `);
  });

  it('draws one value as one dot', () => {
    expect(frame(lineChart([10_000], { width: 24, height: 3, ascii: true }))).toMatchInlineSnapshot(`
      "
             |
      10,000 +-
             |
      "
    `);
  });

  it('leaves a gap where a value is unknown', () => {
    expect(
      frame(lineChart([1, 2, 3, NaN, Infinity, 3, 2, 1], { width: 26, height: 3, ascii: true })),
    ).toMatchInlineSnapshot(`
      "
      3.00 +    .|        '|
           |  .-'           |.
      1.00 +.-'               |.
      "
    `);
  });

  it('shows a spike of one value among thousands', () => {
    const values = new Array(4_000).fill(100);
    values[1_234] = 150;
    expect(frame(lineChart(values, { width: 30, height: 4, ascii: true }))).toMatchInlineSnapshot(`
      "
      150 +       |
          |       |
          |       |
      100 +.......|.................
      "
    `);
  });

  it('drops the labels where there is room for the curve only', () => {
    expect(frame(lineChart([1, 100_000], { width: 10, height: 2, ascii: true }))).toMatchInlineSnapshot(`
      "
           ..--'
      .--''
      "
    `);
  });

  it('says that there is nothing to draw', () => {
    expect(lineChart([], { width: 20, height: 2 })).toEqual(['no data', '']);
    expect(lineChart([NaN, NaN], { width: 4, height: 1, ends: ['a', 'b'] })).toEqual(['no \u2026']);
  });

  it('tells small spans apart at the axis', () => {
    const labels = lineChart([1.00001, 1.00002], { width: 40, height: 2, ascii: true }).map(
      (line) => line.split(' ')[0],
    );
    expect(labels).toEqual(['1.0000200', '1.0000100']);
  });

  it('draws numbers that are as near to each other as numbers can be', () => {
    const tiny = Number.MIN_VALUE;
    expect(lineChart([3 * tiny, 4 * tiny], { width: 33, height: 9, ascii: true })).toHaveLength(9);
    expect(lineChart([tiny, 0, -tiny], { width: 33, height: 3 })).toHaveLength(3);
  });

  it('is as high as asked and never wider, whatever the values', () => {
    const values = fc.array(fc.double(), { maxLength: 60 });
    const size = fc.integer({ min: 1, max: 80 });
    fc.assert(
      fc.property(
        values,
        size,
        fc.integer({ min: 2, max: 14 }),
        fc.boolean(),
        fc.boolean(),
        (all, width, height, ascii, ended) => {
          const ends = ended ? (['2025-05-04', '2025-06-03'] as const) : undefined;
          const lines = lineChart(all, { width, height, ascii, ends });
          expect(lines).toHaveLength(height);
          for (const line of lines) {
            expect(widthOf(line)).toBeLessThanOrEqual(width);
            expect(line).toBe(line.trimEnd());
            if (ascii) expect(line).toMatch(/^[ -~]*$/);
          }
        },
      ),
    );
  });
});

describe('sparkline', () => {
  it.each([
    ['eight steps', [0, 1, 2, 3, 4, 5, 6, 7], 8, '\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588'],
    ['the last value of each share', [0, 7, 0, 0, 7, 7], 3, '\u2588\u2581\u2588'],
    ['equal values', [5, 5], 8, '\u2584\u2584'],
    ['an unknown value', [0, NaN, 7], 8, '\u2581 \u2588'],
    ['nothing', [], 8, ''],
    ['no room', [1, 2], 0, ''],
  ])('draws %s', (_name, values, width, expected) => {
    expect(sparkline(values, width)).toBe(expected);
  });

  it('draws in ASCII, too', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8, true)).toBe('_.-=+*%#');
  });
});
