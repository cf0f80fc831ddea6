import { divide, type Money, ONE, type Price, priceOf, ratio, times, toNumber } from '../base/decimal.ts';
import type { Account } from '../domain/account.ts';
import type { MarketFrame } from '../domain/frame.ts';
import { marginOf } from '../domain/margin.ts';
import type { Order } from '../domain/order.ts';
import type { Position } from '../domain/position.ts';
import type { Run } from '../domain/run.ts';
import { breakEvenOf } from '../risk/exits.ts';
import { liquidationPrice } from '../risk/margin.ts';

/** An open position with what follows from the prices of this instant. What needs an unknown price is null. */
export interface Holding {
  readonly position: Position;
  /** `cost / qty`, to the last digit. */
  readonly entry: Price;
  readonly mark: number | null;
  /** Way of the mark from the entry, in favour of the position above zero, as a share. */
  readonly move: number | null;
  /** Before costs, at the mark, partial closes included. */
  readonly gross: Money | null;
  /** If it were closed at market now: what is left after fees paid, funding, spread, slippage and the exit fee. */
  readonly net: Money | null;
  readonly costs: Money | null;
  /** Net in units of the planned risk; null without one. */
  readonly r: number | null;
  readonly breakEven: Price;
  readonly stop: Guard | undefined;
  readonly target: Guard | undefined;
  readonly lossRests: boolean;
  /** Net once the stop that rests has filled at its trigger, and how much that is away from net now. */
  readonly netAtStop: Money | null;
  readonly toStop: Money | null;
  readonly notional: Money | null;
  readonly margin: Money;
  readonly liquidation: Price | undefined;
  readonly liquidationWay: number | null;
}

/** A price that ends the position: where it is from the mark (from the entry without one), and the order that rests. */
export interface Guard {
  readonly price: Price;
  readonly way: number;
  readonly order: Order | undefined;
}

/** A position at the prices of its market; undefined where the run is flat. */
export function holdingOf(
  run: Run,
  account: Account | undefined,
  market: MarketFrame | undefined,
): Holding | undefined {
  const { position, instrument } = run;
  if (position === undefined) return undefined;
  const entry = divide(position.cost * ONE, position.qty, 'down') as Price;
  const mark = market?.mark ?? market?.mid ?? null;
  const gross = mark === null ? null : grossAt(position, priceOf(mark));
  const net = netNow(position, account, market, mark);
  const margin = marginOf(run, position);
  const liquidation = instrument.kind === 'spot' ? undefined : liquidationOf(run, position, margin);
  const from = mark ?? toNumber(entry);
  const stop = guardOf(run, 'stop', position.stopPrice, from);
  const netAtStop = stop === undefined ? null : closedAt(position, stop.price, account, true);
  return {
    position,
    entry,
    mark,
    move: mark === null ? null : position.sign * way(toNumber(entry), mark),
    gross,
    net,
    costs: net === null || gross === null ? null : ((net - gross) as Money),
    r: net === null || position.risk === 0n ? null : Number(ratio(net, position.risk, 'down')) / 1e18,
    breakEven: breakEvenOf(position, account?.costs.takerRate ?? instrument.takerRate, instrument.tick),
    stop,
    target: guardOf(run, 'target', position.targetPrice, from),
    lossRests: run.orders.some((order) => order.role === 'stop' && order.reason === 'max_loss'),
    netAtStop,
    toStop: netAtStop === null || net === null ? null : ((netAtStop - net) as Money),
    notional: mark === null ? null : (times(position.qty, priceOf(mark), 'down') as Money),
    margin,
    liquidation,
    liquidationWay: liquidation === undefined ? null : way(from, toNumber(liquidation)),
  };
}

const way = (from: number, to: number): number => to / from - 1;

/** The order that rests tells the price: a stop stands at the nearer of stop loss and max loss. */
function guardOf(run: Run, role: 'stop' | 'target', planned: Price | undefined, from: number): Guard | undefined {
  const order = run.orders.find((each) => each.role === role && each.trigger !== undefined);
  const price = order?.trigger ?? planned;
  return price === undefined ? undefined : { price, way: way(from, toNumber(price)), order };
}

function grossAt({ sign, qty, cost, gross }: Position, price: Price): Money {
  const value = times(qty, price, 'down');
  return (gross + (sign === 1 ? value - cost : cost - value)) as Money;
}

/** A market exit fills at the touch, less what the venue is expected to slip. */
function netNow(
  position: Position,
  account: Account | undefined,
  market: MarketFrame | undefined,
  mark: number | null,
): Money | null {
  const touch = (position.sign === 1 ? market?.bid : market?.ask) ?? mark;
  return touch === null ? null : closedAt(position, priceOf(touch), account, false);
}

/** Net of the whole trade if the rest fills from a price: slippage, half the spread of a trigger, exit fee. */
function closedAt(position: Position, from: Price, account: Account | undefined, isTrigger: boolean): Money {
  const { sign, qty } = position;
  const costs = account?.costs;
  const slip = (costs?.slippage ?? 0n) + (isTrigger ? (costs?.spread ?? 0n) / 2n : 0n);
  const fill = times(from, sign === 1 ? ONE - slip : ONE + slip, 'down') as Price;
  const fee = times(times(qty, fill, 'up'), costs?.takerRate ?? 0n, 'up');
  return (grossAt(position, fill) - position.fees + position.funding - fee) as Money;
}

function liquidationOf({ instrument }: Run, { sign, qty, cost }: Position, margin: Money): Price | undefined {
  return liquidationPrice({ sign, qty, cost, margin, tiers: instrument.tiers });
}

/** Funding of the next settlement at the present rate and mark: received above zero. Null where it is not known. */
export function nextFunding({ sign, qty }: Position, market: MarketFrame | undefined): Money | null {
  const { fundingRate, mark } = market ?? {};
  if (fundingRate === null || fundingRate === undefined || mark === null || mark === undefined) return null;
  const rate = priceOf(Math.abs(fundingRate));
  const size = times(times(qty, priceOf(mark), 'up'), rate, 'up');
  return (fundingRate > 0 === (sign === 1) ? -size : size) as Money;
}

/** Share of a whole as a number; null where there is no whole. */
export const shareOf = (part: bigint, whole: bigint): number | null =>
  whole <= 0n ? null : Number(divide(part * ONE, whole, 'down')) / 1e18;
