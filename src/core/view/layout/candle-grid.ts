import type { Chart, Tone } from '../view.ts';

export type Candles = Extract<Chart, { of: 'candles' }>;

/** One character of a chart. */
export interface Dot {
  readonly glyph: string;
  readonly tone: Tone;
}

/** Prices of the top and the bottom edge. */
export interface PriceAxis {
  readonly high: number;
  readonly low: number;
}

/** Candles keep at least this share of the height: a level that lies farther is told at the edge. */
const CANDLE_SHARE_MIN = 0.4;

/** The span of candles, levels in reach, last price and fills; undefined without a price. */
export function priceAxis({ candles, levels, last }: Candles): PriceAxis | undefined {
  let high = -Infinity;
  let low = Infinity;
  for (const [, , top, bottom] of candles) {
    high = Math.max(high, top);
    low = Math.min(low, bottom);
  }
  if (last !== null) {
    high = Math.max(high, last);
    low = Math.min(low, last);
  }
  if (!Number.isFinite(high) || !Number.isFinite(low)) return undefined;
  // Without a span of their own, a thousandth of the price is one.
  const span = high > low ? high - low : Math.abs(high) / 1_000 || 1;
  const reach = (span * (1 / CANDLE_SHARE_MIN - 1)) / 2;
  const near = levels.map(({ price }) => price).filter((price) => price >= low - reach && price <= high + reach);
  const edges = { high: Math.max(high, ...near), low: Math.min(low, ...near) };
  return edges.high > edges.low ? edges : { high: high + span / 2, low: low - span / 2 };
}

/** The half row of a price, from the top; outside, the nearest edge. */
export function halfOf(price: number, { high, low }: PriceAxis, height: number): number {
  const half = Math.floor(((high - price) / (high - low)) * (2 * height - 1) + 0.5);
  return Math.min(2 * height - 1, Math.max(0, half));
}

export const rowOf = (price: number, axis: PriceAxis, height: number): number =>
  Math.floor(halfOf(price, axis, height) / 2);

/** Glyphs by what fills the upper and the lower half: nothing, wick, body. */
const RISEN = [' ', '\u2577', '\u257b', '\u2575', '\u2502', '\u257d', '\u2579', '\u257f', '\u2503'] as const;
/** Thicker, so that colour is not all that tells them apart; no glyph has such a body and a wick: the body takes both. */
const FALLEN = [' ', '\u2577', '\u2596', '\u2575', '\u2502', '\u258c', '\u2598', '\u258c', '\u258c'] as const;

const share = (
  half: number,
  [bodyTop, bodyLow]: readonly [number, number],
  [top, low]: readonly [number, number],
): number => (half >= bodyTop && half <= bodyLow ? 2 : half >= top && half <= low ? 1 : 0);

/** Rows of characters, `width` columns each: one candle in `step` columns, the newest at the right. */
export function candleGrid(
  chart: Candles,
  axis: PriceAxis,
  {
    width,
    height,
    step,
    ascii,
  }: { readonly width: number; readonly height: number; readonly step: number; readonly ascii: boolean },
): Dot[][] {
  const blank: Dot = { glyph: ' ', tone: 'plain' };
  const grid = Array.from({ length: height }, () => new Array<Dot>(width).fill(blank));
  drawLevels(grid, chart, axis, ascii);
  chart.candles.forEach((candle, index) => {
    drawCandle(grid, candle, index * step, axis, ascii);
  });
  for (const { at, price, side } of chart.fills) {
    const index = chart.candles.findLastIndex(([openAt]) => openAt <= at);
    const row = grid[rowOf(price, axis, height)];
    if (index >= 0 && row !== undefined && index * step < width) row[index * step] = fillDot(side, ascii);
  }
  return grid;
}

const fillDot = (side: 'buy' | 'sell', ascii: boolean): Dot =>
  side === 'buy'
    ? { glyph: ascii ? '^' : '\u25b2', tone: 'accent' }
    : { glyph: ascii ? 'v' : '\u25bc', tone: 'accent' };

export const isInReach = (price: number, { high, low }: PriceAxis): boolean => price <= high && price >= low;

function drawLevels(grid: Dot[][], { levels }: Candles, axis: PriceAxis, ascii: boolean): void {
  for (const { price, tone } of levels) {
    if (isInReach(price, axis)) grid[rowOf(price, axis, grid.length)]?.fill({ glyph: ascii ? '-' : '\u2504', tone });
  }
}

function drawCandle(
  grid: Dot[][],
  [, open, high, low, close]: Candles['candles'][number],
  column: number,
  axis: PriceAxis,
  ascii: boolean,
): void {
  const height = grid.length;
  const wick = [halfOf(high, axis, height), halfOf(low, axis, height)] as const;
  const body = [halfOf(Math.max(open, close), axis, height), halfOf(Math.min(open, close), axis, height)] as const;
  const isUp = close >= open;
  const tone: Tone = isUp ? 'good' : 'bad';
  for (let row = Math.floor(wick[0] / 2); row <= Math.floor(wick[1] / 2); row++) {
    const upper = share(2 * row, body, wick);
    const lower = share(2 * row + 1, body, wick);
    const plain = upper === 2 || lower === 2 ? (isUp ? '|' : '#') : ':';
    const glyph = ascii ? plain : ((isUp ? RISEN : FALLEN)[3 * upper + lower] ?? ' ');
    const line = grid[row];
    if (line !== undefined && column < line.length) line[column] = { glyph, tone };
  }
}
