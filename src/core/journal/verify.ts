import { finish, type Steps } from '../base/steps.ts';
import { type AnyEntry, decode, type Entry } from '../domain/entry.ts';
import { STATE_VERSION } from '../domain/state.ts';
import { endFlaw, type Flaw, type Link, rowFlaw } from './chain.ts';
import { Digest, type RunDigest } from './digest.ts';
import { JournalError } from './error.ts';
import { checkMark, missingOf } from './opening.ts';
import { entryOf, jsonText, type Row } from './row.ts';
import type { Segment } from './segment.ts';
import { type Stored, snapshotHash } from './snapshot.ts';
import { readJournal } from './sqlite.ts';
import type { StoredJournal } from './stored.ts';

/** How a state is folded again, to compare it with the snapshots. */
export interface Refold<S> {
  readonly empty: () => S;
  /** A state that was read from a snapshot as the fold had made it: its keys in one order. */
  readonly restored: (stored: S) => S;
  /** Changes `state` in place. */
  readonly fold: (state: S, entry: AnyEntry) => void;
  readonly stateVersion?: number | undefined;
}

export interface Sound {
  readonly ok: true;
  /** Rows that were read, from `fromSeq` to the end. */
  readonly entries: number;
  readonly fromSeq: number;
  readonly hash: string;
  /** Snapshots that equal the refold; those of another state version are only held against their hash. */
  readonly snapshots: number;
  /** Of runs that started within what is left of the journal. */
  readonly digests: ReadonlyMap<number, RunDigest>;
}

export type Verification = Sound | ({ readonly ok: false } & Flaw);

/**
 * Reads a whole journal: no seq is missing, the hashes chain over all files, bodies are JSON, the mark is reached and
 * every snapshot equals the state folded again. Names the first bad entry.
 * @throws {JournalError} where the folder cannot be opened for another reason than damage (`IN_USE`, `NO_JOURNAL`, ...).
 */
export function verifyJournal<S>(source: string | StoredJournal, refold?: Refold<S>): Verification {
  return finish(verifying(source, refold));
}

/** `verifyJournal` in steps. `onSeq` hears how far it is. */
export function* verifying<S>(
  source: string | StoredJournal,
  refold?: Refold<S>,
  onSeq?: (seq: number) => void,
): Steps<Verification> {
  try {
    if (typeof source !== 'string') return yield* verifyStored(source, refold, onSeq);
    const journal = readJournal(source);
    try {
      return yield* verifyStored(journal, refold, onSeq);
    } finally {
      journal.close();
    }
  } catch (error) {
    if (!(error instanceof JournalError) || error.code !== 'DAMAGED') throw error;
    return { ok: false, seq: error.seq ?? 0, what: 'file', expected: error.expected, found: error.found };
  }
}

function* verifyStored<S>(
  journal: StoredJournal,
  refold: Refold<S> | undefined,
  onSeq: ((seq: number) => void) | undefined,
): Steps<Verification> {
  const walk = new Walk(journal, refold, onSeq);
  for (const segment of journal.segments) {
    const flaw = yield* walk.segment(segment);
    if (flaw !== undefined) return { ok: false, ...flaw };
  }
  const { lost, flaw } = checkMark(journal.folder, journal.segments);
  if (flaw !== undefined) return { ok: false, ...flaw };
  if (lost !== undefined) {
    const found = `the journal ends at ${lost.found}`;
    return { ok: false, seq: lost.found + 1, what: 'mark', expected: missingOf(lost), found };
  }
  return walk.result();
}

/** The rows are as written, but a damaged index would still hide some of them from a query by kind or run. */
function fileFlaw(segment: Segment): Flaw | undefined {
  const found = segment.problem();
  return found === undefined ? undefined : { seq: segment.firstSeq, what: 'file', expected: 'a sound file', found };
}

const WINDOW = 60;
/** So many rows make a step. */
const STEP = 64;

