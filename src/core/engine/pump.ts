import { assert } from '../base/assert.ts';
import type { Bar, Candles } from '../domain/candle.ts';
import type { CloseInput, Input, OpenInput, RangeInput } from '../domain/input.ts';
import type { Series } from '../market/feed.ts';
import type { Core } from './core.ts';
import { type SymbolMarket, symbolMarket } from './market.ts';
import { observe, observeClose } from './observe.ts';
import { fillBar, runQuiet } from './quiet.ts';
import { advance, approach, step, stepClose } from './step.ts';

/** V8 runs one long loop several times slower than a function that is entered often. */
const CHUNK = 2_048;

/** Where one series stands. A candle has two phases: its open, and its reach and close. */
export interface Cursor {
  readonly series: Series;
  candles: Candles;
  readonly symbol: SymbolMarket;
  readonly open: OpenInput;
  readonly range: RangeInput;
  readonly close: CloseInput;
  index: number;
  isOpen: boolean;
  /** The instant of the next extra. */
  extraAt: number;
}

/** Gives the candles of all series to the engine in the order of their instants: closes before opens. */
export interface Pump {
  /** The instant of what comes next, Infinity at the end. */
  readonly nextAt: number;
  /** Candles done, and all there are. */
  readonly done: number;
  readonly total: number;
  /** Runs what comes next up to and with `until`, at most about `candles` of them; false at the end. */
  run(until: number, candles: number): boolean;
}

/** Whoever keeps a curve: told of the closes of candles `from` to below `to`, with nothing written between them. */
export interface Watcher {
  closed(candles: Candles, from: number, to: number): void;
}

/**
 * The synchronous pump. Candles that close at or before `after` only rebuild what can be rebuilt: history before the
 * trading begins, and what was done before a restart.
 */
export function createPump(core: Core, all: readonly Series[], after: number, watcher?: Watcher): Pump {
  const cursors = all.map((series) => cursorOf(core, series));
  const total = all.reduce((sum, series) => sum + series.candles.length, 0);
  for (const cursor of cursors) rebuild(core, cursor, after);
  const first = cursors[0];
  assert(first !== undefined, 'Invariant: a pump has a series');
  const isSingle = cursors.length === 1;
  return {
    get nextAt() {
      return Math.min(...cursors.map(nextAtOf));
    },
    get done() {
      return cursors.reduce((sum, cursor) => sum + cursor.index, 0);
    },
    total,
    run(until, candles) {
      if (isSingle) return runSingle(core, first, until, candles, watcher);
      for (let i = 0; i < candles * 2; i++) {
        const cursor = cursors.reduce((best, each) => (isSooner(each, best) ? each : best));
        if (nextAtOf(cursor) === Number.POSITIVE_INFINITY) return endOf(core);
        if (soonestOf(cursor) > until) return true;
        runPhase(core, cursor, watcher);
      }
      return true;
    },
  };
}

/** Numbers are born as NaN: V8 then keeps them as doubles, written in place. */
export const unknownBar = (): Bar => ({
  openAt: NaN,
  closeAt: NaN,
  open: NaN,
  high: NaN,
  low: NaN,
  close: NaN,
  volume: NaN,
});

export function cursorOf(core: Core, series: Series): Cursor {
  const { symbol } = series;
  const bar = unknownBar();
  const market = symbolMarket(core.market, symbol);
  market.quote.source = series.source;
  return {
    series,
    candles: series.candles,
    symbol: market,
    open: { kind: 'open', symbol, at: NaN, price: NaN },
    range: { kind: 'range', symbol, at: NaN, openAt: NaN, open: NaN, high: NaN, low: NaN },
    close: { kind: 'close', symbol, at: NaN, bar },
    index: 0,
    isOpen: false,
    extraAt: series.extras.nextAt,
  };
}

export function nextAtOf(cursor: Cursor): number {
  const { candles } = cursor;
  if (cursor.index >= candles.length) return Number.POSITIVE_INFINITY;
  const openAt = candles.openAt[cursor.index] as number;
  return cursor.isOpen ? openAt + candles.timeframeMs : openAt;
}

