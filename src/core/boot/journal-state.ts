import { type Refusal, refusal } from '../command/refusal.ts';
import { emptyState, restored, type State } from '../domain/state.ts';
import { evolve } from '../engine/evolve.ts';
import type { StoredJournal } from '../journal/stored.ts';
import type { Refold } from '../journal/verify.ts';

/** How the engine's state is folded, wherever a journal is read: at a start, in a replay, to verify it. */
export const REFOLD: Refold<State> = { empty: emptyState, restored, fold: evolve };

/** The state that a journal tells of an entry, or of its last: the newest snapshot and what follows. */
export function foldJournal(
  journal: Pick<StoredJournal, 'start' | 'lastSeq' | 'latestSnapshot' | 'entries'>,
  toSeq = journal.lastSeq,
): State | Refusal {
  const stored = journal.latestSnapshot(toSeq)?.state as State | undefined;
  const state = stored === undefined ? emptyState() : restored(stored);
  if (state.seq < journal.start.seq) return prunedRefusal(journal.start.seq + 1, toSeq);
  for (const entry of journal.entries({ fromSeq: state.seq + 1, toSeq })) evolve(state, entry);
  return state;
}

/** A state is the fold of all that happened, or of what came after a snapshot. */
export const prunedRefusal = (firstSeq: number, toSeq: number): Refusal =>
  refusal(
    3,
    'JOURNAL_PRUNED',
    `all entries up to #${toSeq}, or a snapshot among them that this version reads`,
    `a journal that begins with #${firstSeq}`,
    'copy the files that were pruned back from the folder of their backup',
  );
