import { createEquityTracker, type EquityTracker } from '../analytics/equity.ts';
import { type OpenTrade, openCostsOf, type TradingRecord } from '../analytics/record.ts';
import { InvariantError } from '../base/assert.ts';
import { approximate, type Money, toNumber } from '../base/decimal.ts';
import { type Candles, openedBy } from '../domain/candle.ts';
import type { OpenAccount, StartRun } from '../domain/command.ts';
import type { AnyEntry } from '../domain/entry.ts';
import type { ClosedBody } from '../domain/events.ts';
import type { Position } from '../domain/position.ts';
import type { Run } from '../domain/run.ts';
import type { State } from '../domain/state.ts';
import { type Core, openPnl } from '../engine/core.ts';
import { createEngine, type Engine, riskModels } from '../engine/engine.ts';
import type { RunMarket } from '../engine/market.ts';
import type { Pump, Watcher } from '../engine/pump.ts';
import type { Journal } from '../journal/journal.ts';
import type { Series } from '../market/feed.ts';
import { averageOf } from '../risk/heat.ts';
import type { Definition } from '../strategy/definition.ts';
import { SimulatedVenue } from '../venue/simulated/simulated.ts';

/** One run over stored candles: the same engine as everywhere, a simulated venue and a journal. */
export interface BacktestSetup {
  readonly account: OpenAccount;
  readonly run: StartRun;
  readonly definition: Definition;
  readonly series: Series;
  readonly journal: Journal;
  readonly build: string;
}

export interface Backtest {
  readonly engine: Engine;
  readonly pump: Pump;
  readonly tracker: EquityTracker;
  /** Gaps in the candles that were traded. */
  readonly gaps: { count: number; missing: number };
  /** Runs about so many candles; false at the end. */
  advance(candles: number): boolean;
  /** What came of it so far. */
  record(): BacktestRecord;
  warmup(): BacktestWarmup;
  /** Whether the last candle left every vote NaN. */
  isMute(): boolean;
}

/** Closed candles that the strategy saw, and those that it wants to have seen before it trades. */
export interface BacktestWarmup {
  readonly done: boolean;
  readonly bars: number;
  readonly needed: number;
  readonly higherBars: number;
  readonly higherNeeded: number;
}

export interface BacktestRecord extends TradingRecord {
  readonly open: readonly OpenTrade[];
}

/** Wires a backtest. Nothing has been traded until `advance`. */
export function createBacktest(setup: BacktestSetup): Backtest {
  const { series, journal, definition } = setup;
  const gaps = { count: 0, missing: 0 };
  const trades: ClosedBody[] = [];
  const engine = createEngine(
    {
      append: (entry) => {
        if (entry.kind === 'position_closed') trades.push(entry.body as ClosedBody);
        else if (entry.kind === 'feed_gap') {
          gaps.count++;
          gaps.missing += (entry.body as { missing: number }).missing;
        }
        journal.append(entry as AnyEntry);
      },
      venue: (state) => new SimulatedVenue(state, riskModels),
      definitionOf: (name) => (name === definition.name ? definition : undefined),
    },
    undefined,
    () => series.candles.timeframeMs,
  );
  const startAt = startOf(series);
  engine.core.now = startAt;
  engine.startEpoch(setup.build);
  engine.command(startAt, setup.account);
  engine.command(startAt, setup.run);
  const start = toNumber(setup.account.balance);
  const tracker = createEquityTracker(start, startAt);
  const curve = new EquityCurve(engine.core.state, tracker);
  const pump = engine.begin([series], curve);
  return {
    engine,
    pump,
    tracker,
    gaps,
    advance(candles) {
      const isMore = pump.run(Number.POSITIVE_INFINITY, candles);
      curve.flush();
      return isMore;
    },
    record: () => recordOf(engine, setup, trades, tracker),
    warmup: () => warmupOf(engine.core),
    isMute: () => onlyRun(engine.core).opinion.votes.every((vote) => Number.isNaN(vote)),
  };
}

/** The instant at which trading begins: the open of the first candle that is not warm-up. */
function startOf(series: Series): number {
  const { openAt, length } = series.candles;
  return openAt[Math.min(series.tradeFrom, length - 1)] ?? 0;
}

/**
 * Marks equity on every close. Amounts are mirrored as doubles and refreshed when an entry was written; while there is no
 * position, equity stands still: its first close tells when it fell or came back, and the last one stands for the others.
 */
