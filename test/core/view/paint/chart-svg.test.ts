import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paintChartSvg } from '../../../../src/core/view/paint/chart-svg.ts';
import { textWidth } from '../../../../src/core/view/paint/glyph-width.ts';
import { THEMES } from '../../../../src/core/view/paint/theme.ts';
import type { Chart, Level } from '../../../../src/core/view/view.ts';
import { numbersIn, pathsOf, scaleOf, shapesOf, textsOf, unclosed } from './drawn.ts';

const QUARTER = 900_000;
const AT = Date.UTC(2024, 0, 18, 20);
const OPTIONS = { title: 'BTC', theme: 'dark', locale: 'en' } as const;
type Candles = Extract<Chart, { of: 'candles' }>;
type LineOf = Extract<Chart, { of: 'line' }>;

/** 40 candles from 20:00 on; each opens at 1,000 plus ten times its number, and rises by 5, within 10 around. */
const candles: Candles = {
  of: 'candles',
  candles: Array.from({ length: 40 }, (_, i) => [
    AT + i * QUARTER,
    1_000 + 10 * i,
    1_015 + 10 * i,
    990 + 10 * i,
    1_005 + 10 * i,
  ]),
  digits: 1,
  levels: [],
  last: 1_395,
  fills: [],
};
const line = (points: LineOf['points'], more: Partial<LineOf> = {}): LineOf => ({
  of: 'line',
  points,
  digits: 2,
  reach: [],
  ...more,
});
const near = (value: number): unknown => expect.closeTo(value, 1);
const level = (name: string, price: number): Level => ({ name, price, tone: 'accent' });

describe('candles as a picture', () => {
  it('stand where the labels of the scale say: wick, body, last price, levels, fills', () => {
    const fills = [
      { at: AT + 10 * QUARTER + 60_000, price: 1_102.5, side: 'buy' },
      { at: AT + 30 * QUARTER, price: 1_300, side: 'sell', isExit: true },
    ] as const;
    const svg = paintChartSvg({ ...candles, levels: [level('SL', 1_050), level('TP', 1_450)], fills }, OPTIONS);
    const y = scaleOf(svg);
    const ups = pathsOf(svg, 'up').map(numbersIn);
    expect(ups).toHaveLength(40);
    const [x10 = 0, high, bodyTop, , bodyLow, low] = ups[10] ?? [];
    expect([high, bodyTop, bodyLow, low]).toEqual([1_115, 1_105, 1_100, 1_090].map((price) => near(y(price))));
    expect(pathsOf(svg, 'level').map((path) => numbersIn(path)[1])).toEqual([near(y(1_050)), near(y(1_450))]);
    expect(numbersIn(pathsOf(svg, 'last')[0] ?? '')[1]).toEqual(near(y(1_395)));
    // A buy points up at its price, in the candle that it happened in; a sell points down.
    const [tipX, tipY = 0, , back = 0] = numbersIn(pathsOf(svg, 'buy')[0] ?? '');
    expect([tipX, tipY]).toEqual([near(x10), near(y(1_102.5))]);
    expect(back).toBeGreaterThan(tipY);
    const [exitX, exitY = 0, , exitBack = 0] = numbersIn(pathsOf(svg, 'sell exit')[0] ?? '');
    expect([exitX, exitY]).toEqual([near(ups[30]?.[0] ?? 0), near(y(1_300))]);
    expect(exitBack).toBeLessThan(exitY);
    expect(textsOf(svg).map(({ text }) => text)).toEqual(
      expect.arrayContaining(['1,050.0 SL', '1,450.0 TP', '1,395.0 last', 'buy', 'sell', 'exit']),
    );
  });

  it('tell a fall from a rise without a colour', () => {
    const fallen: Candles = { ...candles, candles: candles.candles.map(([at, o, h, l, c]) => [at, c, h, l, o]) };
    const fillOf = (chart: Chart, name: string) =>
      new Set(
        shapesOf(paintChartSvg(chart, { ...OPTIONS, theme: 'none' }))
          .filter(({ of }) => of.class === name)
          .map(({ of }) => of.fill),
      );
    expect(fillOf(candles, 'up')).not.toEqual(fillOf(fallen, 'down'));
    expect(fillOf(candles, 'down').size).toBe(0);
  });

  it('tell a level far away at the edge, with an arrow and without a line', () => {
    const svg = paintChartSvg({ ...candles, levels: [level('TP', 9_000), level('SL', 1)] }, OPTIONS);
    expect(pathsOf(svg, 'level')).toEqual([]);
    const texts = textsOf(svg);
    const yOf = (text: string): number => texts.find((each) => each.text === text)?.y ?? Number.NaN;
    expect(yOf('9,000.0 TP \u2191')).toBeLessThan(yOf('1,395.0 last'));
    expect(yOf('1.0 SL \u2193')).toBeGreaterThan(yOf('1,395.0 last'));
  });

  it('name the day where it begins, in the zone that is told', () => {
    const marksIn = (offsetMinutes: number, zone?: string) => {
      const svg = paintChartSvg({ ...candles, offsetMinutes }, { ...OPTIONS, zone });
      const x = pathsOf(svg, 'up').map((path) => numbersIn(path)[0] ?? 0);
      const texts = textsOf(svg);
      const day = texts.find(({ text }) => text === '01-19');
      const zoned = texts.some(({ text }) => text === (zone ?? 'UTC'));
      return { candle: x.findIndex((each) => Math.abs(each - (day?.x ?? 0)) < 0.1), zoned };
    };
    expect(marksIn(0)).toEqual({ candle: 16, zoned: true });
    expect(marksIn(120, 'Berlin')).toEqual({ candle: 8, zoned: true });
    expect(textsOf(paintChartSvg({ ...candles, offsetMinutes: -210 }, OPTIONS)).map(({ text }) => text)).toContain(
      'UTC-3:30',
    );
  });

  it('keep tags of levels apart and inside, however near the prices are', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 900, max: 1_500, noNaN: true }), { maxLength: 6 }), (prices) => {
        const svg = paintChartSvg({ ...candles, levels: prices.map((price) => level('IN', price)) }, OPTIONS);
        const boxes = pathsOf(svg, 'tag')
          .map((path) => numbersIn(path))
          .map((path) => ({ top: path[3] ?? 0, bottom: path[5] ?? 0 }))
          .sort((a, b) => a.top - b.top);
        expect(boxes).toHaveLength(prices.length + 1);
        boxes.forEach((box, index) => {
          expect(box.top).toBeGreaterThanOrEqual(boxes[index - 1]?.bottom ?? 90);
          expect(box.bottom).toBeLessThanOrEqual(530);
        });
      }),
      { numRuns: 60 },
    );
  });
});

