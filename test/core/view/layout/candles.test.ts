import { describe, expect, it } from 'vitest';
import { layout } from '../../../../src/core/view/layout/layout.ts';
import { plainLine } from '../../../../src/core/view/paint/plain.ts';
import type { Chart, ChartBlock } from '../../../../src/core/view/view.ts';
import { chart, viewOf } from './sample.ts';

const MINUTE = 60_000;

const drawn = (of: Chart, height: number, columns = 40, ascii = false): string[] => {
  const block: ChartBlock = { ...chart, height, chart: of, empty: 'no candles yet' };
  return layout(viewOf(block), { columns, ascii, isBare: true }).slice(1).map(plainLine);
};

const few: Chart = {
  of: 'candles',
  digits: 0,
  // Prices from 100 to 109: ten half rows, one price each.
  candles: [
    [0, 102, 105, 100, 104],
    [MINUTE, 104, 106, 101, 103],
    [2 * MINUTE, 103, 109, 103, 108],
  ],
  levels: [
    { name: 'TP', price: 108, tone: 'good' },
    { name: 'SL', price: 60, tone: 'bad' },
  ],
  last: 108,
  fills: [{ at: MINUTE + 1, price: 106, side: 'sell' }],
};

describe('candles', () => {
  it('have wicks, bodies and half steps; levels, fills and the last price are marked', () => {
    expect(drawn(few, 6)).toEqual([
      '108 TP  ┄┄┄┄╽┄◄ 108┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄'.slice(0, 40),
      '          ▼ ┃',
      '        ╽ ▌ ┃',
      '        ┃ ▌ ╹',
      '60 SL ↓ │ ╵',
      '        00:00',
    ]);
  });

  it('differ in more than their colour where they fell', () => {
    const day: Chart = {
      ...few,
      candles: [
        [0, 100, 109, 100, 109],
        [MINUTE, 109, 109, 100, 100],
      ],
      levels: [],
      fills: [],
    };
    const bodies = (ascii: boolean): string | undefined => drawn({ ...day, last: null }, 6, 40, ascii)[1];
    expect(bodies(false)).toBe('107 ┃ ▌');
    expect(bodies(true)).toBe('107 | #');
  });

  it('are ASCII where they must be', () => {
    const lines = drawn(few, 6, 40, true);
    expect(lines.join('\n')).toMatch(/^[ -~\n]*$/);
    expect(lines[1]).toBe('          v |');
    expect(lines[0]).toContain('< 108');
  });

  it('are the newest where not all fit', () => {
    const candles = Array.from({ length: 100 }, (_, i) => [i * MINUTE, 100 + i, 101 + i, 99 + i, 100.5 + i] as const);
    const [top, ...rest] = drawn({ ...few, levels: [], fills: [], candles, last: 199.5, digits: 1 }, 8, 40);
    expect(top).toMatch(/◄ 199\.5$/);
    expect(rest.at(-1)).toMatch(/01:3/);
    expect(rest.join('')).not.toContain('100.');
  });

  it('tell times of the zone, and days where candles are long', () => {
    const candles = Array.from({ length: 20 }, (_, i) => [i * 15 * MINUTE, 100, 101, 99, 100 + (i % 2)] as const);
    const times = (offsetMinutes: number): string =>
      drawn({ ...few, candles, offsetMinutes }, 6, 60)
        .at(-1)
        ?.trim() ?? '';
    expect(times(0)).toBe('00:00 01:00   02:00   03:00   04:00');
    expect(times(180)).toBe('03:00 04:00   05:00   06:00   07:00');
    const days = candles.map(([at, ...prices]) => [at * 96, ...prices] as const);
    expect(
      drawn({ ...few, candles: days }, 6, 60)
        .at(-1)
        ?.trim(),
    ).toMatch(/^01-0\d( +01-\d\d)+$/);
  });

  it('stand in the middle where the price never moved, and say where there are none', () => {
    const flat = drawn({ ...few, levels: [], fills: [], candles: [[0, 5, 5, 5, 5]], last: 5 }, 6);
    expect(flat.findIndex((line) => line.includes('◄ 5'))).toBe(2);
    expect(drawn({ ...few, candles: [] }, 6)).toEqual(['no candles yet']);
  });

  it('never cut a label, though fewer candles have other levels in reach', () => {
    const candles = Array.from(
      { length: 60 },
      (_, i) => [i * MINUTE, 900 - 10 * i, 905 - 10 * i, 890 - 10 * i, 895 - 10 * i] as const,
    );
    const levels = [{ name: 'TARGET', price: 990, tone: 'good' as const }];
    for (let columns = 30; columns < 60; columns++) {
      const lines = drawn({ ...few, candles, levels, fills: [], last: 305 }, 8, columns);
      expect(lines.join('\n')).toMatch(/^990 TARGET/m);
      expect(lines.join('\n')).not.toContain('\u2026');
    }
  });

  it('name levels in order of price, those beyond the scale on their own side of those in it', () => {
    const prices = { LIQ: 10, SL: 60, IN: 101, TP: 200 };
    for (const sign of [1, -1]) {
      const at = (value: number): number => (sign === 1 ? value : 210 - value);
      const candles = [[0, 102, 109, 101, 104] as const].map(
        ([t, o, h, l, c]) => [t, at(o), at(sign === 1 ? h : l), at(sign === 1 ? l : h), at(c)] as const,
      );
      const levels = Object.entries(prices).map(([name, value]) => ({
        name,
        price: at(value),
        tone: 'plain' as const,
      }));
      for (let rows = 6; rows < 14; rows++) {
        const lines = drawn({ ...few, candles, levels, last: null, fills: [] }, rows);
        const names = lines.flatMap((line) => /^[\d.]+ (LIQ|SL|IN|TP)/.exec(line)?.[1] ?? []);
        expect(names).toEqual(sign === 1 ? ['TP', 'IN', 'SL', 'LIQ'] : ['LIQ', 'SL', 'IN', 'TP']);
      }
    }
  });

  it('keep their height where a level is far away', () => {
    const far = drawn({ ...few, last: null, fills: [], levels: [{ name: 'LIQ', price: 1, tone: 'warn' }] }, 6);
    expect(far.filter((line) => /[╷╵│┃╻╹╽╿]/.test(line))).toHaveLength(5);
    expect(far.some((line) => line.startsWith('1 LIQ ↓'))).toBe(true);
  });
});

