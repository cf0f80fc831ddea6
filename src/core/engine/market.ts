import { type Money, NO_MONEY, toNumber } from '../base/decimal.ts';
import type { Bar } from '../domain/candle.ts';
import type { Quote } from '../domain/quote.ts';
import type { Run } from '../domain/run.ts';
import type { PriceAlert } from '../domain/state.ts';
import { type Aggregator, createAggregator } from '../market/aggregate.ts';
import { hasLossLimit } from '../risk/limits.ts';
import { type Definition, votesMinOf } from '../strategy/definition.ts';
import { createOpinion, weightsOf } from '../strategy/opinion.ts';
import { analysesMids } from '../strategy/params.ts';
import { createVerdict, type Verdict } from '../strategy/signal.ts';
import type { Opinion, Params, Strategy, VoteSpec } from '../strategy/strategy.ts';

/** What can be rebuilt from candles for one run: its indicators, its opinion and the reach of price while it holds. */
export interface RunMarket {
  readonly run: Run;
  readonly definition: Definition;
  readonly strategy: Strategy;
  readonly opinion: Opinion;
  readonly specs: readonly VoteSpec[];
  readonly weights: Float64Array;
  readonly verdict: Verdict;
  /** It analyses candles of mids: the parameter `price=mid`, which the run records. */
  readonly usesMid: boolean;
  readonly confirmations: number;
  readonly votesMin: number;
  readonly barsNeeded: number;
  readonly higherNeeded: number;
  /** Undefined where the run's time frame is the feed's. */
  readonly own: Aggregator | undefined;
  readonly higher: Aggregator | undefined;
  bars: number;
  higherBars: number;
  /** Closed candles in a row on the present side, and the close of the first. */
  streak: number;
  streakAt: number;
  /** The run's own candle that closed with the input at hand, if one did. */
  closed: Bar | undefined;
  /** The votes of the close before, and whether those at hand differ: equal votes are not judged again. */
  readonly judged: Float64Array;
  isTurned: boolean;
  /** With these votes there is nothing to decide while the state's seq is this one; -1 for not known. */
  calmSeq: number;
  /** Reach of price since the position was opened, and since equity was last marked. */
  excursionFrom: number;
  high: number;
  low: number;
  markHigh: number;
  markLow: number;
  markFrom: number;
  /** Seq of the entry that opened the position at hand, and the instant of its last change; 0 when flat. */
  positionSeq: number;
  positionAt: number;
  /** A price that is surely reached before liquidation: there the venue looks closer. NaN for none. */
  danger: number;
  /** The position's funding that `danger` is of. */
  funding: Money;
  readonly funnel: FunnelCounts;
  /** The levels last seen of what rests below and above the price. */
  readonly below: Level;
  readonly above: Level;
}

/** What happened to a run since the UTC day began. `barsBefore`: its own candles until then. */
export interface FunnelCounts {
  barsBefore: number;
  candidates: number;
  ready: number;
  denied: number;
  orders: number;
}

/** An exact price and its double. */
interface Level {
  level: bigint;
  price: number;
}

/** Open, high, low and close of the mids since the last closed candle. */
export interface Mids {
  isSeen: boolean;
  open: number;
  high: number;
  low: number;
  close: number;
}

/** The candles of mids of a symbol as a series of its own: a minute without a quote is a gap in it. */
export interface MidLine {
  /** Of the last one; -Infinity before the first. */
  closeAt: number;
  /** Candles since the last gap. */
  sinceGap: number;
}

