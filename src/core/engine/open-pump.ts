import type { Candles } from '../domain/candle.ts';
import type { Series } from '../market/feed.ts';
import type { Core } from './core.ts';
import type { Mids, RunMarket } from './market.ts';
import { analysed, observeBar, observeMid } from './observe.ts';
import {
  type Cursor,
  cursorOf,
  extend,
  isSooner,
  nextAtOf,
  type Pump,
  rebuild,
  runPhase,
  soonestOf,
  unknownBar,
} from './pump.ts';
import { fillBar } from './quiet.ts';

/** A pump whose series come while it runs: an engine that lives longer than any of its runs. */
export interface OpenPump extends Pump {
  /** The instant of what comes next, extras among it; Infinity at the end. */
  readonly soonestAt: number;
  has(symbol: string): boolean;
  /** A series from its first candle on. What lies at or before the present instant rebuilds what can be rebuilt. */
  add(series: Series): void;
  /** Tells a run that came later the closed candles of its symbol; `past` is a series of its own. */
  warm(held: RunMarket, past: Series): void;
}

/** A pump without a series. What is at or before the engine's present instant counts as done. */
export function createOpenPump(core: Core): OpenPump {
  const cursors: Cursor[] = [];
  return {
    get nextAt() {
      return Math.min(...cursors.map(nextAtOf));
    },
    get soonestAt() {
      return Math.min(...cursors.map(soonestOf));
    },
    get done() {
      return cursors.reduce((sum, cursor) => sum + cursor.index, 0);
    },
    get total() {
      return cursors.reduce((sum, cursor) => sum + cursor.candles.length, 0);
    },
    has: (symbol) => cursors.some((cursor) => cursor.series.symbol === symbol),
    add(series) {
      const cursor = cursorOf(core, series);
      rebuild(core, cursor, core.now);
      // Of one instant symbols come by name, whoever was first.
      cursors.push(cursor);
      cursors.sort((a, b) => (a.series.symbol < b.series.symbol ? -1 : 1));
    },
    warm(held, past) {
      const cursor = cursors.find(({ series }) => series.symbol === past.symbol);
      const nextAt = cursor?.candles.openAt[cursor.index] ?? Number.POSITIVE_INFINITY;
      warm(held, past, nextAt);
    },
    run(until, candles) {
      for (let i = 0; i < candles * 2; i++) {
        const cursor = soonestOfAll(cursors);
        if (cursor === undefined || nextAtOf(cursor) === Number.POSITIVE_INFINITY) return false;
        if (soonestOf(cursor) > until) return true;
        runPhase(core, cursor, undefined);
        if (cursor.index >= cursor.candles.length) extend(cursor);
        // What a tape says next may have no entry before it that would have told its instant.
        if (core.venue.dueAt < core.wakeAt) core.wakeAt = core.venue.dueAt;
      }
      return true;
    },
  };
}

function soonestOfAll(cursors: readonly Cursor[]): Cursor | undefined {
  let best = cursors[0];
  for (let i = 1; i < cursors.length; i++) {
    const each = cursors[i] as Cursor;
    if (best === undefined || isSooner(each, best)) best = each;
  }
  return best;
}

/** The candles that open before an instant for one run alone, as `rebuild` would have told them. */
function warm(held: RunMarket, past: Series, nextAt: number): void {
  const mids: Mids = { isSeen: false, open: NaN, high: NaN, low: NaN, close: NaN };
  const bar = unknownBar();
  for (let candles: Candles | undefined = past.candles; candles !== undefined; candles = past.next?.()) {
    for (let i = 0; i < candles.length; i++) {
      if ((candles.openAt[i] as number) >= nextAt) return;
      fillBar(bar, candles, i);
      if (held.usesMid) seeMids(mids, past, bar.closeAt);
      observeBar(held, analysed(held, { mids }, bar));
      mids.isSeen = false;
    }
  }
}

function seeMids(mids: Mids, { extras }: Series, before: number): void {
  while (extras.nextAt < before) {
    const extra = extras.take();
    if (extra.kind === 'quote') observeMid(mids, (extra.bid + extra.ask) / 2);
  }
}
