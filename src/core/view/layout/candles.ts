import { HOUR_MS, MINUTE_MS } from '../../domain/time.ts';
import { markText, stretchOf } from '../chart-time.ts';
import { decimal } from '../format.ts';
import type { Level, Tone } from '../view.ts';
import { type Candles, candleGrid, type Dot, isInReach, type PriceAxis, priceAxis, rowOf } from './candle-grid.ts';
import { blanks, ink, type Pen } from './pen.ts';
import { padSpans, type Spans, widthOfSpans } from './spans.ts';

/** Fewer columns than that for candles, and the labels go. */
const PLOT_MIN = 12;
/** Rows between labels that only tell the scale. */
const LABEL_EVERY = 2;
/** Columns from one time to the next. */
const TIME_EVERY = 8;

interface Label {
  readonly text: string;
  readonly tone: Tone;
}

const NO_LABEL: Label = { text: '', tone: 'muted' };

/** What is seen of a chart in so many columns. */
interface Shape {
  readonly chart: Candles;
  readonly axis: PriceAxis;
  readonly labels: readonly Label[];
  /** Columns of the labels, and of the candles; columns from one candle to the next. */
  readonly margin: number;
  readonly plot: number;
  readonly step: number;
}

/**
 * Candles in block characters, the newest that fit: prices and the names of levels at the left, the last price behind the
 * last candle, times beneath. At most `height` lines; none without a price.
 */
export function candleLines(chart: Candles, width: number, height: number, pen: Pen): Spans[] {
  const rows = height >= 4 ? height - 1 : height;
  const tail = tailOf(chart, width, pen);
  const shape = rows <= 0 ? undefined : shapeOf(chart, width - widthOfSpans(tail), rows, pen);
  if (shape === undefined) return [];
  const { chart: seen, axis, labels, margin, plot, step } = shape;
  const grid = candleGrid(seen, axis, { width: plot, height: rows, step, ascii: pen.ascii });
  const at = chart.last === null ? -1 : rowOf(chart.last, axis, rows);
  const lines = grid.map((dots, row) => {
    const head = margin === 0 ? [] : padSpans([labelSpan(labels[row], pen)], margin, pen);
    return [...head, ...(row === at ? marked(dots, seen.candles.length * step, tail) : inkDots(dots))];
  });
  return rows === height ? lines : [...lines, [blanks(margin), ink(pen, times(seen, step, plot), 'muted')]];
}

/** The last price, where there is room for it. */
function tailOf({ last, digits }: Candles, width: number, pen: Pen): Spans {
  if (last === null) return [];
  const tail = [ink(pen, `${pen.ascii ? '<' : '\u25c4'} ${decimal(last, { digits })}`, 'accent')];
  return width - widthOfSpans(tail) >= PLOT_MIN ? tail : [];
}

/** Labels need columns, fewer candles fit, other labels show: until the labels fit. Without enough columns they go. */
function shapeOf(chart: Candles, width: number, rows: number, pen: Pen): Shape | undefined {
  for (let margin = 0; ; ) {
    const shape = shapeWith(chart, width, margin, rows, pen);
    if (shape === undefined) return undefined;
    const needed = 1 + Math.max(...shape.labels.map((label) => widthOfSpans([labelSpan(label, pen)])));
    if (needed <= margin) return shape;
    if (width - needed < PLOT_MIN) return shapeWith(chart, width, 0, rows, pen);
    margin = needed;
  }
}

function shapeWith(chart: Candles, width: number, margin: number, rows: number, pen: Pen): Shape | undefined {
  const plot = width - margin;
  const step = chart.candles.length * 2 <= plot ? 2 : 1;
  const candles = chart.candles.slice(-Math.max(1, Math.floor((plot + step - 1) / step)));
  const from = candles[0]?.[0] ?? 0;
  const seen = { ...chart, candles, fills: chart.fills.filter(({ at }) => at >= from) };
  const scale = priceAxis(seen);
  if (scale === undefined) return undefined;
  const axis = withRoom(scale, chart.levels, rows);
  const labels = labelsOf(seen, axis, rows, digitsOf(axis, rows, chart.digits), pen);
  return { chart: seen, axis, labels, margin, plot, step };
}

/** Levels beyond an edge are told in the rows at that edge: where one in reach has such a row, the scale is widened. */
function withRoom(axis: PriceAxis, levels: readonly Level[], rows: number): PriceAxis {
  const { high, low } = axis;
  const above = levels.filter(({ price }) => price > high).length;
  const below = levels.filter(({ price }) => price < low).length;
  const left = rows - 1 - above - below;
  const taken = levels.filter(({ price }) => isInReach(price, axis)).map(({ price }) => rowOf(price, axis, rows));
  if (left <= 0 || !taken.some((row) => row < above || row >= rows - below)) return axis;
  const each = (high - low) / left;
  return { high: high + above * each, low: low - below * each };
}

