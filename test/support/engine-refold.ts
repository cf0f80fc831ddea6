import { expect } from 'vitest';
import { type AnyEntry, decode, encode } from '../../src/core/domain/entry.ts';
import { emptyState, restored, type State } from '../../src/core/domain/state.ts';
import { evolve } from '../../src/core/engine/evolve.ts';
import type { Scene } from './engine-scene.ts';

/** The state that a journal leads to when it is read back from text. */
export function refold(entries: readonly AnyEntry[]): State {
  const state = emptyState();
  for (const entry of entries) evolve(state, decode(encode(entry)));
  return state;
}

/** The same with a snapshot of the state taken after so many entries. */
export function refoldFrom(entries: readonly AnyEntry[], snapshotAfter: number): State {
  const state = restored(decode<State>(encode(refold(entries.slice(0, snapshotAfter)))));
  for (const entry of entries.slice(snapshotAfter)) evolve(state, decode(encode(entry)));
  return state;
}

/** The journal as text folds to the very text of the live state, whenever a snapshot was taken. */
export function expectRefolds({ engine, entries }: Pick<Scene, 'engine' | 'entries'>): void {
  const live = encode(engine.core.state);
  const texts = [encode(refold(entries))];
  for (let i = 1; i < entries.length; i++) texts.push(encode(refoldFrom(entries, i)));
  const other = texts.find((each) => each !== live) ?? live;
  let at = 0;
  while (at < live.length && other[at] === live[at]) at++;
  expect(other.slice(at, at + 80)).toBe(live.slice(at, at + 80));
}
