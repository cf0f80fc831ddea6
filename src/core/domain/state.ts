import type { Account } from './account.ts';
import type { Alarm, AwaitedPrice } from './alert.ts';
import { inOrder, type Run } from './run.ts';

/** The shape of what must survive and what entries make of it, written with every snapshot. */
export const STATE_VERSION = 6;
/** Snapshots of shapes before this one can no longer be read. */
export const STATE_VERSION_MIN = 3;

/** A price that somebody waits for. It speaks once. */
export interface PriceAlert extends AwaitedPrice {
  /** The instant at which it was added. */
  readonly at: number;
}

/**
 * What must survive: the fold of the journal, written by `evolve` alone. Plain objects and arrays only, so that it is
 * hashed, stored and compared as text.
 */
export interface State {
  seq: number;
  /** The instant of the last entry. */
  at: number;
  epoch: number;
  accounts: Account[];
  runs: Run[];
  /** The profile's own, all three from the first alert or option on. */
  alerts?: readonly PriceAlert[] | undefined;
  alertsMade?: number | undefined;
  options?: Readonly<Record<string, string>> | undefined;
  /** From the first alert on, or from the first that was heard of a feed. */
  alarm?: Alarm | undefined;
}

export const emptyState = (): State => ({ seq: 0, at: 0, epoch: 0, accounts: [], runs: [] });

/** A state that was read from text as its fold had made it: what is folded onto it then gives equal texts. */
export const restored = (state: State): State => ({ ...state, runs: state.runs.map(inOrder) });

export function accountOf(state: State, name: string): Account | undefined {
  for (const account of state.accounts) if (account.account === name) return account;
  return undefined;
}

/** Does any run of an account hold a position? */
export function holdsPosition({ runs }: State, account: string): boolean {
  for (const run of runs) if (run.account === account && run.position !== undefined) return true;
  return false;
}
