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
  const heard = (isPlain ? listen : listenBuilt)(core, cursor, held, end, last, watcher);
  if (heard === 0) return;
  const { bar } = close;
  cursor.index += heard;
  close.at = bar.closeAt;
  core.now = bar.closeAt;
  core.input = close;
  core.inputs += heard;
  observeCloses(symbol, bar, heard);
  if (held.closed === undefined || isCalm(core, held)) return;
  stepDecisions(core, symbol);
  if (watcher !== undefined) watcher.closed(bar);
}

/** How many candles of the run's own time frame were heard; the last of them may have turned its opinion. */
function listen(
  { wakeAt }: Core,
  { candles, symbol, close, index: first }: Cursor,
  held: RunMarket,
  end: number,
  until: number,
  watcher: Watcher | undefined,
): number {
  const { openAt, high, low, timeframeMs } = candles;
  const { touchLow, touchHigh } = symbol;
  const { strategy, opinion, judged } = held;
  const { bar } = close;
  const reachFrom = Math.min(held.excursionFrom, held.markFrom);
  let isTurned = false;
  let expectedAt = bar.closeAt;
  let i = first;
  while (i < end && !isTurned) {
    const closeAt = (openAt[i] as number) + timeframeMs;
    if (openAt[i] !== expectedAt || closeAt > until || closeAt >= wakeAt) break;
    if ((low[i] as number) <= touchLow || (high[i] as number) >= touchHigh) break;
    fillBar(bar, candles, i);
    if (closeAt > reachFrom) reach(held, closeAt, bar.high, bar.low);
    strategy.close(bar, opinion);
    isTurned = hasTurned(opinion.votes, judged);
    expectedAt = closeAt;
    i++;
    if (!isTurned && watcher !== undefined) watcher.closed(bar);
  }
  const heard = i - first;
  if (heard > 0) observeTurn(held, bar, heard, isTurned);
  return heard;
}

/** The same for a run whose candles are built of the feed's. */
function listenBuilt(
  core: Core,
  { candles, symbol, close, index: first }: Cursor,
  held: RunMarket,
  end: number,
  until: number,
  watcher: Watcher | undefined,
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
    if (isQuiet && watcher !== undefined) watcher.closed(bar);
  }
  return i - first;
}
