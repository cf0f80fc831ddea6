import { assert } from '../base/assert.ts';
import type { Bar, Candles } from '../domain/candle.ts';
import type { CloseInput, Input, OpenInput, RangeInput } from '../domain/input.ts';
import type { Series } from '../market/feed.ts';
import type { Core } from './core.ts';
import { type SymbolMarket, symbolMarket } from './market.ts';
import { observe, observeClose } from './observe.ts';
import { advance, step, stepClose } from './step.ts';

/** V8 runs one long loop several times slower than a function that is entered often. */
const CHUNK = 2_048;

/** Where one series stands. A candle has two phases: its open, and its reach and close. */
interface Cursor {
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

/** Called after each close, for whoever keeps a curve. */
export type OnClose = (at: number, price: number) => void;

/**
 * The synchronous pump. Candles that close at or before `after` only rebuild what can be rebuilt: history before the
 * trading begins, and what was done before a restart.
 */
export function createPump(core: Core, all: readonly Series[], after: number, onClose?: OnClose): Pump {
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
      if (isSingle) return runSingle(core, first, until, candles, onClose);
      for (let i = 0; i < candles * 2; i++) {
        const cursor = cursors.reduce((best, each) => (isSooner(each, best) ? each : best));
        const at = nextAtOf(cursor);
        if (at === Number.POSITIVE_INFINITY) return false;
        if (at > until) return true;
        runPhase(core, cursor, onClose);
      }
      return true;
    },
  };
}

/** Numbers are born as NaN: V8 then keeps them as doubles, written in place. */
const unknownBar = (): Bar => ({
  openAt: NaN,
  closeAt: NaN,
  open: NaN,
  high: NaN,
  low: NaN,
  close: NaN,
  volume: NaN,
});

function cursorOf(core: Core, series: Series): Cursor {
  const { symbol } = series;
  const bar = unknownBar();
  const market = symbolMarket(core.market, symbol);
  market.quote.source = series.source;
  return {
    series,
    candles: series.candles,
    symbol: market,
    open: { kind: 'open', symbol, at: NaN, price: NaN },
    range: { kind: 'range', symbol, at: NaN, open: NaN, high: NaN, low: NaN },
    close: { kind: 'close', symbol, at: NaN, bar },
    index: 0,
    isOpen: false,
    extraAt: series.extras.nextAt,
  };
}

function nextAtOf(cursor: Cursor): number {
  const { candles } = cursor;
  if (cursor.index >= candles.length) return Number.POSITIVE_INFINITY;
  const openAt = candles.openAt[cursor.index] as number;
  return cursor.isOpen ? openAt + candles.timeframeMs : openAt;
}

function isSooner(a: Cursor, b: Cursor): boolean {
  const first = nextAtOf(a);
  const second = nextAtOf(b);
  return first < second || (first === second && a.isOpen && !b.isOpen);
}

/** Candles of the past: indicators and quotes, no decisions. */
function rebuild(core: Core, cursor: Cursor, after: number): void {
  const { tradeFrom } = cursor.series;
  const { candles } = cursor;
  const { timeframeMs } = candles;
  while (cursor.index < candles.length) {
    const openAt = candles.openAt[cursor.index] as number;
    if (cursor.index >= tradeFrom && openAt + timeframeMs > after) break;
    observeExtras(core, cursor, openAt + timeframeMs - 1);
    observeGap(core, cursor, openAt);
    fillClose(cursor.close, candles, cursor.index);
    observeClose(cursor.symbol, cursor.close);
    cursor.index++;
  }
  observeExtras(core, cursor, after);
  cursor.extraAt = cursor.series.extras.nextAt;
  const next = candles.openAt[cursor.index];
  // The open of the candle at hand was done before the restart.
  cursor.isOpen = next !== undefined && next <= after;
}

function observeExtras(core: Core, { series: { extras } }: Cursor, until: number): void {
  while (extras.nextAt <= until) observe(core.market, extras.take());
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
  const { bar } = input;
  const openAt = candles.openAt[index] as number;
  bar.openAt = openAt;
  bar.closeAt = openAt + candles.timeframeMs;
  bar.open = candles.open[index] as number;
  bar.high = candles.high[index] as number;
  bar.low = candles.low[index] as number;
  bar.close = candles.close[index] as number;
  bar.volume = candles.volume[index] as number;
  input.at = bar.closeAt;
}

function runSingle(core: Core, cursor: Cursor, until: number, candles: number, onClose: OnClose | undefined): boolean {
  let left = candles;
  if (cursor.isOpen) {
    if (nextAtOf(cursor) > until) return true;
    closePhase(core, cursor, onClose);
    left--;
  }
  while (left > 0) {
    if (cursor.index >= cursor.candles.length) extend(cursor);
    const { candles: all } = cursor;
    const end = Math.min(all.length, cursor.index + Math.min(CHUNK, left));
    if (cursor.index >= all.length) return false;
    left -= end - cursor.index;
    if (!runChunk(core, cursor, end, until, onClose)) return true;
  }
  return true;
}

/** A feed without an end gives more when it is asked. */
function extend(cursor: Cursor): void {
  const more = cursor.series.more?.();
  if (more !== undefined) cursor.candles = more;
}

/** Whole candles up to `end`; false where the next one lies beyond `until`. */
function runChunk(core: Core, cursor: Cursor, end: number, until: number, onClose: OnClose | undefined): boolean {
  const { openAt, timeframeMs } = cursor.candles;
  while (cursor.index < end) {
    const at = openAt[cursor.index] as number;
    if (at > until) return false;
    if (isEventful(core, cursor, at)) openPhase(core, cursor, at);
    if (at + timeframeMs > until) {
      cursor.isOpen = true;
      return false;
    }
    closePhase(core, cursor, onClose);
  }
  return true;
}

/** Does anything happen at this open? Where nothing does, it is not worth an input. */
function isEventful(core: Core, cursor: Cursor, at: number): boolean {
  if (core.wakeAt <= at || cursor.extraAt <= at || cursor.symbol.isPending) return true;
  return at !== cursor.close.bar.closeAt && cursor.index > 0;
}

function runPhase(core: Core, cursor: Cursor, onClose: OnClose | undefined): void {
  if (cursor.isOpen) closePhase(core, cursor, onClose);
  else openPhase(core, cursor, cursor.candles.openAt[cursor.index] as number);
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

/** The reach of the candle where it concerns something that rests, then its close. */
function closePhase(core: Core, cursor: Cursor, onClose: OnClose | undefined): void {
  const { candles, symbol, close } = cursor;
  const i = cursor.index;
  const at = (candles.openAt[i] as number) + candles.timeframeMs;
  if (cursor.extraAt < at) runExtras(core, cursor, at - 1);
  if (core.wakeAt <= at) advance(core, at);
  core.now = at;
  fillClose(close, candles, i);
  const { bar } = close;
  if ((bar.low <= symbol.touchLow || bar.high >= symbol.touchHigh) && !symbol.streamed) reachOf(core, cursor, bar);
  stepClose(core, symbol, close);
  if (onClose !== undefined) onClose(at, bar.close);
  cursor.index = i + 1;
  cursor.isOpen = false;
}

function reachOf(core: Core, { range }: Cursor, bar: Bar): void {
  range.at = bar.closeAt;
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
