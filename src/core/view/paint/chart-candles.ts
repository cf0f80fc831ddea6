import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/time.ts';
import { markText, stretchOf } from '../chart-time.ts';
import { decimal } from '../format.ts';
import { type Candles, isInReach, type PriceAxis, priceAxis } from '../layout/candle-grid.ts';
import type { Level } from '../view.ts';
import { apart, type Mark, type Tag } from './chart-axes.ts';
import type { Drawing } from './chart-drawing.ts';
import { inkOf, type Plot } from './chart-sheet.ts';
import { px } from './svg-box.ts';
import type { Theme } from './theme.ts';

type Candle = Candles['candles'][number];

/** More candles would be too thin to tell a hollow one from a filled one. */
export const CANDLES_SHOWN = 96;
/** From one candle to the next at most, and from one time to the next at least; units. */
const STEP_MAX = 40;
const TIME_EVERY = 100;
/** Half of a body, as a share of a step. */
const BODY = 0.35;
const FILL = { wide: 11, high: 19 } as const;
/** Free above and below, as a share of the span. */
const AIR = 0.07;

/**
 * Candles, hollow where they rose and filled where they fell; levels as dashed lines with their names at the right, those
 * out of reach with an arrow; fills as triangles that point at their price from below (buy) or above (sell), hollow where
 * they made the position smaller. Undefined without a price.
 */
export function candlesDrawing(chart: Candles, { say }: Pick<Drawing, 'say'>): Drawing | undefined {
  const candles = chart.candles.filter((candle) => candle.every(Number.isFinite)).slice(-CANDLES_SHOWN);
  const from = candles[0]?.[0];
  if (from === undefined) return undefined;
  const last = chart.last !== null && Number.isFinite(chart.last) ? chart.last : null;
  const fills = chart.fills.filter(({ at, price }) => at >= from && Number.isFinite(price));
  const levels = chart.levels.filter(({ price }) => Number.isFinite(price));
  const seen = { ...chart, candles, last, fills, levels };
  const span = priceAxis(seen);
  if (span === undefined) return undefined;
  const air = (span.high - span.low) * AIR;
  const axis = { high: span.high + air, low: span.low - air };
  const legend = [
    { sign: '\u25a1', tone: 'good' as const, text: say('up') },
    { sign: '\u25a0', tone: 'bad' as const, text: say('down') },
    { sign: '\u25b2', tone: 'accent' as const, text: say('buy') },
    { sign: '\u25bc', tone: 'accent' as const, text: say('sell') },
    { sign: '\u25b3\u25bd', tone: 'accent' as const, text: say('exit') },
  ];
  const isExited = fills.some(({ isExit }) => isExit === true);
  return {
    say,
    axis,
    digits: chart.digits,
    tags: tagsOf(seen, axis, say('last')),
    legend: legend.slice(0, fills.length === 0 ? 2 : isExited ? 5 : 4),
    marks: (plot) => apart(marksOf(seen, plot)),
    shapes: (plot, theme) => [
      ...levelShapes(seen, axis, plot, theme),
      ...candles.map((candle, index) =>
        candleShape(candle, xOf(index, candles.length, plot), stepOf(candles.length, plot), plot, theme),
      ),
      ...fillShapes(seen, plot, theme),
    ],
  };
}

/** From one candle to the next; the newest stands at the right. */
const stepOf = (count: number, { left, right }: Plot): number => Math.min(STEP_MAX, (right - left) / count);

const xOf = (index: number, count: number, plot: Plot): number =>
  plot.right - (count - index - 0.5) * stepOf(count, plot);

function tagsOf({ levels, last, digits }: Candles, axis: PriceAxis, lastName: string): Tag[] {
  const named = ({ name, price, tone }: Level): Tag => {
    const text = `${decimal(price, { digits })} ${name}`;
    if (isInReach(price, axis)) return { text, value: price, tone, isFilled: false };
    const beyond = price > axis.high ? 'above' : 'below';
    return { text: `${text} ${beyond === 'above' ? '\u2191' : '\u2193'}`, value: price, tone, isFilled: false, beyond };
  };
  const tags = levels.map(named);
  if (last === null) return tags;
  return [...tags, { text: `${decimal(last, { digits })} ${lastName}`, value: last, tone: 'accent', isFilled: true }];
}