describe('lines and sparks', () => {
  const line: Chart = {
    of: 'line',
    points: [
      [0, 0],
      [60 * MINUTE, 10],
      [120 * MINUTE, 0],
    ],
    digits: 1,
    reach: [],
    isArea: false,
  };

  it('go by time, with labels and both ends', () => {
    const lines = drawn(line, 6, 40);
    expect(lines[0]).toMatch(/^10\.0 ┤/);
    expect(lines[4]).toMatch(/^ 0\.0 ┤⣀+⡇? *⡸?⣀*/);
    expect(lines[5]).toBe(`${' '.repeat(6)}01-01 00:00${' '.repeat(12)}01-01 02:00`);
  });

  it('keep the highest and the lowest value at every width', () => {
    const points = Array.from({ length: 5_000 }, (_, i) => [i * MINUTE, i % 2] as const);
    const spiked = points.map(([at, value], i) => [at, i === 1_234 ? 70.5 : i === 3_333 ? -30.5 : value] as const);
    for (let columns = 30; columns < 50; columns++) {
      const lines = drawn({ ...line, points: spiked }, 6, columns);
      expect([lines[0], lines[4]]).toEqual([expect.stringMatching(/^ 70\.5 ┤/), expect.stringMatching(/^-30\.5 ┤/)]);
    }
  });

  it('are filled to zero as an area', () => {
    const dots = (isArea: boolean): number =>
      Array.from(
        drawn(
          {
            ...line,
            points: [
              [0, 5],
              [1, 10],
              [2, 5],
            ],
            reach: [0],
            isArea,
          },
          6,
          40,
        ).join(''),
      ).filter((glyph) => glyph === '\u28ff').length;
    expect(dots(false)).toBe(0);
    expect(dots(true)).toBeGreaterThan(20);
  });

  it('are one line of bars', () => {
    expect(drawn({ of: 'spark', values: [1, 2, 3, 8] }, 1)).toEqual(['▁▂▃█']);
    expect(drawn({ of: 'spark', values: [] }, 1)).toEqual(['no candles yet']);
  });
});
