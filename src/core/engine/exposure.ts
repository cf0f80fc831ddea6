import { larger, type Money, NO_MONEY, type Price } from '../base/decimal.ts';
import type { Account } from '../domain/account.ts';
import { marginHeld, marginOf, marginOfOrder } from '../domain/margin.ts';
import type { Order } from '../domain/order.ts';
import type { Run } from '../domain/run.ts';
import type { State } from '../domain/state.ts';
import { heatOf } from '../risk/heat.ts';
import { liquidationPrice } from '../risk/margin.ts';
import { takenByRest } from '../risk/size.ts';
import type { Core } from './core.ts';

/** What the account has at stake: positions, and entries on their way, unknown ones among them. */
export interface Exposure {
  readonly reserved: Money;
  readonly reservedRun: Money;
  /** What entries on their way may take beyond their margin. */
  readonly pledged: Money;
  readonly heat: Money;
  readonly positions: number;
}

const NONE: Exposure = { reserved: NO_MONEY, reservedRun: NO_MONEY, pledged: NO_MONEY, heat: NO_MONEY, positions: 0 };

/** Margin that positions and live entries hold, the loss to their stops, and how many there are. */
export function exposureOf(core: Core, account: Account, run: Run): Exposure {
  let reserved = 0n;
  let reservedRun = 0n;
  let pledged = 0n;
  let positions = 0;
  for (const other of core.state.runs) {
    if (other.account !== account.account) continue;
    const margin = marginHeld(other);
    if (margin === 0n && other.position === undefined) continue;
    positions++;
    reserved += margin;
    pledged += pledgedBy(other, account);
    if (other === run) reservedRun += margin;
  }
  if (positions === 0) return NONE;
  return {
    reserved: reserved as Money,
    reservedRun: reservedRun as Money,
    pledged: pledged as Money,
    heat: heatOf(core.state, account.account),
    positions,
  };
}

/** What a fill may take of the balance beyond the margin of its order: the price may be worse, and there is a fee. */
function pledgedBy(run: Run, { costs }: Account): bigint {
  let pledged = 0n;
  for (const order of run.orders) {
    const margin = marginOfOrder(order);
    if (margin > 0n) pledged += larger(takenByRest(run, order, costs) - margin, 0n);
  }
  return pledged;
}

/** The margin that an account binds: positions, and entries on their way. */
export function reservedOf(core: Core, account: string): Money {
  let margin = 0n;
  for (const run of core.state.runs) if (run.account === account) margin += marginHeld(run);
  return margin as Money;
}

/** The balance that nothing binds: no position, and no entry on its way at its worst. `except`: an order that is left out. */
export function freeFor(state: State, account: Account, except?: Order): Money {
  let free: bigint = account.balance;
  for (const run of state.runs) {
    if (run.account !== account.account) continue;
    const held = except !== undefined && run.orders.includes(except) ? without(run, except) : run;
    free -= marginHeld(held) + pledgedBy(held, account);
  }
  return free as Money;
}

const without = (run: Run, order: Order): Run => ({ ...run, orders: run.orders.filter((each) => each !== order) });

/** The liquidation price of a run's isolated position. */
export function liquidationOf(run: Run): Price | undefined {
  const { position, instrument } = run;
  if (position === undefined || instrument.kind === 'spot') return undefined;
  const { sign, qty, cost } = position;
  return liquidationPrice({ sign, qty, cost, margin: marginOf(run, position), tiers: instrument.tiers });
}

/** What the simulated venue takes from risk. */
export const riskModels = { liquidationOf, freeFor };