function levelShapes({ levels, last }: Candles, axis: PriceAxis, plot: Plot, theme: Theme): string[] {
  const line = (name: string, price: number, ink: string, dashes: string): string => {
    const y = px(plot.yOf(price));
    return `<path class="${name}" d="M${px(plot.left)} ${y}H${px(plot.right)}" stroke="${ink}" stroke-width="2" stroke-dasharray="${dashes}"/>`;
  };
  const reached = levels.filter(({ price }) => isInReach(price, axis));
  return [
    ...reached.map(({ price, tone }) => line('level', price, inkOf(theme, tone), '14 8')),
    ...(last === null ? [] : [line('last', last, inkOf(theme, 'accent'), '2 5')]),
  ];
}

function candleShape([, open, high, low, close]: Candle, x: number, step: number, plot: Plot, theme: Theme): string {
  const isUp = close >= open;
  const ink = inkOf(theme, isUp ? 'good' : 'bad');
  const half = Math.max(1.5, step * BODY);
  const top = plot.yOf(Math.max(open, close));
  // A body without a height is seen as a line.
  const bottom = Math.max(top + 2, plot.yOf(Math.min(open, close)));
  const [y1, y2] = [plot.yOf(high), Math.max(bottom, plot.yOf(low))];
  const wick = `M${px(x)} ${px(y1)}V${px(top)}M${px(x)} ${px(bottom)}V${px(y2)}`;
  const body = `M${px(x - half)} ${px(top)}H${px(x + half)}V${px(bottom)}H${px(x - half)}Z`;
  const fill = isUp ? theme.paper : ink;
  return `<path class="${isUp ? 'up' : 'down'}" d="${wick}${body}" fill="${fill}" stroke="${ink}" stroke-width="1.8"/>`;
}

function fillShapes({ candles, fills }: Candles, plot: Plot, theme: Theme): string[] {
  const ink = inkOf(theme, 'accent');
  return fills.map(({ at, price, side, isExit = false }) => {
    const index = candles.findLastIndex(([openAt]) => openAt <= at);
    const x = xOf(index, candles.length, plot);
    const y = Math.min(plot.bottom, Math.max(plot.top, plot.yOf(price)));
    const back = side === 'buy' ? FILL.high : -FILL.high;
    const points = `M${px(x)} ${px(y)}L${px(x - FILL.wide)} ${px(y + back)}H${px(x + FILL.wide)}Z`;
    const [fill, edge] = isExit ? [theme.paper, ink] : [ink, theme.paper];
    return `<path class="${side}${isExit ? ' exit' : ''}" d="${points}" fill="${fill}" stroke="${edge}" stroke-width="2.5" stroke-linejoin="round"/>`;
  });
}

/** Candles that begin a round stretch; the first of a day tells the day. */
function marksOf({ candles, offsetMinutes = 0 }: Candles, plot: Plot): Mark[] {
  const locals = candles.map(([at]) => at + offsetMinutes * MINUTE_MS);
  const [first = 0, second] = locals;
  const each = second === undefined ? HOUR_MS : Math.max(1, second - first);
  const stretch = stretchOf((TIME_EVERY * each) / stepOf(candles.length, plot));
  return locals.flatMap((local, index) => {
    const before = locals[index - 1] ?? local - each;
    if (Math.floor(local / stretch) === Math.floor(before / stretch)) return [];
    const isNewDay = Math.floor(local / DAY_MS) !== Math.floor(before / DAY_MS);
    return [{ x: xOf(index, candles.length, plot), text: markText(local, isNewDay ? DAY_MS : stretch) }];
  });
}
