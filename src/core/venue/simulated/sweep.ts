import { type Money, notional, type Price, priceOf, type Qty, toNumber } from '../../base/decimal.ts';
import type { Account } from '../../domain/account.ts';
import type { FillReport, RangeInput, Report } from '../../domain/input.ts';
import { dangerOf, marginOf } from '../../domain/margin.ts';
import { type Order, opposite, signOf } from '../../domain/order.ts';
import type { Run } from '../../domain/run.ts';
import type { Costs } from '../../domain/settings.ts';
import { accountOf, type State } from '../../domain/state.ts';
import { consume, hasBook, walk } from './depth.ts';
import { fillable, fillReport, rests, takeSize } from './fills.ts';
import { feeOf, slippedPrice, takenAt, takerPrice } from './prices.ts';
import type { Queues } from './queue.ts';
import type { Touch } from './touch.ts';

/** What the venue takes from risk's formulas. */
export interface Models {
  /** The liquidation price of a run's isolated position, undefined for none. */
  readonly liquidationOf: (run: Run) => Price | undefined;
  /** The balance that is free for an order: what positions and other orders do not bind. */
  readonly freeFor: (state: State, account: Account, order: Order) => Money;
}

/**
 * What a candle's reach does to what rests, one report at a time: the stop first, or the liquidation where that lies
 * nearer or the candle opens beyond it, then targets and limits. A gap fills at the open; a target is a trigger; a resting
 * limit needs a price beyond it. What happened inside the candle is told at its close.
 */
export function sweepRange(state: State, range: RangeInput, models: Models, now: number): Report | undefined {
  for (const run of state.runs) {
    if (run.symbol !== range.symbol) continue;
    const costs = accountOf(state, run.account)?.costs;
    if (costs === undefined) continue;
    const stop = triggered(run, range, 'stop', costs, now);
    const taken = liquidationIn(run, models, range.low, range.high);
    const isGap = taken !== undefined && isBeyond(run, taken, range.open) && (run.position?.openedAt ?? 0) < range.at;
    if (taken !== undefined && (stop === undefined || isNearer(run, taken, stop) || isGap))
      return liquidate(run, taken, isGap ? { ...range, at: openAtOf(range) } : range, now);
    if (stop !== undefined) return triggerFill(run, stop, range, costs, now);
    const target = triggered(run, range, 'target', costs, now);
    if (target !== undefined) return triggerFill(run, target, range, costs, now);
    const limit = passedLimit(run, range, costs, now);
    if (limit !== undefined) return limitFill(run, limit, range, costs, now);
  }
  return undefined;
}

/** A gap is filled as the candle opens, though it is told at its close. */
const openAtOf = ({ openAt, at }: RangeInput): number => openAt ?? at;

function triggered(run: Run, range: RangeInput, type: 'stop' | 'target', costs: Costs, now: number): Order | undefined {
  for (const order of run.orders) {
    if (order.type !== type || !rests(order, costs, now) || order.trigger === undefined) continue;
    if (fillable(run, order) === 0n) continue;
    // The reach that it wants may lie before its entry; a stop lies behind the limit that filled.
    if (type === 'target' && isOfItsClose(order, range)) continue;
    const trigger = toNumber(order.trigger);
    const isBelow = (order.side === 'sell') === (type === 'stop');
    if (isBelow ? range.low <= trigger : range.high >= trigger) return order;
  }
  return undefined;
}

/** A limit that filled inside the candle is told at its close, and so is what protects its position: it saw no open. */
const isOfItsClose = (order: Order, range: RangeInput): boolean => order.intendedAt >= range.at;

function triggerFill(run: Run, order: Order, range: RangeInput, costs: Costs, now: number): FillReport {
  const trigger = order.trigger as Price;
  const isBelow = (order.side === 'sell') === (order.type === 'stop');
  const open = priceOf(range.open);
  const isGap = (isBelow ? open < trigger : open > trigger) && !isOfItsClose(order, range);
  const price = takerPrice(isGap ? open : trigger, signOf(order.side), costs, run.instrument.tick);
  const seen = isGap ? range.open : isBelow ? range.low : range.high;
  const fill = fillable(run, order);
  const venueAt = isGap ? openAtOf(range) : range.at;
  return fillReport({ run, order, price, fill, liquidity: 'taker', model: 'T0', now, venueAt, seen }, costs);
}