describe('a curve as a picture', () => {
  it('is a step at each instant: a value holds until the next one', () => {
    const svg = paintChartSvg(
      line([
        [AT, 100],
        [AT + 1_000, 140],
        [AT + 4_000, 120],
      ]),
      OPTIONS,
    );
    const y = scaleOf(svg);
    const [x0 = 0, y0, x1 = 0, y1, x2 = 0, y2] = numbersIn(pathsOf(svg, 'curve')[0] ?? '');
    expect([y0, y1, y2]).toEqual([near(y(100)), near(y(140)), near(y(120))]);
    expect((x1 - x0) / (x2 - x0)).toBeCloseTo(0.25, 3);
    expect(pathsOf(svg, 'curve')[0]).toMatch(/^M[\d.]+ [\d.]+H[\d.]+V[\d.]+H[\d.]+V[\d.]+$/);
    expect(textsOf(svg).map(({ text }) => text)).toContain('120.00');
  });

  it('leaves a gap where a value is unknown, and draws one point alone', () => {
    const gap = paintChartSvg(
      line([
        [AT, 1],
        [AT + 1, 2],
        [AT + 2, Number.NaN],
        [AT + 3, 3],
      ]),
      OPTIONS,
    );
    expect(pathsOf(gap, 'curve')[0]?.match(/M/g)).toHaveLength(2);
    const one = paintChartSvg(line([[AT, 10_000]]), OPTIONS);
    expect(textsOf(one).map(({ text }) => text)).toEqual(expect.arrayContaining(['10,000.00', '01-18 20:00']));
    expect(shapesOf(one).find(({ is }) => is === 'circle')?.of).toMatchObject({ cx: expect.stringMatching(/^4\d\d/) });
  });

  it('keeps the worst moment of 100,000 points, and stays small', () => {
    const points = Array.from(
      { length: 100_000 },
      (_, i) => [AT + i * 1_000, i === 61_803 ? 500 : 1_000 + (i % 7)] as const,
    );
    const svg = paintChartSvg(line(points), OPTIONS);
    expect(svg.length).toBeLessThan(150_000);
    const ys = Array.from((pathsOf(svg, 'curve')[0] ?? '').matchAll(/V([\d.]+)/g), ([, y]) => Number(y));
    expect(Math.max(...ys)).toBeCloseTo(scaleOf(svg)(500), 0);
  });

  it('hangs a drawdown from 0, which is the top, even where there is none', () => {
    const drawdown = (values: readonly number[]): string =>
      paintChartSvg(
        line(
          values.map((value, i) => [AT + i, value]),
          { reach: [0], isArea: true },
        ),
        OPTIONS,
      );
    const labels = (svg: string): number[] =>
      textsOf(svg)
        .filter(({ x, text }) => x > 500 && /^-?[\d.]+$/.test(text))
        .map(({ text }) => Number(text));
    const deep = drawdown([0, -3, -8.8]);
    expect(Math.max(...labels(deep))).toBe(0);
    expect(scaleOf(deep)(0)).toBeCloseTo(numbersIn(pathsOf(deep, 'curve')[0] ?? '')[1] ?? 0, 1);
    expect(Math.max(...labels(drawdown([0, 0, 0])))).toBe(0);
  });
});

