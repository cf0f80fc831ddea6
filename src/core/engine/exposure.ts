import { divide, type Money, NO_MONEY, ONE, type Price } from '../base/decimal.ts';
import type { Account } from '../domain/account.ts';
import { leverageOf, type Run } from '../domain/run.ts';
import { heatOf } from '../risk/heat.ts';
import { liquidationPrice } from '../risk/margin.ts';
import type { Core } from './core.ts';

/** What the account has at stake: positions, and entries on their way, unknown ones among them. */
export interface Exposure {
  readonly reserved: Money;
  readonly reservedRun: Money;
  readonly heat: Money;
  readonly positions: number;
}

const NONE: Exposure = { reserved: NO_MONEY, reservedRun: NO_MONEY, heat: NO_MONEY, positions: 0 };

/** Margin that positions and live entries hold, the loss to their stops, and how many there are. */
export function exposureOf(core: Core, account: Account, run: Run): Exposure {
  let reserved = 0n;
  let reservedRun = 0n;
  let positions = 0;
  for (const other of core.state.runs) {
    if (other.account !== account.account) continue;
    const margin = marginHeld(other);
    if (margin === 0n && other.position === undefined) continue;
    positions++;
    reserved += margin;
    if (other === run) reservedRun += margin;
  }
  if (positions === 0) return NONE;
  return {
    reserved: reserved as Money,
    reservedRun: reservedRun as Money,
    heat: heatOf(core.state, account.account),
    positions,
  };
}

/** Initial margin of the position at its cost, plus that of entries that may still fill. */
export function marginHeld(run: Run): bigint {
  let margin = 0n;
  const { position } = run;
  if (position !== undefined) {
    const leverage = run.instrument.kind === 'spot' ? ONE : leverageOf(run);
    margin = divide(position.cost * ONE, leverage, 'up');
  }
  for (const order of run.orders) {
    if (order.reduceOnly || order.size === undefined) continue;
    margin += share(order.size.margin, order.qty - order.filled, order.qty);
  }
  return margin;
}

/** The part of an amount that belongs to a part of a quantity, rounded up. */
export function share(amount: bigint, part: bigint, whole: bigint): bigint {
  return part === whole ? amount : divide(amount * part, whole, 'up');
}

/** The margin that an account binds: positions, and entries on their way. */
export function reservedOf(core: Core, account: string): Money {
  let margin = 0n;
  for (const run of core.state.runs) if (run.account === account) margin += marginHeld(run);
  return margin as Money;
}

/** The liquidation price of a run's isolated position: what the simulated venue takes from risk. */
export function liquidationOf(run: Run): Price | undefined {
  const { position, instrument } = run;
  if (position === undefined || instrument.kind === 'spot') return undefined;
  const { sign, qty, cost } = position;
  const margin = divide(cost * ONE, leverageOf(run), 'up') as Money;
  return liquidationPrice({ sign, qty, cost, margin, tiers: instrument.tiers });
}