/** Of one instant closes come first, then extras, then opens. */
export function isSooner(a: Cursor, b: Cursor): boolean {
  const first = soonestOf(a);
  const second = soonestOf(b);
  return first < second || (first === second && rankOf(a) < rankOf(b));
}

/** The instant of what comes next: an extra, an open or a close. After the last candle nothing does. */
export function soonestOf(cursor: Cursor): number {
  const at = nextAtOf(cursor);
  return at === Number.POSITIVE_INFINITY ? at : Math.min(at, cursor.extraAt);
}

const isExtraNext = (cursor: Cursor): boolean =>
  cursor.isOpen ? cursor.extraAt < nextAtOf(cursor) : cursor.extraAt <= nextAtOf(cursor);

function rankOf(cursor: Cursor): number {
  if (isExtraNext(cursor)) return 1;
  return cursor.isOpen ? 0 : 2;
}

/** Candles of the past: indicators and quotes, no decisions. */
export function rebuild(core: Core, cursor: Cursor, after: number): void {
  const { tradeFrom } = cursor.series;
  const { timeframeMs } = cursor.candles;
  while (cursor.index < cursor.candles.length) {
    const { candles } = cursor;
    const openAt = candles.openAt[cursor.index] as number;
    if (cursor.index >= tradeFrom && openAt + timeframeMs > after) break;
    observeExtras(core, cursor, openAt + timeframeMs - 1);
    observeGap(core, cursor, openAt);
    fillClose(cursor.close, candles, cursor.index);
    observeClose(cursor.symbol, cursor.close);
    cursor.index++;
    if (cursor.index >= candles.length) extend(cursor);
  }
  observeExtras(core, cursor, after);
  cursor.extraAt = cursor.series.extras.nextAt;
  const next = cursor.candles.openAt[cursor.index];
  // The open of the candle at hand was done before the restart.
  cursor.isOpen = next !== undefined && next <= after;
  if (cursor.isOpen) quoteOpen(core, cursor);
}

/** Within a candle its open is the price: what is due before the close stands on it, after a restart, too. */
function quoteOpen(core: Core, cursor: Cursor): void {
  const { open, candles, index } = cursor;
  open.at = candles.openAt[index] as number;
  open.price = candles.open[index] as number;
  observe(core.market, open);
  core.venue.recall(open);
}

function observeExtras(core: Core, { series: { extras } }: Cursor, until: number): void {
  while (extras.nextAt <= until) {
    const extra = extras.take();
    observe(core.market, extra);
    core.venue.recall(extra);
  }
}

function observeGap(core: Core, cursor: Cursor, openAt: number): void {
  const missing = missingBefore(cursor, openAt);
  if (missing > 0) observe(core.market, gapInput(cursor, openAt, missing));
}

function missingBefore(cursor: Cursor, openAt: number): number {
  if (cursor.index === 0) return 0;
  const { openAt: opens, timeframeMs } = cursor.candles;
  return Math.round((openAt - (opens[cursor.index - 1] as number)) / timeframeMs) - 1;
}

function gapInput(cursor: Cursor, openAt: number, missing: number): Input {
  const { candles } = cursor;
  const { symbol } = cursor.series;
  const from = (candles.openAt[cursor.index - 1] as number) + candles.timeframeMs;
  return { kind: 'gap', symbol, at: openAt, from, missing };
}

function fillClose(input: CloseInput, candles: Candles, index: number): void {
  fillBar(input.bar, candles, index);
  input.at = input.bar.closeAt;
}

function runSingle(core: Core, cursor: Cursor, until: number, candles: number, watcher: Watcher | undefined): boolean {
  let left = candles;
  if (cursor.isOpen) {
    if (nextAtOf(cursor) > until) {
      runExtras(core, cursor, until);
      return true;
    }
    closePhase(core, cursor, watcher);
    left--;
  }
  while (left > 0) {
    if (cursor.index >= cursor.candles.length) extend(cursor);
    const { candles: all } = cursor;
    const end = Math.min(all.length, cursor.index + Math.min(CHUNK, left));
    if (cursor.index >= all.length) return endOf(core);
    left -= end - cursor.index;
    if (!runChunk(core, cursor, end, until, watcher)) return true;
  }
  return true;
}

