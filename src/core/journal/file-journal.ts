import { rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { StatementSync } from 'node:sqlite';
import { assert, InvariantError } from '../base/assert.ts';
import type { AnyEntry } from '../domain/entry.ts';
import { STATE_VERSION } from '../domain/state.ts';
import type { Link } from './chain.ts';
import { explain, JournalError } from './error.ts';
import { checkApart, checkNoJournal, copyOnce, makePrivateFolder, OPEN_FILE, syncFolder } from './files.ts';
import type { Journal } from './journal.ts';
import type { WriterLock } from './lock.ts';
import { MARK_FILE, MarkFile, readEpoch, readMark, writeEpoch, writeMark } from './mark.ts';
import { begin, type Lost, type Owner, seal } from './opening.ts';
import { jsonText, type Row, rowHash, rowOf } from './row.ts';
import { copyDatabase } from './schema.ts';
import { lastOf, type Segment, writeSnapshot } from './segment.ts';
import { snapshotHash } from './snapshot.ts';
import { StoredJournal } from './stored.ts';

export interface JournalOptions extends Owner {
  /** Whose journal it is: another profile's is refused. Put kind and fingerprint of the account into it. */
  readonly profile: string;
  /** Milliseconds that never go back; says when the mark is a second old. */
  readonly clock: () => number;
  /** How long to wait for a reader that is about to finish, ms. */
  readonly lockWaitMs?: number | undefined;
  /** A file is sealed at this many rows. */
  readonly rowsMax?: number | undefined;
  /** A snapshot is due after so many entries. */
  readonly snapshotEvery?: number | undefined;
}

const ROWS_MAX = 1_000_000;
const SNAPSHOT_EVERY = 20_000;
const MARK_AGE_MS_MAX = 1_000;
/** A quiet journal looks so often whether its file is there. */
const LOOK_MS = 1_000;
/** One that is written to looks at most so often, and whenever an order may leave on what it wrote. */
const LOOK_BUSY_MS = 100;
/** Another program had the full file open: each try saves a snapshot. */
const ROLL_AGAIN_MS = 3_600_000;

/** Facts that must not be lost unseen: the mark follows each commit that holds one. */
const MARKED_AT_ONCE: ReadonlySet<string> = new Set([
  'order_intended',
  'order_filled',
  'halted',
  'position_opened',
  'position_increased',
  'position_reduced',
  'position_closed',
  'position_flipped',
]);

type Waiting = Omit<Row, 'hash'>;

/** The journal of a profile, open for its one writer. */
export class FileJournal extends StoredJournal implements Journal {
  readonly #options: JournalOptions;
  readonly #lock: WriterLock;
  readonly #mark: MarkFile;
  #markedAt = Number.NEGATIVE_INFINITY;
  readonly #waiting: Waiting[] = [];
  readonly #started: [run: number, symbol: string][] = [];
  #isMarkUrgent = false;
  /** Began with an entry that waits. */
  #begun: number | undefined;
  #state: 'open' | 'failed' | 'closed' = 'open';
  #writing: Writing;
  #snapshotSeq: number;
  #rollFrom = Number.NEGATIVE_INFINITY;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #nextSeq: number;
  #newestAt: number;

  /** Made by `openJournal`. */
  constructor(folder: string, files: Segment[], lost: Lost | undefined, lock: WriterLock, options: JournalOptions) {
    super(folder, files, lost, () => lock.release());
    this.#options = options;
    this.#lock = lock;
    // An empty file would be a mark that is lost.
    if (this.lastSeq === 0 && lost === undefined) writeMark(folder, this.last);
    this.#mark = new MarkFile(join(folder, MARK_FILE), this.lastSeq);
    syncFolder(folder);
    this.#writing = prepare(lastOf(files));
    this.#nextSeq = this.lastSeq + 1;
    this.#newestAt = this.lastAt;
    this.#snapshotSeq = lastOf(files).snapshots().next().value?.seq ?? this.start.seq;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  append(entry: AnyEntry): void {
    if (this.#state !== 'open' || entry.seq !== this.#nextSeq || entry.at < this.#newestAt) this.#refuse(entry);
    this.#waiting.push(rowOf(entry));
    this.#nextSeq = entry.seq + 1;
    this.#newestAt = entry.at;
    if (entry.kind === 'epoch_started') this.#begun = entry.body.epoch;
    if (entry.kind === 'run_started') this.#started.push([entry.run, entry.body.symbol]);
    if (!this.#isMarkUrgent && MARKED_AT_ONCE.has(entry.kind)) this.#isMarkUrgent = true;
  }

  /** @throws where the disk fails; the journal then takes nothing more, and a restart reads what is durable. */
  commit(): void {
    if (this.#state !== 'open')
      throw new InvariantError(`Invariant: nothing is committed to a journal that is ${this.#state}`);
    const first = this.#waiting[0];
    if (first === undefined) return;
    const segment = this.#segment;
    try {
      segment.last = this.#insert(segment.last);
      segment.firstAt = Math.min(segment.firstAt, first.at);
      segment.lastAt = this.#newestAt;
      this.#waiting.length = 0;
      this.#started.length = 0;
      if (this.#isMarkUrgent || this.#options.clock() - this.#lookedAt >= LOOK_BUSY_MS) this.#look();
      this.#keepEpoch();
      this.#keepMark();
    } catch (error) {
      this.#fail();
      throw explain(error, segment.file, segment.last.seq + 1);
    }
  }

  /**
   * Writes the mark where it is behind and due. Call it once a second: quiet journals have no next commit.
   * @throws like `commit`, where the journal is no more in its folder.
   */
  keepMark(): void {
    try {
      if (this.#options.clock() - this.#lookedAt >= LOOK_MS) this.#look();
      this.#keepMark();
    } catch (error) {
      this.#fail();
      throw error;
    }
  }

  /** The number of the next epoch after the journal's last: no id of an order that the journal lost is given out again. */
  nextEpoch(last: number): number {
    return Math.max(last, readEpoch(this.folder) ?? 0) + 1;
  }

  /** Nothing of an epoch leaves the process before its number is remembered. */
  #keepEpoch(): void {
    if (this.#begun === undefined) return;
    writeEpoch(this.folder, this.#begun);
    this.#begun = undefined;
  }

  #keepMark(): void {
    const now = this.#options.clock();
    const isDue = this.#isMarkUrgent || now - this.#markedAt >= MARK_AGE_MS_MAX;
    if (!isDue || this.#mark.seq === this.lastSeq) return;
    this.#mark.write(this.last);
    this.#markedAt = now;
    this.#isMarkUrgent = false;
  }

  /** Whether `saveSnapshot` is due: 20,000 entries since the last one, a month's turn or a file of 1,000,000 rows. */
  get isSnapshotDue(): boolean {
    return this.lastSeq - this.#snapshotSeq >= (this.#options.snapshotEvery ?? SNAPSHOT_EVERY) || this.#isRollDue;
  }

  /**
   * Saves the state that the durable entries give, all of them (`seq` is the last one). Where the file is full it is
   * sealed, and a new one begins with this snapshot; where another program has it open, it grows on for an hour.
   */
  saveSnapshot(seq: number, state: unknown, stateVersion: number = STATE_VERSION): void {
    assert(this.#state === 'open', `Invariant: no snapshot in a journal that is ${this.#state}`);
    assert(
      seq === this.lastSeq && this.waiting === 0,
      'Invariant: a snapshot is of the last entry, and that is durable',
    );
    const text = jsonText(state);
    const hash = snapshotHash(this.last, stateVersion, text);
    try {
      writeSnapshot(this.#segment.db, { seq, stateVersion, hash, state: text });
      this.#snapshotSeq = seq;
      if (this.#isRollDue) this.#roll();
    } catch (error) {
      this.#fail();
      throw error;
    }
  }

  /**
   * Drops sealed files that end before an instant, each copied to `backup` first, which is a journal of its own: it can be
   * read and verified. The file that grows always stays.
   * @returns names of the files that were dropped.
   * @throws {JournalError} `FOREIGN` where the backup holds another file of that name, or is the folder of a journal, this
   * one or another: nothing is dropped then.
   */
  prune(beforeAt: number, backup: string): string[] {
    const kept = this.files.findIndex((segment, i) => segment.lastAt >= beforeAt || i === this.files.length - 1);
    const dropped = this.files.slice(0, kept);
    const last = dropped.at(-1);
    if (last === undefined) return [];
    this.#copySealed(dropped, backup);
    const known = readMark(join(backup, MARK_FILE));
    if (typeof known === 'string' || known.seq < last.last.seq) writeMark(backup, last.last);
    this.#segment.db.prepare('UPDATE segment SET pruned_seq = ?').run(last.last.seq);
    this.#segment.header = { ...this.#segment.header, prunedSeq: last.last.seq };
    this.files.splice(0, dropped.length);
    for (const segment of dropped) {
      segment.close();
      rmSync(segment.file);
    }
    syncFolder(this.folder);
    return dropped.map((segment) => basename(segment.file));
  }

  /** Copies the journal to a folder: sealed files once, the one that grows anew each time. */
  backup(folder: string): void {
    this.#copySealed(this.files.slice(0, -1), folder);
    copyDatabase(this.#segment.db, join(folder, OPEN_FILE));
    writeMark(folder, this.last);
    syncFolder(folder);
  }

  /** Commits what waits, brings the mark up to date and frees the folder, also where the disk fails. */
  override close(): void {
    if (this.#state === 'closed') return;
    try {
      if (this.#state !== 'open') return;
      this.commit();
      this.#isMarkUrgent = true;
      this.#keepMark();
    } finally {
      this.#state = 'closed';
      this.#mark.close();
      super.close();
    }
  }

  /** What is written to a file that was deleted is nowhere when the process ends, and no write tells. */
  #look(): void {
    this.#lookedAt = this.#options.clock();
    const { file } = this.#segment;
    if (statSync(file, { throwIfNoEntry: false })?.ino === this.#writing.ino) {
      this.#lock.keep();
      return;
    }
    throw new JournalError('GONE', {
      where: file,
      expected: 'the file that this process writes to',
      found: `${file} was deleted, moved or replaced`,
      fix: 'Put the folder back and start again: what was written since may be lost.',
    });
  }

  #refuse({ seq, at }: AnyEntry): never {
    assert(this.#state === 'open', `Invariant: nothing is appended to a journal that is ${this.#state}`);
    assert(seq === this.#nextSeq, `Invariant: seqs have no gap; expected ${this.#nextSeq}, found ${seq}`);
    throw new InvariantError(`Invariant: instants never go back; expected ${this.#newestAt} or later, found ${at}`);
  }

  get #segment(): Segment {
    return lastOf(this.files);
  }

  get #isRollDue(): boolean {
    return this.#isFileFull && this.#options.clock() >= this.#rollFrom;
  }

  get #isFileFull(): boolean {
    const { firstAt, lastAt, last, header } = this.#segment;
    if (last.seq === header.before.seq) return false;
    return last.seq - header.before.seq >= (this.#options.rowsMax ?? ROWS_MAX) || monthOf(firstAt) !== monthOf(lastAt);
  }

  #insert(start: Link): Link {
    const { begin: open, insert, insertMany, insertRun, commit } = this.#writing;
    const rows = this.#waiting;
    let { hash } = start;
    // All hashes, then all rows: by turns, each would push the other's code out of the processor's caches.
    const hashes = rows.map((row) => (hash = rowHash(hash, row)));
    const single = rows.length - (rows.length % ROWS_AT_ONCE);
    open.run();
    for (let from = 0; from < single; from += ROWS_AT_ONCE) {
      const values: Value[] = [];
      for (let i = from; i < from + ROWS_AT_ONCE; i++) addValues(values, rows[i] as Waiting, hashes[i] as string);
      // `run` would make an object of counts that nobody reads.
      insertMany.get(...values);
    }
    for (let i = single; i < rows.length; i++) {
      insert.get(...addValues([], rows[i] as Waiting, hashes[i] as string));
    }
    for (const [run, symbol] of this.#started) insertRun.run(run, symbol);
    commit.run();
    return { seq: start.seq + rows.length, hash };
  }

  /** One failed write is final: what the disk holds is known only after a restart. */
  #fail(): void {
    this.#state = 'failed';
    const { db } = this.#segment;
    try {
      if (db.isOpen && db.isTransaction) db.exec('ROLLBACK');
    } catch {
      // The first error is the one that counts.
    }
  }

  #roll(): void {
    const sealed = seal(this.folder, this.#segment);
    if (sealed === undefined) {
      this.#rollFrom = this.#options.clock() + ROLL_AGAIN_MS;
      return;
    }
    this.files.splice(-1, 1, sealed, begin(this.folder, this.#options, sealed));
    this.#writing = prepare(this.#segment);
  }

  #copySealed(files: readonly Segment[], folder: string): void {
    checkApart(this.folder, folder);
    checkNoJournal(folder);
    makePrivateFolder(folder);
    for (const { file } of files) copyOnce(file, join(folder, basename(file)));
    syncFolder(folder);
  }
}

const VALUES = '(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)';
type Value = number | string;

function addValues(
  to: Value[],
  { seq, epoch, run, account, kind, v, at, cause, body }: Waiting,
  hash: string,
): Value[] {
  to.push(seq, epoch, run, account, kind, v, at, cause, body, hash);
  return to;
}

/** One statement with so many rows takes three quarters of the time that each by itself does. */
const ROWS_AT_ONCE = 20;

interface Writing {
  /** Tells the open file from another one under its name. */
  readonly ino: number;
  readonly begin: StatementSync;
  readonly insert: StatementSync;
  /** So many rows as `ROWS_AT_ONCE`. */
  readonly insertMany: StatementSync;
  readonly insertRun: StatementSync;
  readonly commit: StatementSync;
}

function prepare({ db, file }: Segment): Writing {
  // A row that does not fit ends the transaction: a statement of many rows need not keep how to undo itself alone.
  const into = 'INSERT OR ROLLBACK INTO entry VALUES';
  return {
    ino: statSync(file).ino,
    begin: db.prepare('BEGIN IMMEDIATE'),
    insert: db.prepare(`${into} ${VALUES}`),
    insertMany: db.prepare(`${into} ${Array<string>(ROWS_AT_ONCE).fill(VALUES).join()}`),
    insertRun: db.prepare('INSERT OR REPLACE INTO run VALUES (?, ?)'),
    commit: db.prepare('COMMIT'),
  };
}

function monthOf(at: number): number {
  const date = new Date(at);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}
