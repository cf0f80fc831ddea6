import type { Entry } from '../domain/entry.ts';
import type { Kind } from '../domain/events.ts';
import type { State } from '../domain/state.ts';
import { ACCOUNT_FOLDS } from './fold/account.ts';
import { broken, type Fold, type Folds } from './fold/lookup.ts';
import { ORDER_FOLDS } from './fold/order.ts';
import { POSITION_FOLDS } from './fold/position.ts';
import { RUN_FOLDS } from './fold/run.ts';

const FOLDS: Folds = { ...ORDER_FOLDS, ...POSITION_FOLDS, ...RUN_FOLDS, ...ACCOUNT_FOLDS };

/**
 * The only writer of what must survive: assigns what an entry says and computes nothing that a formula could change.
 * @throws {InvariantError} where an entry speaks of a run, an order or a position that is not there.
 */
export function evolve(state: State, entry: Entry): void {
  if (entry.seq !== state.seq + 1) throw broken(`entries follow each other, ${entry.seq} came after ${state.seq}`);
  state.seq = entry.seq;
  state.at = entry.at;
  const fold = FOLDS[entry.kind] as Fold<Kind> | undefined;
  if (fold !== undefined) fold(state, entry, entry.body);
}
