import { InvariantError } from '../../base/assert.ts';
import type { Account } from '../../domain/account.ts';
import type { Entry } from '../../domain/entry.ts';
import type { Bodies, Kind } from '../../domain/events.ts';
import type { Order } from '../../domain/order.ts';
import type { Position } from '../../domain/position.ts';
import type { Run } from '../../domain/run.ts';
import { accountOf, type State } from '../../domain/state.ts';

/** How an entry of one kind changes what survives. */
export type Fold<K extends Kind> = (state: State, entry: Entry<K>, body: Bodies[K]) => void;
/** A kind that no table holds changes nothing that survives: it is a fact for people. */
export type Folds = { readonly [K in Kind]?: Fold<K> };

/** Built only when it is thrown: messages cost more than the checks. */
export const broken = (promise: string): InvariantError => new InvariantError(`Invariant: ${promise}`);

export function runOf(state: State, entry: Entry): Run {
  const run = state.runs[entry.run - 1];
  if (run === undefined) throw broken(`${entry.kind} names a run that was started, found ${entry.run}`);
  return run;
}

export function accountAt(state: State, entry: Entry): Account {
  const account = accountOf(state, entry.account);
  if (account === undefined) throw broken(`${entry.kind} names an open account, found "${entry.account}"`);
  return account;
}

export function positionOf(run: Run): Position {
  if (run.position === undefined) throw broken(`run ${run.run} holds a position`);
  return run.position;
}

export function findOrder(run: Run, order: number): Order | undefined {
  for (const candidate of run.orders) if (candidate.order === order) return candidate;
  return undefined;
}

export function orderOf(run: Run, order: number): Order {
  const found = findOrder(run, order);
  if (found === undefined) throw broken(`order ${order} of run ${run.run} is still alive`);
  return found;
}

export function removeOrder(run: Run, order: number): void {
  const { orders } = run;
  let kept = 0;
  for (const candidate of orders) if (candidate.order !== order) orders[kept++] = candidate;
  if (kept < orders.length) orders.pop();
}
