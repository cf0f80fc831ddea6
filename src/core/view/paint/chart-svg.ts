import { zoneName } from '../chart-time.ts';
import { type Locale, words } from '../language.ts';
import { clean } from '../layout/clean.ts';
import { ticksOf } from '../ticks.ts';
import type { Chart } from '../view.ts';
import * as chartWords from '../words/telegram-chart.ts';
import { marginOf, tagShapes, timeShapes, valueShapes } from './chart-axes.ts';
import { candlesDrawing } from './chart-candles.ts';
import type { Drawing } from './chart-drawing.ts';
import { lineDrawing, sparkDrawing } from './chart-line.ts';
import { FONT, inkOf, plotHeight, plotOf, type Sheet, SIDE, textShape, WIDE } from './chart-sheet.ts';
import { textWidth, wrapToWidth } from './glyph-width.ts';
import { escapeXml } from './html.ts';
import { px } from './svg-box.ts';
import { type Theme, type ThemeName, themeOf } from './theme.ts';

export interface ChartSvgOptions {
  readonly title: string;
  /** Beneath the title: whose it is, and from when to when. */
  readonly subtitle?: string | undefined;
  readonly theme: ThemeName;
  readonly locale: Locale;
  /** Pixels; 1,000 x 600 by default. Whatever the width, letters keep their share of it. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** At the bottom: the instant that it shows. */
  readonly footer?: string | undefined;
  /** In the corner, in bold, at most two: why it may not be true, or not any more. */
  readonly warnings?: readonly string[] | undefined;
  /** Said where there is nothing to draw. */
  readonly empty?: string | undefined;
  /** Name of the zone that its times are told in; else by its distance from UTC. */
  readonly zone?: string | undefined;
}

const SIZE = { width: 1_000, height: 600 } as const;
/** One label of the scale in so many units. */
const TICK_EVERY = 62;
/** Flatter or higher, and there is no place for a curve, or for a screen to show it. */
const SHARE = { min: 0.4, max: 3 } as const;

/**
 * A chart as a picture, complete in itself: the same data that a terminal draws with characters, as vector shapes. The only
 * font that it names is DejaVu Sans.
 */
export function paintChartSvg(chart: Chart, options: ChartSvgOptions): string {
  const { title, theme: name, locale, footer = '', width = SIZE.width, height = SIZE.height } = options;
  const theme = themeOf(name);
  const say = words(chartWords, locale);
  const sheet: Sheet = { theme, height: Math.round(WIDE * Math.min(SHARE.max, Math.max(SHARE.min, height / width))) };
  const drawing = drawingOf(chart, say);
  const label = escapeXml(clean(title, false));
  const zone = options.zone ?? zoneName(chart.of === 'spark' ? 0 : (chart.offsetMinutes ?? 0));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDE} ${sheet.height}" width="${px(width)}" height="${px((width * sheet.height) / WIDE)}" role="img" aria-label="${label}" font-family="DejaVu Sans">`,
    `<title>${label}</title>`,
    `<rect width="${WIDE}" height="${sheet.height}" fill="${theme.paper}"/>`,
    ...headerShapes(theme, options),
    ...(drawing === undefined
      ? emptyShapes(sheet, options.empty ?? say('nothing'))
      : chartShapes(sheet, drawing, zone)),
    ...footerShapes(sheet, drawing?.legend ?? [], footer),
    '</svg>',
    '',
  ]
    .filter((shape, index, all) => shape !== '' || index === all.length - 1)
    .join('\n');
}

/** Two lines, each with its warning at the right. */
function headerShapes(theme: Theme, { title, subtitle = '', warnings = [] }: ChartSvgOptions): string[] {
  const room = WIDE - 2 * SIDE;
  const bold = { size: FONT.text, isBold: true, room: room / 2 };
  const roomBeside = (warning = ''): number =>
    warning === '' ? room : room - SIDE - Math.min(bold.room, textWidth(warning, FONT.text, true));
  const [first, second] = warnings;
  return [
    textShape(title, SIDE, 50, { size: FONT.title, fill: theme.text, isBold: true, room: roomBeside(first) }),
    textShape(subtitle, SIDE, 86, { size: FONT.text, fill: inkOf(theme, 'muted'), room: roomBeside(second) }),
    ...[first ?? '', second ?? ''].map((warning, line) =>
      textShape(warning, WIDE - SIDE, 50 + 36 * line, { ...bold, fill: inkOf(theme, 'warn'), anchor: 'end' }),
    ),
  ];
}

function drawingOf(chart: Chart, say: Drawing['say']): Drawing | undefined {
  switch (chart.of) {
    case 'candles':
      return candlesDrawing(chart, { say });
    case 'line':
      return lineDrawing(chart, { say });
    case 'spark':
      return sparkDrawing(chart.values, { say });
  }
}

function emptyShapes(sheet: Sheet, sentence: string): string[] {
  const size = FONT.text + 4;
  const lines = wrapToWidth(clean(sentence, false), WIDE - 6 * SIDE, size);
  const from = sheet.height / 2 - ((lines.length - 1) * size * 1.5) / 2;
  const style = { size, fill: inkOf(sheet.theme, 'muted'), anchor: 'middle' as const };
  return lines.map((line, index) => textShape(line, WIDE / 2, from + index * size * 1.5, style));
}

function chartShapes(sheet: Sheet, drawing: Drawing, zone: string): string[] {
  const { axis, digits, tags } = drawing;
  const ticks = ticksOf(axis, Math.max(2, Math.floor(plotHeight(sheet) / TICK_EVERY)), digits);
  const plot = plotOf(sheet, axis, marginOf(ticks, tags));
  const marks = drawing.marks(plot);
  const frame = `M${px(plot.left)} ${px(plot.bottom)}H${px(plot.right)}V${px(plot.top)}`;
  return [
    ...valueShapes(sheet, plot, ticks, tags),
    ...timeShapes(sheet, plot, marks, marks.length === 0 ? '' : zone),
    `<path class="frame" d="${frame}" fill="none" stroke="${inkOf(sheet.theme, 'muted')}" stroke-width="1.5"/>`,
    ...drawing.shapes(plot, sheet.theme),
    ...tagShapes(sheet, plot, tags),
  ];
}

/** What the signs mean at the left, the instant at the right. */
function footerShapes({ theme, height }: Sheet, legend: Drawing['legend'], footer: string): string[] {
  const y = height - 20;
  let x = SIDE;
  const shapes = legend.flatMap(({ sign, tone, text }) => {
    const at = x;
    const behind = at + textWidth(sign, FONT.small) + 6;
    x = behind + textWidth(text, FONT.small) + 22;
    return [
      textShape(sign, at, y, { size: FONT.small, fill: inkOf(theme, tone) }),
      textShape(text, behind, y, { size: FONT.small, fill: inkOf(theme, 'muted') }),
    ];
  });
  const style = { size: FONT.small, fill: inkOf(theme, 'muted'), anchor: 'end' as const, room: WIDE - SIDE - x };
  return [...shapes, textShape(footer, WIDE - SIDE, y, style)];
}
