import type { Entry } from '../domain/entry.ts';
import type { Kind } from '../domain/events.ts';
import type { State } from '../domain/state.ts';
import { ACCOUNT_FOLDS } from './fold/account.ts';
import { ALARM_FOLDS } from './fold/alarm.ts';
import { broken, type Fold, type Folds } from './fold/lookup.ts';
import { ORDER_FOLDS } from './fold/order.ts';
import { POSITION_FOLDS } from './fold/position.ts';
import { PROFILE_FOLDS } from './fold/profile.ts';
import { RUN_FOLDS } from './fold/run.ts';

const TABLE: Folds = {
  ...ORDER_FOLDS,
  ...POSITION_FOLDS,
  ...RUN_FOLDS,
  ...ACCOUNT_FOLDS,
  ...PROFILE_FOLDS,
  ...ALARM_FOLDS,
};
// A map: the lookup by a word that is not known beforehand costs less than in an object of forty keys.
const FOLDS = new Map(Object.entries(TABLE)) as ReadonlyMap<string, Fold<Kind>>;

/**
 * The only writer of what must survive: assigns what an entry says and computes nothing that a formula could change.
 * @throws {InvariantError} where an entry speaks of a run, an order or a position that is not there.
 */
export function evolve(state: State, entry: Entry): void {
  if (entry.seq !== state.seq + 1) throw broken(`entries follow each other, ${entry.seq} came after ${state.seq}`);
  state.seq = entry.seq;
  state.at = entry.at;
  const fold = FOLDS.get(entry.kind);
  if (fold !== undefined) fold(state, entry, entry.body);
}
