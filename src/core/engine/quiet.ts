import type { Bar, Candles } from '../domain/candle.ts';
import type { Core } from './core.ts';
import type { RunMarket } from './market.ts';
import { hasTurned, observeBar, observeCloses, observeTurn, reach } from './observe.ts';
import type { Cursor, Watcher } from './pump.ts';
import { isCalm } from './signals.ts';
import { stepDecisions } from './step.ts';

/** Lends a candle of the columns to whoever observes it. */
export function fillBar(bar: Bar, candles: Candles, index: number): void {
  const openAt = candles.openAt[index] as number;
  bar.openAt = openAt;
  bar.closeAt = openAt + candles.timeframeMs;
  bar.open = candles.open[index] as number;
  bar.high = candles.high[index] as number;
  bar.low = candles.low[index] as number;
  bar.close = candles.close[index] as number;
  bar.volume = candles.volume[index] as number;
}

/**
 * Candles that concern nobody but the one strategy of a symbol, up to the first that does, or that the strategy has
 * something to say on. What the engine keeps of them is written once, for the last one; nothing is allocated.
 */
export function runQuiet(core: Core, cursor: Cursor, end: number, until: number, watcher: Watcher | undefined): void {
  const { symbol, close } = cursor;
  const [held] = symbol.runs;
  if (held === undefined || symbol.runs.length > 1 || held.calmSeq !== core.state.seq) return;
  if (symbol.isPending || symbol.isWatched || symbol.streamed || cursor.index === 0) return;
  const last = Math.min(until, cursor.extraAt);
  const isPlain = held.own === undefined && held.higher === undefined;
  const first = cursor.index;
  const heard = (isPlain ? listen : listenBuilt)(core, cursor, held, end, last);
  if (heard === 0) return;
  const { bar } = close;
  const to = first + heard;
  cursor.index = to;
  close.at = bar.closeAt;
  core.now = bar.closeAt;
  core.input = close;
  core.inputs += heard;
  observeCloses(symbol, bar, heard);
  const isQuiet = held.closed === undefined || isCalm(core, held);
  const { candles } = cursor;
  if (watcher !== undefined) watcher.closed(candles, first, isQuiet ? to : to - 1);
  if (isQuiet) return;
  stepDecisions(core, symbol);
  if (watcher !== undefined) watcher.closed(candles, to - 1, to);
}

/** How many candles of the run's own time frame were heard; the last of them may have turned its opinion. */
function listen(
  { wakeAt }: Core,
  { candles, symbol, close: { bar }, index: first }: Cursor,
  held: RunMarket,
  end: number,
  until: number,
): number {
  const { openAt, open, high, low, close, volume, timeframeMs } = candles;
  const { touchLow, touchHigh } = symbol;
  const { strategy, opinion, judged } = held;
  const { votes } = opinion;
  const count = held.specs.length;
  const last = Math.min(until, wakeAt - 1) - timeframeMs;
  let isTurned = false;
  let expectedAt = bar.closeAt;
  let i = first;
  while (i < end && !isTurned) {
    if (openAt[i] !== expectedAt || expectedAt > last) break;
    const top = high[i] as number;
    const bottom = low[i] as number;
    if (bottom <= touchLow || top >= touchHigh) break;
    bar.openAt = expectedAt;
    expectedAt += timeframeMs;
    bar.closeAt = expectedAt;
    bar.open = open[i] as number;
    bar.high = top;
    bar.low = bottom;
    bar.close = close[i] as number;
    bar.volume = volume[i] as number;
    strategy.close(bar, opinion);
    isTurned = hasTurned(votes, judged, count);
    i++;
  }
  const heard = i - first;
  if (heard === 0) return 0;
  reachAll(held, candles, first, i);
  observeTurn(held, bar, heard, isTurned);
  return heard;
}

/** Widens the reach by all candles at once, where all of them count; else one by one. */
function reachAll(held: RunMarket, candles: Candles, from: number, to: number): void {
  const { openAt, high, low, timeframeMs } = candles;
  const firstAt = (openAt[from] as number) + timeframeMs;
  const lastAt = (openAt[to - 1] as number) + timeframeMs;
  if (lastAt <= held.excursionFrom && lastAt <= held.markFrom) return;
  if (firstAt <= held.excursionFrom || firstAt <= held.markFrom) {
    for (let i = from; i < to; i++) {
      reach(held, (openAt[i] as number) + timeframeMs, high[i] as number, low[i] as number);
    }
    return;
  }
  let top = high[from] as number;
  let bottom = low[from] as number;
  for (let i = from + 1; i < to; i++) {
    const above = high[i] as number;
    const below = low[i] as number;
    if (!(above <= top)) top = above;
    if (!(below >= bottom)) bottom = below;
  }
  reach(held, lastAt, top, bottom);
}

/** The same for a run whose candles are built of the feed's. */
function listenBuilt(
  core: Core,
  { candles, symbol, close, index: first }: Cursor,
  held: RunMarket,
  end: number,
  until: number,
): number {
  const { openAt, high, low, timeframeMs } = candles;
  const { touchLow, touchHigh } = symbol;
  const { bar } = close;
  const { wakeAt } = core;
  let isQuiet = true;
  let expectedAt = bar.closeAt;
  let i = first;
  while (i < end && isQuiet) {
    const closeAt = (openAt[i] as number) + timeframeMs;
    if (openAt[i] !== expectedAt || closeAt > until || closeAt >= wakeAt) break;
    if ((low[i] as number) <= touchLow || (high[i] as number) >= touchHigh) break;
    fillBar(bar, candles, i);
    observeBar(held, bar);
    isQuiet = held.closed === undefined || isCalm(core, held);
    expectedAt = closeAt;
    i++;
  }
  return i - first;
}
