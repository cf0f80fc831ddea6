import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { assert } from '../base/assert.ts';
import type { Link } from './chain.ts';
import { damaged, explain, UnbornError } from './error.ts';
import type { Row } from './row.ts';
import { inTransaction, openDatabase, pragma, schemaProblem } from './schema.ts';
import { type Bounds, select } from './select.ts';
import { type Stored, snapshotHash } from './snapshot.ts';

/** What a file of the journal knows of itself and of those before it. */
export interface SegmentHeader {
  /** 1 for the first file. */
  readonly number: number;
  readonly profile: string;
  readonly build: string;
  /** The last entry before this file. */
  readonly before: Link;
  /** Entries up to here were pruned, 0 for none. */
  readonly prunedSeq: number;
  readonly isSealed: boolean;
}

/** Rows that one read brings into memory: no statement stays open while the journal is written to. */
export const PAGE = 1_000;

/** What a new file takes over from the one before it. */
export interface Inheritance {
  readonly symbols: ReadonlyMap<number, string>;
  readonly snapshot: Stored | undefined;
}

/**
 * Opens a file of the journal, or begins it with `header` where it is new (or its beginning was cut short).
 * @throws {JournalError}
 */
export function beginSegment(file: string, header: SegmentHeader, { symbols, snapshot }: Inheritance): Segment {
  const db = openDatabase(file);
  if (readHeader(db) !== undefined) return new Segment(file, db);
  inTransaction(db, () => {
    const run = db.prepare('INSERT INTO run VALUES (?, ?)');
    for (const [number, symbol] of symbols) run.run(number, symbol);
    if (snapshot !== undefined) writeSnapshot(db, snapshot);
    const { number, profile, build, before, prunedSeq } = header;
    db.prepare('INSERT INTO segment VALUES (1, ?, ?, ?, ?, ?, ?, 0)').run(
      number,
      profile,
      build,
      before.seq,
      before.hash,
      prunedSeq,
    );
  });
  return new Segment(file, db);
}

export function writeSnapshot(db: DatabaseSync, { seq, stateVersion, hash, state }: Stored): void {
  db.prepare('INSERT OR REPLACE INTO snapshot VALUES (?, ?, ?, ?)').run(seq, stateVersion, hash, state);
}

function readHeader(db: DatabaseSync): SegmentHeader | undefined {
  const row = db.prepare('SELECT * FROM segment').get();
  if (row === undefined) return undefined;
  return {
    number: Number(row.number),
    profile: String(row.profile),
    build: String(row.build),
    before: { seq: Number(row.prev_seq), hash: String(row.prev_hash) },
    prunedSeq: Number(row.pruned_seq),
    isSealed: row.sealed === 1,
  };
}

/** One file of the journal: rows, the symbols of runs, snapshots. */
export class Segment {
  readonly file: string;
  readonly db: DatabaseSync;
  header: SegmentHeader;
  /** The last row, or the one before the file where it has none. */
  last: Link;
  firstAt = Number.POSITIVE_INFINITY;
  lastAt = Number.NEGATIVE_INFINITY;
  readonly #statements = new Map<string, StatementSync>();

