import type { Bar } from '../../domain/candle.ts';
import type { AnyEntry } from '../../domain/entry.ts';
import type { CandleRow } from '../../domain/frame.ts';
import type { Input } from '../../domain/input.ts';
import type { Run } from '../../domain/run.ts';
import { dayOf } from '../../domain/time.ts';
import type { Engine } from '../../engine/engine.ts';
import { beginFunnel, recount } from '../../engine/funnel.ts';
import { isWarm, type RunMarket, symbolMarket } from '../../engine/market.ts';
import { midBar, observeBar } from '../../engine/observe.ts';
import { tellWarm } from '../../engine/signals.ts';

/** The present of an exchange as an engine takes it, the same live and from a tape: inputs in the order of arrival. */
export interface Story {
  /** An input at its instant; candles of the past are matched against what rests, then they are history. */
  give(input: Input): void;
  /** Closed candles of a symbol that were told, oldest first. */
  closed(symbol: string): readonly CandleRow[];
  /** Begins with the runs that the journal knows; `since` gives the entries from an instant on. */
  begin(since: (at: number) => Iterable<AnyEntry>): void;
}

/** So many candles of a symbol are kept for runs that come later. */
const KEPT_MAX = 60 * 1_440;

/** `keepMid`: takes each candle of mids that closed on a symbol that has a run which analyses those. */
export function createStory(
  engine: Engine,
  timeframeMs: number,
  keepMid: (symbol: string, row: CandleRow) => void = () => {},
): Story {
  const { core } = engine;
  const trades = new Map<string, CandleRow[]>();
  const mids = new Map<string, CandleRow[]>();
  /** The candle of mids that ends with a close: as the runs on it are about to hear it. */
  const midOf = (input: Input): Bar | undefined => {
    if (input.kind !== 'close') return undefined;
    const market = symbolMarket(core.market, input.symbol);
    return market.midLine === undefined ? undefined : midBar(market, input.bar);
  };
  const closed = (symbol: string, bar: Bar, mid: Bar | undefined): void => {
    keep(trades, symbol, [rowOf(bar)]);
    if (mid === undefined) return;
    keep(mids, symbol, [rowOf(mid)]);
    if (symbolMarket(core.market, symbol).runs.some(({ usesMid }) => usesMid)) keepMid(symbol, rowOf(mid));
  };
  return {
    give(input) {
      const mid = midOf(input);
      engine.input(input);
      if (input.kind === 'history') {
        keep(input.price === 'mid' ? mids : trades, input.symbol, input.rows);
        for (const held of core.market.runs) if (held.run.symbol === input.symbol) beginFunnel(held, core.now);
      } else if (input.kind === 'left') {
        trades.delete(input.symbol);
        mids.delete(input.symbol);
      } else if (input.kind === 'close') {
        closed(input.symbol, input.bar, mid);
      }
    },
    closed: (symbol) => trades.get(symbol) ?? [],
    begin(since) {
      for (const held of core.market.runs) beginFunnel(held, core.now);
      recount(core, since(dayOf(core.now)));
      core.welcome = (held) => {
        const { symbol } = held.run;
        const isOfMids = held.usesMid && symbolMarket(core.market, symbol).midLine !== undefined;
        warm(held, (isOfMids ? mids : trades).get(symbol) ?? [], timeframeMs);
        beginFunnel(held, core.now);
        if (!held.run.warmedUp && (isOfMids || isWarm(held))) tellWarm(core, held);
      };
    },
  };
}

function keep(kept: Map<string, CandleRow[]>, symbol: string, rows: readonly CandleRow[]): void {
  const known = kept.get(symbol) ?? [];
  kept.set(symbol, known);
  for (const row of rows) if (row[0] > (known.at(-1)?.[0] ?? 0)) known.push(row);
  if (known.length > KEPT_MAX * 1.1) known.splice(0, known.length - KEPT_MAX);
}

