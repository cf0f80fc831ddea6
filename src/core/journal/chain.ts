import { type Row, rowHash } from './row.ts';

/** The end of a chain of rows. */
export interface Link {
  readonly seq: number;
  readonly hash: string;
}

/** The first thing that is wrong with a journal, by the seq of the entry. */
export interface Flaw {
  readonly seq: number;
  readonly what: 'seq' | 'hash' | 'body' | 'snapshot' | 'segment' | 'mark' | 'file';
  readonly expected: string;
  readonly found: string;
}

/** Holds one row against the one before it: the next seq, the hash of all columns. */
export function rowFlaw(previous: Link, row: Row): Flaw | undefined {
  const seq = previous.seq + 1;
  if (row.seq !== seq) return { seq, what: 'seq', expected: `entry ${seq}`, found: `entry ${row.seq}` };
  const hash = rowHash(previous.hash, row);
  return hash === row.hash ? undefined : { seq, what: 'hash', expected: hash, found: String(row.hash) };
}

/** A damaged file may end a scan early without a word: every row up to `toSeq` must have come by. */
export function endFlaw(previous: Link, toSeq: number): Flaw | undefined {
  const seq = previous.seq + 1;
  return seq > toSeq ? undefined : { seq, what: 'seq', expected: `entry ${seq}`, found: 'no such row' };
}

/** Holds rows from `start` up to `toSeq` against each other; gives the first flaw. */
export function chainFlaw(start: Link, rows: Iterable<Row>, toSeq: number): Flaw | undefined {
  let previous = start;
  for (const row of rows) {
    const flaw = rowFlaw(previous, row);
    if (flaw !== undefined) return flaw;
    previous = row;
  }
  return endFlaw(previous, toSeq);
}
