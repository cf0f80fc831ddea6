import { hash } from 'node:crypto';
import type { Link } from './chain.ts';

/** A snapshot as it is stored. */
export interface Stored {
  readonly seq: number;
  readonly stateVersion: number;
  readonly hash: string;
  readonly state: string;
}

/** A state that was folded from the entries up to `seq`. */
export interface Snapshot {
  readonly seq: number;
  readonly stateVersion: number;
  /** As it was saved, exact values as bigints. */
  readonly state: unknown;
}

/** SHA-256 over the last entry's hash and the state: a snapshot of another history is not valid here. */
export function snapshotHash(at: Link, stateVersion: number, state: string): string {
  return hash('sha256', `${at.hash}|${at.seq}|${stateVersion}|${state}`, 'hex');
}
