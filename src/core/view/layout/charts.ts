import { MINUTE_MS } from '../../domain/time.ts';
import { lineChart, sparkline } from '../chart.ts';
import { decimal, utcShort } from '../format.ts';
import type { Chart, ChartBlock } from '../view.ts';
import { candleLines } from './candles.ts';
import { type Content, type ContentLine, listed } from './content.ts';
import { ink, type Pen } from './pen.ts';
import { type Spans, wrapSpan } from './spans.ts';

type LineOf = Extract<Chart, { of: 'line' }>;

/** Fewer lines, and a chart tells nothing. */
const HEIGHT_MIN = { candles: 5, line: 4, spark: 1 } as const;

/** A chart of any kind: it is drawn for the height that it gets. */
export function chartContent(block: ChartBlock, width: number, pen: Pen): Content {
  const { chart } = block;
  if (isEmpty(chart)) {
    const lines = wrapSpan(ink(pen, block.empty, 'muted'), width, pen).map((spans): ContentLine => ({ spans }));
    return listed(block, lines, 1, pen);
  }
  const full = chart.of === 'spark' ? 1 : Math.max(1, block.height);
  return {
    full,
    least: () => Math.min(full, HEIGHT_MIN[chart.of]),
    grows: chart.of === 'spark' ? 'no' : 'chart',
    lines: (height) => (height <= 0 ? [] : chartLines(chart, width, height, pen).map((spans) => ({ spans }))),
    where: () => '',
  };
}

const isEmpty = (chart: Chart): boolean =>
  chart.of === 'candles'
    ? chart.candles.length === 0
    : chart.of === 'line'
      ? !chart.points.some(([, value]) => Number.isFinite(value))
      : !chart.values.some(Number.isFinite);

function chartLines(chart: Chart, width: number, height: number, pen: Pen): Spans[] {
  switch (chart.of) {
    case 'candles':
      return candleLines(chart, width, height, pen);
    case 'line':
      return lineLines(chart, width, height, pen);
    case 'spark':
      return [[ink(pen, sparkline(chart.values, width, pen.ascii), 'accent')]];
  }
}

function lineLines(chart: LineOf, width: number, height: number, pen: Pen): Spans[] {
  const { points, digits, reach, isArea, offsetMinutes = 0 } = chart;
  const time = (at: number | undefined): string => utcShort(at === undefined ? at : at + offsetMinutes * MINUTE_MS);
  const hasEnds = height >= 4;
  const lines = lineChart(evenly(points, width), {
    width,
    height,
    ascii: pen.ascii,
    label: (value) => decimal(value, { digits }),
    reach,
    isArea,
    ends: hasEnds ? [time(points[0]?.[0]), time(points.at(-1)?.[0])] : undefined,
  });
  return lines.map((text, row) => (hasEnds && row === lines.length - 1 ? [ink(pen, text, 'muted')] : inTwo(text, pen)));
}

/** Labels and axis apart from the curve. */
function inTwo(text: string, pen: Pen): Spans {
  const axis = pen.ascii ? text.search(/[|+]/) : text.search(/[\u2502\u2524]/);
  return [ink(pen, text.slice(0, axis + 1), 'muted'), ink(pen, text.slice(axis + 1), 'accent')];
}

/**
 * Four values for each of `count` even stretches of time, in their order: the one that held as it began, the highest and
 * the lowest of it, and the last. No high and no low is lost, however few the columns.
 */
function evenly(points: LineOf['points'], count: number): number[] {
  const first = points[0]?.[0] ?? 0;
  const span = (points.at(-1)?.[0] ?? first) - first;
  if (points.length < 2 || span <= 0) return points.map(([, value]) => value);
  const values: number[] = [];
  let next = 1;
  let held = points[0]?.[1] ?? NaN;
  for (let index = 1; index <= count; index++) {
    const seen = [held];
    const till = first + (span * index) / count;
    for (; next < points.length && (index === count || (points[next]?.[0] ?? Infinity) < till); next++) {
      held = points[next]?.[1] ?? NaN;
      seen.push(held);
    }
    values.push(...reachOf(seen));
  }
  return values;
}

/** The first, the highest and the lowest as they came, and the last; what is no number is passed over. */
function reachOf(seen: readonly number[]): number[] {
  const known = seen.filter(Number.isFinite);
  const [one = -1, other = -1] = [seen.indexOf(Math.min(...known)), seen.indexOf(Math.max(...known))].sort(
    (a, b) => a - b,
  );
  return [0, one, other, seen.length - 1].map((i) => seen[i] ?? NaN);
}
