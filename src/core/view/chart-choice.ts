import type { Run } from '../domain/run.ts';
import { MINUTE_MS } from '../domain/time.ts';
import { clockText } from './cell.ts';
import { decimal, utcShort } from './format.ts';
import { words } from './language.ts';
import { CANDLES_SHOWN } from './paint/chart-candles.ts';
import type { Scene, Ui } from './scene.ts';
import { analyticsScreen } from './screen/analytics.ts';
import { autoScreen } from './screen/auto.ts';
import { marketScreen } from './screen/market.ts';
import { portfolioScreen } from './screen/portfolio.ts';
import { focusOf, focusOnSymbol } from './select.ts';
import { notesOf } from './status.ts';
import type { Chart, ChartBlock, NoteBlock, View } from './view.ts';
import * as marketWords from './words/market.ts';
import * as chartWords from './words/telegram-chart.ts';

/** The charts that are pictures, too. */
export const CHARTS = ['equity', 'drawdown', 'candles'] as const;
export type ChartName = (typeof CHARTS)[number];

export interface ChartWarning {
  readonly title: string;
  readonly text: string;
}

/** A chart of the screens, ready for a picture, and what is said about it. Texts are plain: a painter escapes them. */
export interface ChartChoice {
  readonly chart: Chart;
  /** `BTC/USDT:USDT, 15m, candles`, with points between them. */
  readonly title: string;
  /** Mode, profile, from when to when, and the run of candles: what is clipped first. */
  readonly subtitle: string;
  /** `05-03 08:00 - 05-04 06:30 UTC`; empty where there is nothing. */
  readonly range: string;
  /** The last value as the screens write it; undefined where there is none. */
  readonly last: string | undefined;
  /** `as of 06:31:00 UTC`. */
  readonly asOf: string;
  /** What has to be known of it, in short and as a sentence: the engine is lost, prices are old, the market is made up. */
  readonly warnings: readonly ChartWarning[];
  /** Said instead of a picture where there is nothing to draw. */
  readonly empty: string;
  readonly isEmpty: boolean;
  /** Name of the zone of its times. */
  readonly zone: string;
}

/**
 * The chart of that name as the screens of `ui` have it: the equity of Portfolio where that is the screen, else that of
 * Analytics; candles of Market where that is the screen or where no run is in view, else those of Auto. A text says why
 * there is none.
 */
export function chartOf(scene: Scene, ui: Ui, which: ChartName): ChartChoice | undefined {
  const found = which === 'candles' ? candlesBlock(scene, ui) : curveBlock(scene, ui, which);
  if (found === undefined) return undefined;
  const { block, name, run, isSimulated } = found;
  const chart = shownOf(block.chart);
  const say = words(chartWords, ui.locale);
  const range = rangeOf(chart, ui);
  return {
    chart,
    title: dotted(name, ...block.title.split(/ {2,}/)),
    subtitle: dotted(`${scene.mode} ${scene.profile}`, range, run === undefined ? '' : `#${run.run} ${run.strategy}`),
    range,
    last: lastOf(chart, which),
    asOf: scene.now === null ? say('noClock') : say('asOf', { clock: clockText(scene.now, ui), zone: ui.zone.name }),
    warnings: [...notesOf(scene, ui).map(warningOf), ...(isSimulated ? [simulatedOf(ui)] : [])],
    empty: block.empty,
    isEmpty: range === '',
    zone: ui.zone.name,
  };
}

const dotted = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' \u00b7 ');

const warningOf = ({ title, lines }: NoteBlock): ChartWarning => ({ title, text: lines[0] ?? title });

const simulatedOf = ({ locale }: Ui): ChartWarning => ({
  title: words(marketWords, locale)('simulated'),
  text: words(chartWords, locale)('simulated'),
});

interface Found {
  readonly block: ChartBlock;
  readonly name: string;
  /** Whose entry, stop, target and fills are marked. */
  readonly run: Run | undefined;
  /** Its prices are of no market. */
  readonly isSimulated: boolean;
}

function candlesBlock(scene: Scene, ui: Ui): Found | undefined {
  const isMarket = ui.screen === 'market' || focusOf(scene, ui).run === undefined;
  const { symbol, market, run } = isMarket ? focusOnSymbol(scene, ui) : focusOf(scene, ui);
  const block = chartIn((isMarket ? marketScreen : autoScreen).view(scene, ui), 'chart');
  if (symbol === undefined || block === undefined) return undefined;
  return { block, name: symbol, run, isSimulated: market?.isSimulated === true };
}

function curveBlock(scene: Scene, ui: Ui, which: 'equity' | 'drawdown'): Found | undefined {
  if (scene.state.accounts.length === 0) return undefined;
  const isPortfolio = which === 'equity' && ui.screen === 'portfolio';
  const block = chartIn((isPortfolio ? portfolioScreen : analyticsScreen).view(scene, ui), which);
  const isSimulated = scene.markets.some((market) => market.isSimulated);
  return block === undefined ? undefined : { block, name: '', run: undefined, isSimulated };
}

const chartIn = ({ blocks }: View, id: string): ChartBlock | undefined =>
  blocks.find((block): block is ChartBlock => block.kind === 'chart' && block.id === id);

/** As many candles as a picture draws, so that what is said about it is true of all that is seen. */
function shownOf(chart: Chart): Chart {
  if (chart.of !== 'candles') return chart;
  const candles = chart.candles.slice(-CANDLES_SHOWN);
  const from = candles[0]?.[0] ?? Number.POSITIVE_INFINITY;
  return { ...chart, candles, fills: chart.fills.filter(({ at }) => at >= from) };
}

function rangeOf(chart: Chart, { zone }: Ui): string {
  const instants =
    chart.of === 'candles'
      ? chart.candles.map(([at]) => at)
      : chart.of === 'line'
        ? chart.points.filter(([, value]) => Number.isFinite(value)).map(([at]) => at)
        : [];
  const [from, to] = [instants[0], instants.at(-1)];
  if (from === undefined || to === undefined) return '';
  const text = (at: number): string => utcShort(at + zone.offsetMinutes * MINUTE_MS);
  return from === to ? `${text(from)} ${zone.name}` : `${text(from)} - ${text(to)} ${zone.name}`;
}

function lastOf(chart: Chart, which: ChartName): string | undefined {
  if (chart.of === 'spark') return undefined;
  const value =
    chart.of === 'candles'
      ? (chart.last ?? chart.candles.at(-1)?.[4])
      : chart.points.findLast(([, each]) => Number.isFinite(each))?.[1];
  if (value === undefined) return undefined;
  return `${decimal(value, { digits: chart.digits })}${which === 'drawdown' ? ' %' : ''}`;
}