/** What is known of one symbol. */
export interface SymbolMarket {
  readonly symbol: string;
  readonly quote: Quote;
  readonly mids: Mids;
  /** Undefined where runs of mids hear candles of trades wherever there are no mids: those of files, and of older tapes. */
  midLine: MidLine | undefined;
  /** Bid and ask of their own are known: candles no longer make quotes. */
  streamed: boolean;
  readonly runs: RunMarket[];
  /** Half the modelled spread as a share of price: candles quote mid -/+ this. */
  halfSpread: number;
  /** A candle whose low is at or under `touchLow`, or whose high is at or over `touchHigh`, concerns something that rests. */
  touchLow: number;
  touchHigh: number;
  /** Something waits for the next price. */
  isPending: boolean;
  /** A position is held whose loss is looked at on every price. */
  isWatched: boolean;
  /** Candles since the last gap; entries may be blocked until a warm-up is whole again. */
  barsSinceGap: number;
  lastCloseAt: number;
  /** The nearest prices that an alert waits for. */
  alertLow: number;
  alertHigh: number;
}

/** Everything that can be rebuilt: quotes, candles, indicators. Never saved. */
export interface Market {
  readonly symbols: Map<string, SymbolMarket>;
  readonly list: SymbolMarket[];
  /** The one that was asked for last. */
  latest: SymbolMarket | undefined;
  /** By run number - 1. */
  readonly runs: RunMarket[];
  /** The alerts that the symbols know of. */
  alerts: readonly PriceAlert[] | undefined;
  readonly clock: ClockKnown;
}

/** Of an exchange: the venue's clock minus ours. */
export interface ClockKnown {
  /** Null where it is not sure, undefined where the feed has its own clock. */
  offsetMs: number | null | undefined;
  isOff: boolean;
  /** The last look changed that. */
  isTurned: boolean;
}

export const createMarket = (): Market => ({
  symbols: new Map(),
  list: [],
  latest: undefined,
  runs: [],
  alerts: undefined,
  clock: { offsetMs: undefined, isOff: false, isTurned: false },
});

/** The market of a symbol, made at its first mention. */
export function symbolMarket(market: Market, symbol: string): SymbolMarket {
  const { latest } = market;
  if (latest !== undefined && latest.symbol === symbol) return latest;
  const found = market.symbols.get(symbol) ?? createSymbol(market, symbol);
  market.latest = found;
  return found;
}

const noQuote = (): Quote => ({
  bid: Number.NaN,
  ask: Number.NaN,
  mid: Number.NaN,
  mark: Number.NaN,
  bidQty: Number.POSITIVE_INFINITY,
  askQty: Number.POSITIVE_INFINITY,
  source: 'replay',
  at: Number.NEGATIVE_INFINITY,
  markAt: Number.NEGATIVE_INFINITY,
  lagMs: 0,
});

/** Prices of a symbol are no longer told: those that were are of no use to whoever comes later. */
export function forgetPrices(symbol: SymbolMarket): void {
  Object.assign(symbol.quote, noQuote());
  symbol.mids.isSeen = false;
  symbol.midLine = undefined;
  symbol.streamed = false;
  symbol.barsSinceGap = Number.POSITIVE_INFINITY;
  symbol.lastCloseAt = Number.NEGATIVE_INFINITY;
}

function createSymbol(market: Market, symbol: string): SymbolMarket {
  const fresh: SymbolMarket = {
    symbol,
    quote: noQuote(),
    mids: { isSeen: false, open: NaN, high: NaN, low: NaN, close: NaN },
    midLine: undefined,
    streamed: false,
    runs: [],
    halfSpread: 0,
    touchLow: Number.NEGATIVE_INFINITY,
    touchHigh: Number.POSITIVE_INFINITY,
    isPending: false,
    isWatched: false,
    barsSinceGap: Number.POSITIVE_INFINITY,
    lastCloseAt: Number.NEGATIVE_INFINITY,
    alertLow: Number.NEGATIVE_INFINITY,
    alertHigh: Number.POSITIVE_INFINITY,
  };
  market.symbols.set(symbol, fresh);
  market.list.push(fresh);
  return fresh;
}

/** What a run was told; a parameter that its strategy got since then has its default. */
export function paramsOf({ params }: Run, definition: Definition): Params {
  const known: Record<string, number | string | boolean> = {};
  for (const [name, spec] of Object.entries(definition.params)) known[name] = spec.default;
  return { ...known, ...params };
}