class EquityCurve implements Watcher {
  private readonly state: State;
  private readonly tracker: EquityTracker;
  private seq = -1;
  private heldSeq = -1;
  private isHeld = false;
  // Fields of numbers are born as NaN: V8 then keeps them as doubles, written in place.
  private cash = NaN;
  private qty = NaN;
  private entry = NaN;
  /** What they mirror. */
  private balance: Money | undefined;
  private cost: Money | undefined;
  /** The last close that is not marked yet. */
  private stillAt = NaN;

  constructor(state: State, tracker: EquityTracker) {
    this.state = state;
    this.tracker = tracker;
  }

  closed(candles: Candles, from: number, to: number): void {
    if (from === to) return;
    if (this.state.seq !== this.seq) this.refresh();
    if (this.isHeld) this.markHeld(candles, from, to);
    else this.markStill(candles, from, to);
  }

  private markHeld({ openAt, close, timeframeMs }: Candles, from: number, to: number): void {
    this.flush();
    const { tracker, cash, qty, entry } = this;
    for (let i = from; i < to; i++) {
      tracker.mark((openAt[i] as number) + timeframeMs, cash + qty * ((close[i] as number) - entry), true);
    }
  }

  private markStill(candles: Candles, from: number, to: number): void {
    const { openAt, timeframeMs } = candles;
    const { tracker, cash } = this;
    let i = from;
    while (i < to) {
      // What stands still is passed over: only its last close may have to be marked.
      const next = cash === tracker.equity ? openedBy(candles, tracker.stillUntil - timeframeMs, i, to) : i;
      if (next > i) this.stillAt = (openAt[next - 1] as number) + timeframeMs;
      if (next === to) return;
      this.flush();
      tracker.mark((openAt[next] as number) + timeframeMs, cash, false);
      i = next + 1;
    }
  }

  /** Marks what stood still. */
  flush(): void {
    if (Number.isNaN(this.stillAt)) return;
    this.tracker.mark(this.stillAt, this.cash, false);
    this.stillAt = NaN;
  }

  private refresh(): void {
    this.flush();
    const { seq, accounts, runs } = this.state;
    this.seq = seq;
    const balance = accounts[0]?.balance;
    if (balance !== this.balance) {
      this.balance = balance;
      this.cash = approximate(balance ?? 0n);
    }
    const position = runs[0]?.position;
    this.isHeld = position !== undefined && position.qty !== 0n;
    if (position === undefined || (position.cost === this.cost && position.seq === this.heldSeq)) return;
    this.cost = position.cost;
    this.heldSeq = position.seq;
    const qty = approximate(position.qty);
    this.qty = position.sign * qty;
    this.entry = approximate(position.cost) / qty;
  }
}

function onlyRun({ market }: Core): RunMarket {
  const [held] = market.runs;
  if (held === undefined) throw new InvariantError('Invariant: a backtest has a run');
  return held;
}

function warmupOf(core: Core): BacktestWarmup {
  const { run, bars, barsNeeded, higherBars, higherNeeded } = onlyRun(core);
  return { done: run.warmedUp, bars, needed: barsNeeded, higherBars, higherNeeded };
}

function recordOf(
  engine: Engine,
  setup: BacktestSetup,
  trades: readonly ClosedBody[],
  tracker: EquityTracker,
): BacktestRecord {
  const { state } = engine.core;
  const { candles, tradeFrom } = setup.series;
  const run = state.runs[0];
  const balance = state.accounts[0]?.balance ?? setup.account.balance;
  const last = candles.close[candles.length - 1] ?? Number.NaN;
  const open = run?.position === undefined ? [] : [openTrade(run, run.position, last)];
  return {
    startBalance: setup.account.balance,
    balance,
    finalEquity: (balance + (open[0]?.unrealised ?? 0n)) as Money,
    from: startOf(setup.series),
    to: (candles.openAt[candles.length - 1] ?? 0) + candles.timeframeMs,
    trades,
    tracker,
    open,
    market: { first: candles.open[tradeFrom] ?? Number.NaN, last },
  };
}

/** The position that is open at the end: marked, not closed, not counted. */
function openTrade(run: Run, position: Position, mark: number): OpenTrade {
  return {
    ...openCostsOf(position),
    side: position.sign === 1 ? 'long' : 'short',
    qty: position.qty,
    entryPrice: averageOf(position),
    gross: position.gross,
    mark,
    unrealised: openPnl(run, mark),
  };
}