describe('a picture of a chart', () => {
  it.each(THEMES)('is whole and reads nothing from elsewhere, in theme %s', (theme) => {
    for (const chart of [
      candles,
      line([
        [AT, 1],
        [AT + 9, 2],
      ]),
      { of: 'spark', values: [1, 2, 3] } as const,
    ]) {
      const svg = paintChartSvg(chart, { ...OPTIONS, theme });
      expect(unclosed(svg)).toEqual([]);
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
      expect(svg.match(/https?:[^"]*/g)).toEqual(['http://www.w3.org/2000/svg']);
    }
  });

  it('shows markup and controls in any text as text', () => {
    const evil = '</text><b>"&\u001b[31m\u202e';
    const texts = { title: evil, subtitle: evil, footer: evil, warnings: [evil, evil], zone: evil, empty: evil };
    for (const chart of [
      { ...candles, levels: [level(evil, 1_200)] },
      { ...candles, candles: [], last: null },
    ]) {
      const svg = paintChartSvg(chart, { ...OPTIONS, ...texts });
      expect(unclosed(svg)).toEqual([]);
      expect(svg).not.toContain('<b>');
      for (const control of ['\u001b', '\u202e']) expect(svg).not.toContain(control);
      expect(textsOf(svg).filter(({ text }) => text.includes('<b>"&')).length).toBeGreaterThanOrEqual(5);
    }
  });

  it('says why there is nothing', () => {
    const nothing: readonly Chart[] = [
      { ...candles, candles: [], last: null },
      line([]),
      line([[AT, Number.NaN]]),
      { of: 'spark', values: [] },
    ];
    for (const chart of nothing) {
      const svg = paintChartSvg(chart, { ...OPTIONS, empty: 'no trade was closed yet' });
      expect(textsOf(svg).map(({ text }) => text)).toEqual(['BTC', 'no trade was closed yet']);
    }
    expect(textsOf(paintChartSvg(line([]), { ...OPTIONS, locale: 'ru' })).at(-1)?.text).toBe('рисовать пока нечего');
  });

  it('keeps every text on its paper, however long', () => {
    const long = 'Very long name of a profile, a strategy and a market '.repeat(4);
    const svg = paintChartSvg(
      { ...candles, levels: [level(long, 1_200)] },
      { ...OPTIONS, title: long, subtitle: long, footer: long, warnings: ['ENGINE LOST', 'SIMULATED'] },
    );
    const isBold = (text: string): boolean => text.includes('SL');
    for (const { text, x, size } of textsOf(svg)) {
      const anchor = shapesOf(svg).find((shape) => shape.text === text)?.of['text-anchor'] ?? 'start';
      const width = textWidth(text, size, isBold(text));
      const right = anchor === 'end' ? x : anchor === 'middle' ? x + width / 2 : x + width;
      expect(right).toBeLessThanOrEqual(1_000);
      expect(right - width).toBeGreaterThanOrEqual(0);
    }
    const texts = textsOf(svg).map(({ text }) => text);
    expect(texts).toContain('ENGINE LOST');
    expect(texts).toContain('SIMULATED');
  });

  it('has the size that is asked for, at the shape that a screen can show', () => {
    const sizeOf = (width?: number, height?: number) => {
      const root = shapesOf(paintChartSvg(candles, { ...OPTIONS, width, height }))[0]?.of;
      return [root?.width, root?.height, root?.viewBox];
    };
    expect(sizeOf()).toEqual(['1000', '600', '0 0 1000 600']);
    expect(sizeOf(500, 300)).toEqual(['500', '300', '0 0 1000 600']);
    expect(sizeOf(1_000, 10)).toEqual(['1000', '400', '0 0 1000 400']);
  });
});