/** Gives a run its strategy. `feedMs` is the time frame of the feed's candles. */
export function attachRun(market: Market, run: Run, definition: Definition, feedMs: number): RunMarket {
  const params = paramsOf(run, definition);
  const specs = definition.votes(params);
  const warmup = definition.warmup(params);
  const fresh: RunMarket = {
    run,
    definition,
    strategy: definition.create(params),
    opinion: createOpinion(definition, params),
    specs,
    weights: weightsOf(definition, params),
    verdict: createVerdict(),
    usesMid: analysesMids(params),
    confirmations: definition.confirmations(params),
    votesMin: votesMinOf(definition, params),
    barsNeeded: warmup.bars,
    higherNeeded: warmup.higherBars,
    own: run.timeframeMs === feedMs ? undefined : createAggregator(feedMs, run.timeframeMs),
    higher: run.higherMs === 0 ? undefined : createAggregator(feedMs, run.higherMs),
    bars: 0,
    higherBars: 0,
    streak: 0,
    streakAt: Number.NaN,
    closed: undefined,
    judged: new Float64Array(specs.length).fill(Number.POSITIVE_INFINITY),
    isTurned: true,
    calmSeq: -1,
    excursionFrom: Number.POSITIVE_INFINITY,
    high: Number.NaN,
    low: Number.NaN,
    markFrom: Number.POSITIVE_INFINITY,
    markHigh: Number.NaN,
    markLow: Number.NaN,
    positionSeq: 0,
    positionAt: 0,
    danger: Number.NaN,
    funding: NO_MONEY,
    funnel: { barsBefore: 0, candidates: 0, ready: 0, denied: 0, orders: 0 },
    below: { level: -1n, price: Number.NaN },
    above: { level: -1n, price: Number.NaN },
  };
  market.runs[run.run - 1] = fresh;
  const symbol = symbolMarket(market, run.symbol);
  symbol.runs.push(fresh);
  return fresh;
}

/** Has the run seen the history that its strategy asks for? */
export const isWarm = (run: RunMarket): boolean => run.bars >= run.barsNeeded && run.higherBars >= run.higherNeeded;

/** How many of its own candles a run has yet to see until it is warm. */
export function missingOf({ run, bars, barsNeeded, higherBars, higherNeeded }: RunMarket): number {
  const higher =
    higherNeeded > higherBars ? Math.ceil(((higherNeeded - higherBars) * run.higherMs) / run.timeframeMs) : 0;
  return Math.max(0, barsNeeded - bars, higher);
}

/** The double of a level, which is asked for again after each step. */
function priceOfLevel(known: Level, level: bigint): number {
  if (level !== known.level) {
    known.level = level;
    known.price = toNumber(level);
  }
  return known.price;
}

/**
 * Recomputes whether something waits for a price, whether a loss is watched, and which prices concern something that
 * rests: working triggers and limits, liquidation and alerts. A candle between the two is quiet for the venue.
 */
export function retouch(symbol: SymbolMarket): void {
  let low = symbol.alertLow;
  let high = symbol.alertHigh;
  symbol.isPending = false;
  symbol.isWatched = false;
  for (const held of symbol.runs) {
    const { run } = held;
    if (run.pending !== undefined) symbol.isPending = true;
    for (const order of run.orders) {
      if (order.status !== 'working' && order.status !== 'canceling') continue;
      const level = order.trigger ?? order.limit;
      if (level === undefined) continue;
      const below = (order.side === 'sell') === (order.type === 'stop');
      if (below) low = Math.max(low, priceOfLevel(held.below, level));
      else high = Math.min(high, priceOfLevel(held.above, level));
    }
    const { position } = run;
    if (position === undefined) continue;
    if (position.lossMax !== undefined || hasLossLimit(run.risk.limits)) symbol.isWatched = true;
    if (Number.isNaN(held.danger)) continue;
    if (position.sign === 1) low = Math.max(low, held.danger);
    else high = Math.min(high, held.danger);
  }
  symbol.touchLow = low;
  symbol.touchHigh = high;
}
