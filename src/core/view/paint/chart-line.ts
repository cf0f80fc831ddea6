import { DAY_MS, MINUTE_MS } from '../../domain/time.ts';
import { type Axis, axisOf } from '../chart.ts';
import { markText, stretchOf } from '../chart-time.ts';
import { decimal, utcShort } from '../format.ts';
import type { Chart } from '../view.ts';
import { apart, type Mark } from './chart-axes.ts';
import type { Drawing } from './chart-drawing.ts';
import { inkOf, type Plot } from './chart-sheet.ts';
import { px } from './svg-box.ts';
import type { Theme } from './theme.ts';

type LineOf = Extract<Chart, { of: 'line' }>;
type Point = LineOf['points'][number];

/** From one time to the next at least; units. */
const TIME_EVERY = 100;
/** Free above and below, as a share of the span. */
const AIR = 0.07;

/**
 * A value over time as steps, since each holds until the next one; filled down to 0 where it is an area, else shaded
 * beneath. Values that are no number are gaps. Undefined without a value.
 */
export function lineDrawing(chart: LineOf, { say }: Pick<Drawing, 'say'>): Drawing | undefined {
  const points = chart.points.filter(([at]) => Number.isFinite(at));
  const axis = airyAxis(chart);
  const last = points.findLast(([, value]) => Number.isFinite(value));
  if (axis === undefined || last === undefined) return undefined;
  const text = decimal(last[1], { digits: chart.digits });
  const times = timesOf(points);
  return {
    say,
    axis,
    digits: chart.digits,
    tags: [{ text, value: last[1], tone: 'accent', isFilled: true }],
    legend: [],
    marks: (plot) => apart(marksOf(times, chart.offsetMinutes ?? 0, plot)),
    shapes: (plot, theme) => curveShapes(chart, points, times, last, axis, plot, theme),
  };
}

/** Small bars become a curve without times. */
export function sparkDrawing(values: readonly number[], { say }: Pick<Drawing, 'say'>): Drawing | undefined {
  const points = values.map((value, index) => [index, value] as const);
  const drawing = lineDrawing({ of: 'line', points, digits: 8, reach: [] }, { say });
  return drawing === undefined ? undefined : { ...drawing, marks: () => [] };
}

interface Times {
  readonly from: number;
  readonly to: number;
}

const timesOf = (points: readonly Point[]): Times => {
  const from = points[0]?.[0] ?? 0;
  return { from, to: Math.max(from, points.at(-1)?.[0] ?? from) };
};

/** The axis with some air at its ends; none beyond what the values never pass, such as 0 of a drawdown. */
function airyAxis({ points, reach, digits }: LineOf): Axis | undefined {
  const values = points.map(([, value]) => value);
  const axis = axisOf(values, reach);
  const own = axisOf(values, []);
  if (axis === undefined || own === undefined) return undefined;
  const span = axis.high - axis.low;
  const air = span > 0 ? span * AIR : Math.max(Math.abs(axis.high) / 1_000, 5 / 10 ** digits);
  return {
    low: span > 0 && reach.includes(axis.low) && own.low >= axis.low ? axis.low : axis.low - air,
    high: reach.includes(axis.high) && own.high <= axis.high ? axis.high : axis.high + air,
  };
}

/** One instant stands in the middle. */
const xOf = (at: number, { from, to }: Times, { left, right }: Plot): number =>
  to > from ? left + ((at - from) / (to - from)) * (right - left) : (left + right) / 2;

function curveShapes(
  chart: LineOf,
  points: readonly Point[],
  times: Times,
  last: Point,
  axis: Axis,
  plot: Plot,
  theme: Theme,
): string[] {
  const ink = inkOf(theme, 'accent');
  const base = chart.isArea === true ? plot.yOf(Math.min(axis.high, Math.max(axis.low, 0))) : plot.bottom;
  const runs = runsOf(points, times, plot);
  const shades = runs.map((run) => `${pathOf(run)}V${px(base)}H${px(run[0]?.[0] ?? 0)}Z`).join('');
  const [x, y] = [xOf(last[0], times, plot), plot.yOf(last[1])];
  return [
    ...(chart.isArea === true ? [] : [shadeOf(ink)]),
    `<path class="shade" d="${shades}" fill="${chart.isArea === true ? ink : 'url(#shade)'}"${chart.isArea === true ? ' fill-opacity="0.22"' : ''}/>`,
    `<path class="last" d="M${px(plot.left)} ${px(y)}H${px(plot.right)}" stroke="${ink}" stroke-width="2" stroke-dasharray="2 5"/>`,
    `<path class="curve" d="${runs.map(pathOf).join('')}" fill="none" stroke="${ink}" stroke-width="3" stroke-linejoin="round" stroke-linecap="round"/>`,
    `<circle cx="${px(x)}" cy="${px(y)}" r="6" fill="${ink}" stroke="${theme.paper}" stroke-width="2"/>`,
  ];
}

const shadeOf = (ink: string): string =>
  `<linearGradient id="shade" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${ink}" stop-opacity="0.28"/><stop offset="1" stop-color="${ink}" stop-opacity="0.02"/></linearGradient>`;

type Dot = readonly [x: number, y: number];

const pathOf = (run: readonly Dot[]): string =>
  run.map(([x, y], index) => (index === 0 ? `M${px(x)} ${px(y)}` : `H${px(x)}V${px(y)}`)).join('');

/** Stretches without a gap. Of the points within one unit those that shape the curve are kept: first, least, most, last. */
function runsOf(points: readonly Point[], times: Times, plot: Plot): Dot[][] {
  const runs: Dot[][] = [];
  let run: Dot[] = [];
  let column: Dot[] = [];
  const flush = (): void => {
    run.push(...shaping(column));
    column = [];
  };
  for (const [at, value] of points) {
    if (!Number.isFinite(value)) {
      flush();
      if (run.length > 0) runs.push(run);
      run = [];
      continue;
    }
    const dot: Dot = [xOf(at, times, plot), plot.yOf(value)];
    if (column[0] !== undefined && Math.floor(column[0][0]) !== Math.floor(dot[0])) flush();
    column.push(dot);
  }
  flush();
  return run.length > 0 ? [...runs, run] : runs;
}

function shaping(column: readonly Dot[]): readonly Dot[] {
  if (column.length <= 4) return column;
  const indices = column.map((_, index) => index);
  const yAt = (index: number): number => column[index]?.[1] ?? 0;
  const least = indices.reduce((a, b) => (yAt(b) < yAt(a) ? b : a));
  const most = indices.reduce((a, b) => (yAt(b) > yAt(a) ? b : a));
  const kept = new Set([0, least, most, column.length - 1]);
  return column.filter((_, index) => kept.has(index));
}

/** Round instants; where none lies in so short a time, the first one. */
function marksOf({ from, to }: Times, offsetMinutes: number, plot: Plot): Mark[] {
  const shift = offsetMinutes * MINUTE_MS;
  const alone: Mark[] = [{ x: xOf(from, { from, to }, plot), text: utcShort(from + shift) }];
  if (to === from) return alone;
  const stretch = stretchOf(((to - from) * TIME_EVERY) / (plot.right - plot.left));
  const marks: Mark[] = [];
  for (let local = Math.ceil((from + shift) / stretch) * stretch; local <= to + shift; local += stretch) {
    const isDay = local % DAY_MS === 0;
    marks.push({ x: xOf(local - shift, { from, to }, plot), text: markText(local, isDay ? DAY_MS : stretch) });
  }
  return marks.length > 0 ? marks : alone;
}
