import { digitsOf, toNumber } from '../../base/decimal.ts';
import { timeframeName } from '../../domain/candle.ts';
import type { CandleRow } from '../../domain/frame.ts';
import type { Run } from '../../domain/run.ts';
import { fact } from '../cell.ts';
import { sparkline } from '../chart.ts';
import { holdingOf } from '../holding.ts';
import { words } from '../language.ts';
import type { Scene, Ui } from '../scene.ts';
import type { Focus } from '../select.ts';
import type { Chart, ChartBlock, Fact, Level } from '../view.ts';
import * as autoWords from '../words/auto.ts';

/** Candles that a face may draw; the widest screen has fewer columns. */
const CANDLES_MAX = 240;

export interface Candles {
  readonly rows: readonly CandleRow[];
  readonly timeframeMs: number;
}

/**
 * Closed candles of the symbol in view and the one that forms, put together to the time frame that was picked, else to the
 * one that the run decides on.
 */
export function candlesOf(scene: Scene, { market, symbol, run }: Focus, ui: Ui): Candles {
  const own = market?.timeframeMs ?? 0;
  const closed = symbol === undefined ? [] : (scene.candles[symbol] ?? []);
  const forming = market?.forming;
  const isNew = forming != null && forming[0] > (closed.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY);
  const rows = isNew && forming != null ? [...closed, forming] : closed;
  const wanted = ui.timeframeMs ?? run?.timeframeMs ?? own;
  if (own <= 0 || wanted <= own || wanted % own !== 0) return { rows, timeframeMs: own };
  return { rows: joined(rows, wanted), timeframeMs: wanted };
}

/** Candles of a longer time frame from those of a shorter one. */
function joined(rows: readonly CandleRow[], timeframeMs: number): readonly CandleRow[] {
  const long: CandleRow[] = [];
  for (const [at, open, high, low, close, volume] of rows) {
    const from = Math.floor(at / timeframeMs) * timeframeMs;
    const last = long.at(-1);
    if (last === undefined || last[0] !== from) long.push([from, open, high, low, close, volume]);
    else {
      long[long.length - 1] = [from, last[1], Math.max(last[2], high), Math.min(last[3], low), close, last[5] + volume];
    }
  }
  return long;
}

/** The candles of the symbol in view with entry, stop and target as levels, and the fills. */
export function chartBlock(
  scene: Scene,
  focus: Focus,
  ui: Ui,
  { rank, height }: { rank: number; height: number },
): ChartBlock {
  const say = words(autoWords, ui.locale);
  const { rows, timeframeMs } = candlesOf(scene, focus, ui);
  const shown = rows.slice(-CANDLES_MAX);
  const tick = (focus.run?.instrument ?? focus.market?.instrument)?.tick;
  const chart: Chart = {
    of: 'candles',
    candles: shown.map(([at, open, high, low, close]) => [at, open, high, low, close]),
    digits: tick === undefined ? 2 : digitsOf(tick),
    levels: focus.run === undefined ? [] : levelsOf(focus.run, focus),
    last: focus.market?.mark ?? focus.market?.mid ?? focus.market?.last ?? null,
    fills: fillsOf(scene, focus.run, shown[0]?.[0]),
    offsetMinutes: ui.zone.offsetMinutes,
  };
  return {
    kind: 'chart',
    id: 'chart',
    title: say('chart', { timeframe: timeframeMs > 0 ? timeframeName(timeframeMs) : '?' }),
    area: 'main',
    rank,
    chart,
    empty: say('noCandles'),
    height,
  };
}

const SPARK_LENGTH = 24;

/** The last closes in one line, where the chart has no room. */
export function sparkFacts(scene: Scene, focus: Focus, ui: Ui): readonly Fact[] {
  const { rows } = candlesOf(scene, focus, ui);
  const closes = rows.slice(-SPARK_LENGTH).map(([, , , , close]) => close);
  const last = closes.at(-1);
  if (last === undefined) return [];
  return [fact('closes', '', [{ value: last, text: sparkline(closes, SPARK_LENGTH), tone: 'accent' }], 1)];
}

function levelsOf(run: Run, { account, market }: Focus): readonly Level[] {
  const held = holdingOf(run, account, market);
  if (held === undefined) return [];
  const levels: Level[] = [{ name: 'IN', price: toNumber(held.entry), tone: 'accent' }];
  if (held.stop !== undefined) levels.push({ name: 'SL', price: toNumber(held.stop.price), tone: 'bad' });
  if (held.target !== undefined) levels.push({ name: 'TP', price: toNumber(held.target.price), tone: 'good' });
  return levels;
}

function fillsOf(
  scene: Scene,
  run: Run | undefined,
  from: number | undefined,
): Extract<Chart, { of: 'candles' }>['fills'] {
  if (run === undefined || from === undefined) return [];
  const orders = new Map<number, { readonly side: 'buy' | 'sell'; readonly isExit: boolean }>();
  const fills: { at: number; price: number; side: 'buy' | 'sell'; isExit: boolean }[] = [];
  for (const entry of scene.entries) {
    if (entry.run !== run.run) continue;
    if (entry.kind === 'order_intended') {
      orders.set(entry.body.order, { side: entry.body.side, isExit: entry.body.reduceOnly });
    }
    if (entry.kind !== 'order_filled' || entry.body.venueAt < from) continue;
    const order = orders.get(entry.body.order);
    if (order !== undefined) fills.push({ at: entry.body.venueAt, price: toNumber(entry.body.price), ...order });
  }
  return fills;
}