/** Nothing follows: what is due at the last instant happens now. */
function endOf(core: Core): false {
  advance(core, core.now);
  return false;
}

/** A feed without an end gives more when it is asked: all of it and more, or the part that follows. */
export function extend(cursor: Cursor): void {
  const { series } = cursor;
  const more = series.more?.();
  if (more !== undefined) cursor.candles = more;
  const part = series.next?.();
  if (part === undefined) return;
  cursor.candles = part;
  cursor.index = 0;
}

/** Whole candles up to `end`; false where the next one lies beyond `until`. */
function runChunk(core: Core, cursor: Cursor, end: number, until: number, watcher: Watcher | undefined): boolean {
  const { openAt, timeframeMs } = cursor.candles;
  while (cursor.index < end) {
    runQuiet(core, cursor, end, until, watcher);
    if (cursor.index >= end) break;
    const at = openAt[cursor.index] as number;
    if (at > until) {
      runExtras(core, cursor, until);
      return false;
    }
    if (isEventful(core, cursor, at)) openPhase(core, cursor, at);
    if (at + timeframeMs > until) {
      cursor.isOpen = true;
      quoteOpen(core, cursor);
      runExtras(core, cursor, until);
      return false;
    }
    closePhase(core, cursor, watcher);
  }
  return true;
}

/** Does anything happen at this open? Where nothing does, it is not worth an input. */
function isEventful(core: Core, cursor: Cursor, at: number): boolean {
  if (core.wakeAt <= at || cursor.extraAt <= at || cursor.symbol.isPending) return true;
  return at !== cursor.close.bar.closeAt && cursor.index > 0;
}

export function runPhase(core: Core, cursor: Cursor, watcher: Watcher | undefined): void {
  if (isExtraNext(cursor)) runExtras(core, cursor, cursor.extraAt);
  else if (cursor.isOpen) closePhase(core, cursor, watcher);
  else {
    openPhase(core, cursor, cursor.candles.openAt[cursor.index] as number);
    quoteOpen(core, cursor);
  }
}

/** What the last close decided is sized and filled at the open. */
function openPhase(core: Core, cursor: Cursor, at: number): void {
  if (cursor.extraAt <= at) runExtras(core, cursor, at);
  if (core.wakeAt <= at) advance(core, at);
  core.now = at;
  const missing = missingBefore(cursor, at);
  if (missing > 0) step(core, gapInput(cursor, at, missing));
  if (cursor.symbol.isPending) {
    const { open } = cursor;
    open.at = at;
    open.price = cursor.candles.open[cursor.index] as number;
    step(core, open);
  }
  cursor.isOpen = true;
}

/**
 * The reach of the candle where it concerns something that rests, then its close. What the clock brings at the very instant
 * of the close comes after it, with what follows then: a day ends, and an hour is marked, at the price of its close.
 */
function closePhase(core: Core, cursor: Cursor, watcher: Watcher | undefined): void {
  const { candles, symbol, close } = cursor;
  const i = cursor.index;
  const at = (candles.openAt[i] as number) + candles.timeframeMs;
  if (cursor.extraAt < at || core.wakeAt <= at) {
    quoteOpen(core, cursor);
    if (cursor.extraAt < at) runExtras(core, cursor, at - 1);
    approach(core, at);
  }
  core.now = at;
  fillClose(close, candles, i);
  const { bar } = close;
  if ((bar.low <= symbol.touchLow || bar.high >= symbol.touchHigh) && !symbol.streamed) reachOf(core, cursor, bar);
  stepClose(core, symbol, close);
  if (watcher !== undefined) watcher.closed(candles, i, i + 1);
  cursor.index = i + 1;
  cursor.isOpen = false;
}

function reachOf(core: Core, { range }: Cursor, bar: Bar): void {
  range.at = bar.closeAt;
  range.openAt = bar.openAt;
  range.open = bar.open;
  range.high = bar.high;
  range.low = bar.low;
  step(core, range);
}

function runExtras(core: Core, cursor: Cursor, until: number): void {
  const { extras } = cursor.series;
  while (extras.nextAt <= until) {
    advance(core, extras.nextAt);
    step(core, extras.take());
  }
  cursor.extraAt = extras.nextAt;
}
