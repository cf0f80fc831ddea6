import { type Canvas, createCanvas, drawLine } from './chart-canvas.ts';
import { decimal } from './format.ts';
import { clip, pad, widthOf } from './width.ts';

export interface ChartOptions {
  /** Columns and lines of the whole chart, labels included. */
  readonly width: number;
  readonly height: number;
  /** No glyph beyond ASCII. */
  readonly ascii?: boolean | undefined;
  /** How a value is written at the axis; by default with as many digits as the span needs. */
  readonly label?: ((value: number) => string) | undefined;
  /** Values that the axis reaches at least, such as 0 for a drawdown. */
  readonly reach?: readonly number[] | undefined;
  /** Texts under the ends of the x axis; they take one line of the height. */
  readonly ends?: readonly [string, string] | undefined;
  /** Filled from the line to 0, or to the end of the axis that is nearer to 0. */
  readonly isArea?: boolean | undefined;
}

/** Fewer columns than this for the curve, and the labels go. */
const PLOT_MIN = 8;
/** No more labels than one in so many lines. */
const LABEL_EVERY = 3;

/** The values at the two ends of an axis. */
export interface Axis {
  readonly low: number;
  readonly high: number;
}

/**
 * Values, evenly spaced, as a line of braille dots (or ASCII) with labels at the left: `height` lines of at most `width`
 * columns. NaN and infinities are gaps. One value, equal values and none at all are drawn, too.
 */
export function lineChart(values: ArrayLike<number>, options: ChartOptions): string[] {
  const { width, ends, ascii = false } = options;
  const height = Math.max(1, options.height - (ends === undefined ? 0 : 1));
  const axis = axisOf(values, options.reach ?? []);
  if (axis === undefined) return empty(width, options.height, ascii);
  const labels = labelsOf(axis, height, options.label ?? labelFor(axis));
  const labelWidth = Math.max(...labels.map(widthOf));
  const margin = width - labelWidth - 2 >= PLOT_MIN ? labelWidth + 2 : 0;
  const canvas = createCanvas(Math.max(0, width - margin), height, ascii);
  plot(canvas, values, axis, options.isArea === true);
  const lines = canvas.rows().map((row, line) => {
    if (margin === 0) return row;
    const label = labels[line] ?? '';
    const rule = label === '' ? (ascii ? '|' : '\u2502') : ascii ? '+' : '\u2524';
    return `${pad(label, labelWidth, 'right', ascii)} ${rule}${row}`;
  });
  return ends === undefined ? lines : [...lines, under(ends, margin, width).trimEnd()];
}

function empty(width: number, height: number, ascii: boolean): string[] {
  return Array.from({ length: height }, (_, line) => (line === 0 ? clip('no data', width, ascii) : ''));
}

/** From the least to the most of the values that are numbers, and over what it must reach; undefined without any. */
export function axisOf(values: ArrayLike<number>, reach: readonly number[]): Axis | undefined {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return undefined;
  for (const value of reach) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return { low, high };
}

/** Lines from the top; an empty text where a line has no label. Equal values have one, in the middle. */
function labelsOf({ low, high }: Axis, height: number, label: (value: number) => string): string[] {
  const labels: string[] = new Array(height).fill('');
  if (low === high || height === 1) {
    labels[Math.floor((height - 1) / 2)] = label(high);
    return labels;
  }
  const steps = Math.max(1, Math.floor((height - 1) / LABEL_EVERY));
  for (let step = 0; step <= steps; step++) {
    const line = Math.round((step * (height - 1)) / steps);
    const share = line / (height - 1);
    labels[line] = label(high * (1 - share) + low * share);
  }
  return labels;
}

/** As many digits as tell the lines of a chart apart. */
function labelFor({ low, high }: Axis): (value: number) => string {
  let digits = 0;
  for (let span = high === low ? Math.abs(high) : high - low; span > 0 && span < 50 && digits < 18; span *= 10)
    digits++;
  return (value) => decimal(value, { digits });
}

function plot(canvas: Canvas, values: ArrayLike<number>, { low, high }: Axis, isArea: boolean): void {
  const last = canvas.dotsHigh - 1;
  // Halves, so that no span overflows; those of the smallest numbers that there are may be equal.
  const span = high / 2 - low / 2;
  const rowOf = (value: number): number =>
    span === 0 ? Math.floor(last / 2) : Math.round(((high / 2 - value / 2) / span) * last);
  const base = rowOf(Math.min(high, Math.max(low, 0)));
  const stretch = (canvas.dotsWide - 1) / Math.max(1, values.length - 1);
  let beforeX = NaN;
  let beforeY = NaN;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    const isGap = !Number.isFinite(value);
    const x = isGap ? NaN : Math.round(i * stretch);
    const y = isGap ? NaN : rowOf(value);
    if (!isGap) drawLine(canvas, Number.isNaN(beforeX) ? x : beforeX, Number.isNaN(beforeY) ? y : beforeY, x, y);
    if (!isGap && isArea) drawLine(canvas, x, base, x, y);
    beforeX = x;
    beforeY = y;
  }
}

function under([left, right]: readonly [string, string], margin: number, width: number): string {
  const room = width - margin;
  const gap = room - widthOf(left) - widthOf(right);
  // Half an instant is another instant: it goes as a whole.
  const text = gap >= 1 ? left + ' '.repeat(gap) + right : widthOf(left) <= room ? left : '';
  return ' '.repeat(margin) + text;
}

const BLOCKS = '\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588';
const ASCII_BLOCKS = '_.-=+*%#';

/**
 * Values as one line of at most `width` columns, low to high in eight steps; with more values than columns each column
 * shows the last of its share. NaN is a blank; equal values stand in the middle.
 */
export function sparkline(values: ArrayLike<number>, width: number, ascii = false): string {
  const axis = axisOf(values, []);
  if (axis === undefined || width <= 0) return '';
  const glyphs = ascii ? ASCII_BLOCKS : BLOCKS;
  const columns = Math.min(width, values.length);
  let line = '';
  for (let column = 0; column < columns; column++) {
    const value = values[Math.floor(((column + 1) * values.length) / columns) - 1] ?? NaN;
    const span = axis.high - axis.low;
    const step = span === 0 ? 3 : Math.floor(((value - axis.low) / span) * 7.999);
    line += Number.isFinite(value) ? (glyphs[step] ?? ' ') : ' ';
  }
  return line;
}