/** Touching a limit fills nothing: the price has to go beyond it. */
function passedLimit(run: Run, range: RangeInput, costs: Costs, now: number): Order | undefined {
  for (const order of run.orders) {
    if (order.type !== 'limit' || !rests(order, costs, now) || order.limit === undefined) continue;
    const limit = toNumber(order.limit);
    if (fillable(run, order) > 0n && (order.side === 'buy' ? range.low < limit : range.high > limit)) return order;
  }
  return undefined;
}

function limitFill(run: Run, order: Order, range: RangeInput, costs: Costs, now: number): FillReport {
  const price = order.limit as Price;
  const fill = fillable(run, order);
  return fillReport({ run, order, price, fill, liquidity: 'maker', model: 'T0', now, venueAt: range.at }, costs);
}

/** The liquidation price, where the reach of the mark goes to it. */
function liquidationIn(run: Run, models: Models, low: number, high: number): Price | undefined {
  const { position } = run;
  if (position === undefined || run.instrument.kind === 'spot') return undefined;
  const danger = dangerOf(run, position);
  if (position.sign === 1 ? low > danger : high < danger) return undefined;
  const price = models.liquidationOf(run);
  if (price === undefined) return undefined;
  return (position.sign === 1 ? low <= toNumber(price) : high >= toNumber(price)) ? price : undefined;
}

function isNearer(run: Run, liquidation: Price, stop: Order): boolean {
  const trigger = stop.trigger as Price;
  return run.position?.sign === 1 ? liquidation > trigger : liquidation < trigger;
}

/** Is a price at the liquidation price or beyond it? An isolated position loses no more than its margin in any gap. */
const isBeyond = ({ position }: Run, liquidation: Price, price: number): boolean =>
  position?.sign === 1 ? price <= toNumber(liquidation) : price >= toNumber(liquidation);

/** The liquidation of a run's position, where the mark of a touch asks for it: no order comes before that. */
export function liquidated(run: Run, touch: Touch, models: Models, now: number): FillReport | undefined {
  const mark = Number.isNaN(touch.mark) ? (touch.bid + touch.ask) / 2 : touch.mark;
  const taken = liquidationIn(run, models, mark, mark);
  return taken === undefined ? undefined : liquidate(run, taken, { low: mark, high: mark, at: now }, now);
}

/**
 * An exit that would fill at a touch where all of the margin is lost, while the mark has not come there: the venue takes
 * the position instead, which loses no more than its margin. A touch alone, without an exit that meets it, takes nothing.
 */
export function overrun(run: Run, touch: Touch, models: Models, costs: Costs, now: number): FillReport | undefined {
  const { position, instrument } = run;
  if (!touch.streamed || position === undefined || instrument.kind === 'spot') return undefined;
  const { sign, qty, cost } = position;
  const seen = sign === 1 ? touch.bid : touch.ask;
  if (!(seen > 0)) return undefined;
  const price = slippedPrice(priceOf(seen), opposite(sign), costs, instrument.tick);
  const value = notional(price, qty);
  const loss = (sign === 1 ? cost - value : value - cost) + feeOf(price, qty, costs.takerRate, instrument);
  if (loss <= marginOf(run, position)) return undefined;
  const liquidation = models.liquidationOf(run);
  return liquidation === undefined ? undefined : liquidate(run, liquidation, { low: seen, high: seen, at: now }, now);
}

/** The venue takes the position: the isolated margin is lost. */
function liquidate(
  run: Run,
  liquidation: Price,
  range: { low: number; high: number; at: number },
  now: number,
): FillReport {
  const position = run.position as NonNullable<Run['position']>;
  return {
    kind: 'report',
    type: 'filled',
    at: now,
    run: run.run,
    order: 0,
    fill: position.qty,
    ...takenAt(position, marginOf(run, position), run.instrument),
    liquidity: 'taker',
    model: 'L',
    trade: `liquidation.${run.trades + 1}`,
    venueAt: range.at,
    seen: position.sign === 1 ? range.low : range.high,
    liquidation,
  };
}