const labelSpan = (label: Label | undefined, pen: Pen): Spans[number] =>
  ink(pen, label?.text ?? '', label?.tone ?? 'muted');

/** One span for neighbours of one tone; blanks go with any. */
function inkDots(dots: readonly Dot[]): Spans {
  const spans: Spans[number][] = [];
  let text = '';
  let tone: Tone = 'plain';
  for (const dot of dots) {
    if (text !== '' && dot.tone !== tone && dot.glyph !== ' ') {
      spans.push({ text, tone });
      text = '';
    }
    if (text === '' || dot.glyph !== ' ') tone = dot.tone;
    text += dot.glyph;
  }
  return [...spans, { text, tone }];
}

/** The last price stands right behind the last candle. */
function marked(dots: readonly Dot[], end: number, tail: Spans): Spans {
  const till = Math.min(end, dots.length);
  return [...inkDots(dots.slice(0, till)), ...tail, ...inkDots(dots.slice(till))];
}

/** As many digits as tell two rows apart, and no more than the instrument has. */
function digitsOf({ high, low }: PriceAxis, rows: number, most: number): number {
  let digits = 0;
  for (let span = (high - low) / rows; span > 0 && span < 1 && digits < most; span *= 10) digits++;
  return Math.min(most, digits + 1);
}

/** A label for each row that has one: the levels, those beyond the edge with an arrow, and between them the scale. */
function labelsOf(chart: Candles, axis: PriceAxis, rows: number, digits: number, pen: Pen): Label[] {
  const labels: Label[] = new Array<Label>(rows).fill(NO_LABEL);
  const named = ({ name, price }: Level): string => `${decimal(price, { digits: chart.digits })} ${name}`;
  for (const level of chart.levels.filter(({ price }) => isInReach(price, axis))) {
    const row = rowOf(level.price, axis, rows);
    const before = labels[row] ?? NO_LABEL;
    const text = before === NO_LABEL ? named(level) : `${before.text} ${level.name}`;
    labels[row] = { text, tone: before === NO_LABEL ? level.tone : 'plain' };
  }
  const far = chart.levels.filter(({ price }) => !isInReach(price, axis));
  const middle = (axis.high + axis.low) / 2;
  for (const level of far.sort((a, b) => Math.abs(b.price - middle) - Math.abs(a.price - middle))) {
    const isAbove = level.price > axis.high;
    const row = isAbove ? labels.indexOf(NO_LABEL) : labels.lastIndexOf(NO_LABEL);
    const arrow = isAbove ? (pen.ascii ? '^' : '\u2191') : pen.ascii ? 'v' : '\u2193';
    if (row !== -1) labels[row] = { text: `${named(level)} ${arrow}`, tone: level.tone };
  }
  for (let row = 1; row < rows; row += LABEL_EVERY) {
    if ([row - 1, row, row + 1].some((each) => (labels[each] ?? NO_LABEL) !== NO_LABEL)) continue;
    const price = axis.high - ((axis.high - axis.low) * (2 * row + 0.5)) / (2 * rows - 1);
    labels[row] = { text: decimal(price, { digits }), tone: 'muted' };
  }
  return labels;
}

/** Times under the candles that begin a round stretch: `06:00`, or `05-04` where a day or more lies between. */
function times({ candles, offsetMinutes = 0 }: Candles, step: number, width: number): string {
  const first = candles[0]?.[0];
  const second = candles[1]?.[0];
  if (first === undefined) return '';
  const each = second === undefined ? HOUR_MS : Math.max(1, second - first);
  const stretch = stretchOf((TIME_EVERY * each) / step);
  let line = '';
  candles.forEach(([openAt], index) => {
    const local = openAt + offsetMinutes * MINUTE_MS;
    const before = index === 0 ? local - each : (candles[index - 1]?.[0] ?? 0) + offsetMinutes * MINUTE_MS;
    if (Math.floor(local / stretch) === Math.floor(before / stretch)) return;
    const text = markText(local, stretch);
    const column = Math.max(0, index * step - (index === 0 ? 0 : 2));
    if (column > line.length || line === '') {
      if (column + text.length <= width) line = `${line.padEnd(column)}${text}`;
    }
  });
  return line;
}
