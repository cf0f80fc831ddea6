import { divide, type Money, NO_MONEY, ONE, type Price, toStep } from '../base/decimal.ts';
import type { Order } from '../domain/order.ts';
import type { Position } from '../domain/position.ts';
import type { Run } from '../domain/run.ts';
import type { Costs } from '../domain/settings.ts';
import { accountOf, type State } from '../domain/state.ts';
import { lossPriceOf, protectivePriceOf } from './exits.ts';
import { lossPerUnit, stopFillOf } from './sizing.ts';
import { exitSlippage } from './terms.ts';

/** The average price of what is held, rounded down. */
export const averageOf = ({ cost, qty }: Position): Price => ((cost * ONE) / qty) as Price;

/** Heat: what the open positions and the entries that may still fill would lose at their stops. */
export function heatOf(state: State, account: string): Money {
  const costs = accountOf(state, account)?.costs;
  let heat = 0n;
  for (const run of state.runs) {
    if (run.account !== account) continue;
    if (run.position !== undefined && costs !== undefined) heat += heatOfPosition(run, run.position, costs);
    for (const order of run.orders) if (order.role === 'entry') heat += riskLeft(order);
  }
  return heat as Money;
}

/** What a position as it is now would lose at the stop where it stands now; what was planned, where it has none. */
export function heatOfPosition(run: Run, position: Position, costs: Costs): Money {
  const trigger = protectivePriceOf(position.sign, position.stopPrice, lossTriggerOf(run, position, costs));
  return trigger === undefined ? position.risk : lossAtStop(run, position, trigger, costs);
}

/** Where the maximum loss of a position is reached, undefined where it has none. On spot what is under a step is lost. */
export function lossTriggerOf({ instrument }: Run, position: Position, costs: Costs): Price | undefined {
  if (position.lossMax === undefined) return undefined;
  const { kind, step, tick } = instrument;
  const terms = { feeOut: costs.takerRate, slippage: exitSlippage(costs) };
  const sold = kind === 'spot' ? toStep(position.qty, step, 'down') : position.qty;
  const held = sold === position.qty || sold === 0n ? position : { ...position, qty: sold };
  return lossPriceOf(held, position.lossMax, terms, tick);
}

/** What a position would lose at a stop, costs of both legs included; 0 where the stop locks a profit in. */
export function lossAtStop(run: Run, position: Position, trigger: Price, costs: Costs): Money {
  const entry = averageOf(position);
  const exit = stopFillOf(position.sign, trigger, exitSlippage(costs), run.instrument.tick);
  if (position.sign === 1 ? exit >= entry : exit <= entry) return NO_MONEY;
  const perUnit = lossPerUnit({ entry, exit, feeIn: costs.takerRate, feeOut: costs.takerRate });
  return divide(perUnit * position.qty, ONE, 'up') as Money;
}

function riskLeft({ qty, filled, size }: Order): bigint {
  if (size === undefined) return 0n;
  return filled === 0n ? size.risk : divide(size.risk * (qty - filled), qty, 'up');
}