/** The place where two states part, in words. */
function firstDifference(folded: string, saved: string): { expected: string; found: string } {
  let at = 0;
  while (at < folded.length && folded[at] === saved[at]) at++;
  const from = Math.max(0, at - WINDOW / 2);
  return { expected: folded.slice(from, from + WINDOW), found: saved.slice(from, from + WINDOW) };
}

/** One pass over the rows: each is checked, folded and digested as it goes by. */
class Walk<S> {
  readonly #journal: StoredJournal;
  readonly #refold: Refold<S> | undefined;
  readonly #onSeq: ((seq: number) => void) | undefined;
  readonly #digest = new Digest();
  readonly #started = new Map<number, Entry<'run_started'>>();
  #state: S | undefined;
  #previous: Link;
  #entries = 0;
  #snapshots = 0;

  constructor(journal: StoredJournal, refold: Refold<S> | undefined, onSeq: ((seq: number) => void) | undefined) {
    this.#journal = journal;
    this.#refold = refold;
    this.#onSeq = onSeq;
    this.#previous = journal.start;
    this.#state = journal.start.seq === 0 ? refold?.empty() : undefined;
  }

  *segment(segment: Segment): Steps<Flaw | undefined> {
    const { before } = segment.header;
    const { seq, hash } = this.#previous;
    if (before.seq !== seq || before.hash !== hash) {
      return { seq: seq + 1, what: 'segment', expected: `${seq} ${hash}`, found: `${before.seq} ${before.hash}` };
    }
    for (const stored of [...segment.snapshots()].reverse()) {
      const flaw = (yield* this.#rows(segment, stored.seq)) ?? this.#snapshot(stored);
      if (flaw !== undefined) return flaw;
    }
    return (yield* this.#rows(segment, segment.last.seq)) ?? this.#symbolFlaw(segment) ?? fileFlaw(segment);
  }

  result(): Sound {
    return {
      ok: true,
      entries: this.#entries,
      fromSeq: this.#journal.start.seq + 1,
      hash: this.#previous.hash,
      snapshots: this.#snapshots,
      digests: this.#digest.result(),
    };
  }

  *#rows(segment: Segment, toSeq: number): Steps<Flaw | undefined> {
    for (const row of segment.rows(this.#previous.seq + 1, toSeq)) {
      const flaw = rowFlaw(this.#previous, row);
      if (flaw !== undefined) return flaw;
      this.#take(row);
      if (this.#entries % STEP !== 0) continue;
      this.#onSeq?.(row.seq);
      yield;
    }
    return endFlaw(this.#previous, toSeq);
  }

  #take(row: Row): void {
    const entry = entryOf(row, this.#journal.folder);
    this.#digest.add(entry);
    if (entry.kind === 'run_started') this.#started.set(entry.run, entry);
    if (this.#state !== undefined) this.#refold?.fold(this.#state, entry);
    this.#previous = row;
    this.#entries++;
  }

  /** The column that queries by symbol go by is no part of a row: it is held against the entries it came from. */
  #symbolFlaw(segment: Segment): Flaw | undefined {
    const symbols = segment.symbols();
    for (const { run, seq, body } of this.#started.values()) {
      const found = symbols.get(run) ?? 'no symbol';
      if (found !== body.symbol) return { seq, what: 'file', expected: `run ${run} on ${body.symbol}`, found };
    }
    return undefined;
  }

  #snapshot({ seq, stateVersion, hash, state }: Stored): Flaw | undefined {
    const what = 'snapshot';
    const at = this.#previous;
    const expected = snapshotHash(at, stateVersion, state);
    if (hash !== expected) return { seq, what, expected, found: hash };
    this.#snapshots++;
    if (this.#refold === undefined || stateVersion !== (this.#refold.stateVersion ?? STATE_VERSION)) return undefined;
    // After a prune the oldest snapshot is what the rest is folded onto.
    this.#state ??= this.#refold.restored(decode<S>(state));
    const folded = jsonText(this.#state);
    return folded === state ? undefined : { seq, what, ...firstDifference(folded, state) };
  }
}
