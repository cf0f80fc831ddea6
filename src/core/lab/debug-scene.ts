import type { AnyEntry } from '../domain/entry.ts';
import type { MarketFrame } from '../domain/frame.ts';
import type { State } from '../domain/state.ts';
import type { ClosedTrade, Scene } from '../view/scene.ts';
import type { Sandbox } from './debug-sandbox.ts';

/** The last entries that a screen shows. */
const ENTRIES = 200;
const known = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** A sandbox as screens see it: the same shape as an engine's, of mode DEBUG. */
export function sandboxScene({ debug, candles, left }: Sandbox, feed: string): Scene {
  const state = debug.state() as State;
  const entries = debug.entries();
  const { runs, accounts } = debug.frames();
  const markets = state.runs.map((run): MarketFrame => {
    const { bid, ask, mid } = debug.touch;
    const price = known(mid);
    return {
      symbol: run.symbol,
      instrument: run.instrument,
      source: 'script',
      isSimulated: true,
      bid: known(bid),
      ask: known(ask),
      bidQty: null,
      askQty: null,
      mid: price,
      last: price,
      quoteAt: price === null ? null : debug.now,
      mark: price,
      markAt: price === null ? null : debug.now,
      fundingRate: null,
      nextFundingAt: null,
      change: null,
      depth: null,
      timeframeMs: run.timeframeMs,
      forming: null,
    };
  });
  return {
    link: 'up',
    linkAt: null,
    mode: 'DEBUG',
    profile: 'sandbox',
    feed: left > 0 ? `${feed}, ${left} left` : feed,
    now: debug.now,
    state,
    markets,
    candles: Object.fromEntries(state.runs.map((run) => [run.symbol, candles])),
    runs,
    accounts,
    system: null,
    entries: entries.slice(-ENTRIES),
    trades: entries.flatMap((entry) => tradeOf(entry, state)),
    equity: {},
    strategies: [],
    commands: [],
    isDebugEnabled: true,
  };
}

function tradeOf(entry: AnyEntry, state: State): readonly ClosedTrade[] {
  if (entry.kind !== 'position_closed') return [];
  const { seq, run, account, body } = entry;
  return [{ seq, run, account, symbol: state.runs[run - 1]?.symbol ?? '', body }];
}