const rowOf = ({ openAt, open, high, low, close, volume }: Bar): CandleRow => [openAt, open, high, low, close, volume];

/** Tells a run that came later the closed candles of its symbol. */
function warm(held: RunMarket, rows: readonly CandleRow[], timeframeMs: number): void {
  for (const [openAt, open, high, low, close, volume] of rows) {
    observeBar(held, { openAt, closeAt: openAt + timeframeMs, open, high, low, close, volume });
  }
}

/** Settlements that came due while nobody looked. */
type Paid = Extract<Input, { readonly kind: 'funding' }>;

/** What happened while nobody looked: its own instant, and the input as it is when its turn comes. */
export interface PastInput {
  readonly at: number;
  make(): Input;
}

/**
 * Candles that closed while nobody looked, as inputs: those up to `seenAt` are history; of later ones each is first
 * matched against what rests (tier T0), its settlements before it, and then is history. Where the venue has none, that is
 * told as a gap. Of a candle in which a run did something only the close is sure to have come after that.
 */
export function* pastInputs(
  runs: readonly Run[],
  symbol: string,
  rows: readonly CandleRow[],
  { timeframeMs, seenAt, now, funding }: PastTimes,
): Generator<PastInput> {
  const first = rows.findIndex(([openAt]) => openAt + timeframeMs > seenAt);
  const known = first < 0 ? rows : rows.slice(0, first);
  const at = (instant: number): number => Math.max(now(), instant);
  if (known.length > 0) {
    yield {
      at: Number.NEGATIVE_INFINITY,
      make: () => ({ kind: 'history', symbol, at: now(), timeframeMs, rows: known }),
    };
  }
  const due = funding.filter((each) => each.at > seenAt);
  let nextAt = Math.floor(seenAt / timeframeMs) * timeframeMs;
  for (const row of first < 0 ? [] : rows.slice(first)) {
    const [openAt] = row;
    const closeAt = openAt + timeframeMs;
    if (openAt > nextAt && nextAt > 0) {
      const [from, missing] = [nextAt, (openAt - nextAt) / timeframeMs];
      yield { at: openAt, make: () => ({ kind: 'gap', symbol, at: at(openAt), from, missing }) };
    }
    while ((due[0]?.at ?? Number.POSITIVE_INFINITY) <= closeAt) yield paidOf(due.shift() as Paid, at);
    if (!wasSeen(runs, symbol, closeAt)) {
      yield { at: closeAt, make: () => rangeOf(runs, symbol, row, at(closeAt)) };
    }
    yield {
      at: closeAt,
      make: () => ({ kind: 'history', symbol, at: at(closeAt), timeframeMs, rows: [row] }),
    };
    nextAt = closeAt;
  }
  for (const paid of due) yield paidOf(paid, at);
}

const paidOf = (paid: Paid, at: (instant: number) => number): PastInput => ({
  at: paid.at,
  make: () => ({ ...paid, at: at(paid.at) }),
});

interface PastTimes {
  readonly timeframeMs: number;
  /** What closed by then was seen. */
  readonly seenAt: number;
  /** The engine's present instant, which rises as the inputs are taken. */
  readonly now: () => number;
  readonly funding: readonly Paid[];
}

/** Did a run do something after an instant, or at it? What rests now need not have rested before. */
const wasSeen = (runs: readonly Run[], symbol: string, at: number): boolean =>
  runs.some(
    (run) =>
      run.symbol === symbol &&
      ((run.position?.changedAt ?? 0) >= at || run.orders.some((order) => order.askedAt >= at)),
  );

function rangeOf(runs: readonly Run[], symbol: string, row: CandleRow, at: number): Input {
  const [openAt, open, high, low, close] = row;
  if (wasSeen(runs, symbol, openAt + 1)) {
    return { kind: 'range', symbol, at, open: close, high: close, low: close };
  }
  return { kind: 'range', symbol, at, open, high, low };
}