/** What a fresh quote or mark does to what rests (T1): triggers on the touch, sizes as far as the touch goes. */
export function sweepQuote(
  state: State,
  symbol: string,
  touch: Touch,
  models: Models,
  now: number,
): Report | undefined {
  for (const run of state.runs) {
    if (run.symbol !== symbol) continue;
    const costs = accountOf(state, run.account)?.costs;
    if (costs === undefined) continue;
    const taken = liquidated(run, touch, models, now);
    if (taken !== undefined) return taken;
    for (const order of run.orders) {
      if (!rests(order, costs, now)) continue;
      const leaves = order.reduceOnly && isMet(order, sideOf(touch, order)) && fillable(run, order) > 0n;
      const lost = leaves ? overrun(run, touch, models, costs, now) : undefined;
      const report = lost ?? meet(run, order, touch, costs, now);
      if (report !== undefined) return report;
    }
  }
  return undefined;
}

/** What trades of others do to limits that rest in a queue (T2), one report at a time. */
export function sweepTrades(state: State, symbol: string, queues: Queues, now: number): Report | undefined {
  for (const run of state.runs) {
    if (run.symbol !== symbol) continue;
    const costs = accountOf(state, run.account)?.costs;
    if (costs === undefined) continue;
    for (const order of run.orders) {
      const fill = rests(order, costs, now) ? queues.take(run, order) : (0n as Qty);
      if (fill <= 0n) continue;
      const price = order.limit as Price;
      return fillReport({ run, order, price, fill, liquidity: 'maker', model: 'T2', now, venueAt: now }, costs);
    }
  }
  return undefined;
}

const sideOf = ({ bid, ask }: Touch, { side }: Order): number => (side === 'buy' ? ask : bid);

function meet(run: Run, order: Order, touch: Touch, costs: Costs, now: number): FillReport | undefined {
  const sign = signOf(order.side);
  const side = sideOf(touch, order);
  if (!(side > 0) || !isMet(order, side)) return undefined;
  const wanted = fillable(run, order);
  if (wanted <= 0n) return undefined;
  const isMaker = order.type === 'limit';
  if (!isMaker && hasBook(touch)) return meetDepth(run, order, touch, costs, now);
  const fill = takeSize(touch, order, wanted, run.instrument.step);
  if (fill <= 0n) return undefined;
  const price = isMaker ? (order.limit as Price) : slippedPrice(priceOf(side), sign, costs, run.instrument.tick);
  const liquidity = isMaker ? 'maker' : 'taker';
  const seen = order.trigger === undefined ? undefined : side;
  return fillReport({ run, order, price, fill, liquidity, model: 'T1', now, venueAt: now, seen }, costs);
}

/** A trigger that went off, or the rest of an exit, takes what the book has (T2). */
function meetDepth(run: Run, order: Order, touch: Touch, costs: Costs, now: number): FillReport | undefined {
  const seen = order.trigger === undefined ? undefined : sideOf(touch, order);
  const { tick, step } = run.instrument;
  const walked = walk(touch, order, fillable(run, order), tick, step);
  if (walked === undefined) return undefined;
  consume(walked);
  const { fill, price } = walked;
  return fillReport({ run, order, fill, price, liquidity: 'taker', model: 'T2', now, venueAt: now, seen }, costs);
}

function isMet(order: Order, price: number): boolean {
  const level = order.trigger ?? order.limit;
  if (order.type === 'market') return true;
  if (level === undefined) return false;
  const at = toNumber(level);
  if (order.type === 'limit') return order.side === 'buy' ? price < at : price > at;
  // What a trigger has set off goes on.
  if (order.filled > 0n) return true;
  return (order.side === 'sell') === (order.type === 'stop') ? price <= at : price >= at;
}