  constructor(file: string, db: DatabaseSync) {
    this.file = file;
    this.db = db;
    this.header = UNREAD;
    this.last = UNREAD.before;
    try {
      this.#readEdges();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  #readEdges(): void {
    const header = this.#guard(() => readHeader(this.db), 0);
    const first = this.#edge('ASC');
    const expected = 'the header of a journal';
    if (header === undefined && first === undefined) throw new UnbornError(this.file, expected);
    if (header === undefined) throw damaged(this.file, 0, expected, 'it has none');
    this.header = header;
    this.last = header.before;
    const last = this.#edge('DESC');
    if (first === undefined || last === undefined) return;
    this.last = { seq: last.seq, hash: last.hash };
    this.firstAt = first.at;
    this.lastAt = last.at;
  }

  get firstSeq(): number {
    return this.header.before.seq + 1;
  }

  row(seq: number): Row | undefined {
    return this.page({ ...EVERY, fromSeq: seq, toSeq: seq, limit: 1 })[0];
  }

  /** The row before a seq, as far as the row of that seq is chained to it. */
  before(seq: number): Link {
    const { before } = this.header;
    if (seq - 1 === before.seq) return before;
    const row = this.#guard(() => this.#statement('SELECT seq, hash FROM entry WHERE seq = ?').get(seq - 1), seq - 1);
    if (row === undefined) throw damaged(this.file, seq - 1, `entry ${seq - 1}`, 'no such row');
    return row as unknown as Link;
  }

  /** Rows within bounds, all in memory. */
  page(bounds: Bounds): Row[] {
    const { sql, values } = select(bounds);
    return this.#guard(() => this.#statement(sql).all(...values) as unknown as Row[], bounds.fromSeq);
  }

  /** All rows between two seqs, a page in memory at a time. */
  *rows(fromSeq: number, toSeq: number = this.last.seq): Generator<Row> {
    for (let next = fromSeq; next <= toSeq; ) {
      const page = this.page({ ...EVERY, fromSeq: next, toSeq, limit: PAGE });
      yield* page;
      const last = page.at(-1);
      if (last === undefined) return;
      next = last.seq + 1;
    }
  }

  /** The first seq whose instant is `at` or later; one past the end where there is none. Instants never go back. */
  seqAt(at: number): number {
    let from = this.firstSeq;
    let to = this.last.seq + 1;
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      if ((this.row(middle)?.at ?? Number.POSITIVE_INFINITY) < at) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  /** Whether a snapshot was made of the history that this file holds. */
  isValid(stored: Stored): boolean {
    const { before } = this.header;
    const at = stored.seq === before.seq ? before : this.row(stored.seq);
    return at !== undefined && snapshotHash(at, stored.stateVersion, stored.state) === stored.hash;
  }

  /** The symbol of each run that started in this file or before it. */
  symbols(): Map<number, string> {
    const rows = this.#guard(() => this.#statement('SELECT run, symbol FROM run').all());
    return new Map(rows.map((row) => [Number(row.run), String(row.symbol)]));
  }

  /** Snapshots as they are stored, valid or not, the newest first. */
  *snapshots(toSeq: number = Number.MAX_SAFE_INTEGER): Generator<Stored> {
    const sql =
      'SELECT seq, state_version AS stateVersion, hash, state FROM snapshot WHERE seq <= ? ORDER BY seq DESC LIMIT 1';
    for (let last = toSeq; ; ) {
      const stored = this.#guard(() => this.#statement(sql).get(last)) as unknown as Stored | undefined;
      if (stored === undefined) return;
      yield stored;
      last = stored.seq - 1;
    }
  }

  /** What SQLite finds wrong with the file, its indexes included: in the order of a second for a million rows. */
  problem(): string | undefined {
    const found = this.#guard(() => pragma(this.db, 'integrity_check(1)'));
    return found === 'ok' ? this.#guard(() => schemaProblem(this.db)) : String(found);
  }

  close(): void {
    this.#statements.clear();
    // A disk that failed while the file was sealed left it closed.
    if (this.db.isOpen) this.db.close();
  }

  #edge(order: 'ASC' | 'DESC'): Row | undefined {
    return this.page({ ...EVERY, newest: order === 'DESC', limit: 1 })[0];
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #guard<T>(read: () => T, seq = this.firstSeq): T {
    try {
      return read();
    } catch (error) {
      throw explain(error, this.file, seq);
    }
  }
}

/** The file that grows. */
export function lastOf(files: readonly Segment[]): Segment {
  const last = files.at(-1);
  assert(last !== undefined, 'Invariant: a journal has a file');
  return last;
}

const UNREAD: SegmentHeader = {
  number: 0,
  profile: '',
  build: '',
  before: { seq: 0, hash: '' },
  prunedSeq: 0,
  isSealed: false,
};

const EVERY: Bounds = {
  fromSeq: 0,
  toSeq: Number.MAX_SAFE_INTEGER,
  kinds: undefined,
  runs: undefined,
  newest: false,
  limit: Number.MAX_SAFE_INTEGER,
};
