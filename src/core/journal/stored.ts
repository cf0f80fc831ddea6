import { type AnyEntry, decode } from '../domain/entry.ts';
import { STATE_VERSION, STATE_VERSION_MIN } from '../domain/state.ts';
import { chainFlaw, type Flaw, type Link, rowFlaw } from './chain.ts';
import { damaged, type JournalError } from './error.ts';
import type { JournalQuery, JournalReader } from './journal.ts';
import type { Lost } from './opening.ts';
import { entryOf, type Row } from './row.ts';
import { lastOf, PAGE, type Segment } from './segment.ts';
import type { Bounds } from './select.ts';
import type { Snapshot } from './snapshot.ts';

/** A journal on disk, all its files in order. Reading brings pages into memory and leaves no statement open. */
export class StoredJournal implements JournalReader {
  readonly folder: string;
  /** Oldest first; the last one is the one that grows. */
  protected readonly files: Segment[];
  /** Set where the journal ends before its high-water mark. */
  readonly lost: Lost | undefined;
  readonly #release: () => void;
  readonly #isAsStored: boolean;

  constructor(
    folder: string,
    segments: readonly Segment[],
    lost: Lost | undefined,
    release: () => void,
    isAsStored = false,
  ) {
    this.folder = folder;
    this.files = [...segments];
    this.lost = lost;
    this.#release = release;
    this.#isAsStored = isAsStored;
  }

  get segments(): readonly Segment[] {
    return this.files;
  }

  get last(): Link {
    return lastOf(this.files).last;
  }

  get lastSeq(): number {
    return this.last.seq;
  }

  /** The instant of the last entry, -Infinity for none. */
  get lastAt(): number {
    return (
      this.files.findLast((segment) => segment.lastAt > Number.NEGATIVE_INFINITY)?.lastAt ?? Number.NEGATIVE_INFINITY
    );
  }

  /** What the first row that is left is chained to. */
  get start(): Link {
    return (this.files[0] ?? lastOf(this.files)).header.before;
  }

  row(seq: number): Row | undefined {
    return this.#holderOf(seq)?.row(seq);
  }

  hashOf(seq: number): string | undefined {
    return this.row(seq)?.hash;
  }

  /** Held against the rows on both sides. @throws {JournalError} `DAMAGED`, naming the first that is not as it was written. */
  entry(seq: number): AnyEntry | undefined {
    const segment = this.#holderOf(seq);
    if (segment === undefined) return undefined;
    const toSeq = Math.min(seq + 1, segment.last.seq);
    const rows = [...segment.rows(seq, toSeq)];
    const flaw = chainFlaw(segment.before(seq), rows, toSeq);
    if (flaw !== undefined) throw this.#damaged(flaw);
    return entryOf(rows[0] as Row, this.folder);
  }

  /**
   * Durable entries only, each held against the row before it.
   * @throws {JournalError} `DAMAGED`, naming the first that is not as it was written.
   */
  *entries(query: JournalQuery = {}): Generator<AnyEntry> {
    for (const row of this.#rows(query)) yield entryOf(row, this.folder);
  }

  /**
   * The newest snapshot up to an entry that belongs to this history and has the shape of this program's state. After a
   * prune one of an older shape that can be read will do: its entries are gone.
   */
  latestSnapshot(toSeq: number = Number.MAX_SAFE_INTEGER): Snapshot | undefined {
    const versionMin = this.start.seq > 0 ? STATE_VERSION_MIN : STATE_VERSION;
    for (const segment of this.files.toReversed()) {
      for (const stored of segment.snapshots(toSeq)) {
        const { seq, stateVersion, state } = stored;
        const isReadable = stateVersion >= versionMin && stateVersion <= STATE_VERSION;
        if (isReadable && segment.isValid(stored)) return { seq, stateVersion, state: decode(state) };
      }
    }
    return undefined;
  }

  close(): void {
    for (const segment of this.files) segment.close();
    this.#release();
  }

  /** The file is looked up anew for each page: between two pages it may be sealed and go on under another name. */
  *#rows(query: JournalQuery): Generator<Row> {
    let { fromSeq, toSeq, limit, ...rest } = this.#bounds(query);
    while (limit > 0 && fromSeq <= toSeq) {
      const segment = this.#fileOf(rest.newest ? toSeq : fromSeq, rest.newest);
      if (segment === undefined) return;
      const { firstSeq, last } = segment;
      const asked = Math.min(limit, PAGE);
      const page = segment.page({ ...rest, fromSeq, toSeq, limit: asked });
      yield* this.#isAsStored ? page : this.#sound(segment, page);
      limit -= page.length;
      const end = page.length === asked ? page.at(-1)?.seq : undefined;
      if (rest.newest) toSeq = (end ?? firstSeq) - 1;
      else fromSeq = (end ?? last.seq) + 1;
    }
  }

  /** Rows up to the first that is not as it was written. All are looked at first: between two the file may be sealed. */
  *#sound(segment: Segment, page: readonly Row[]): Generator<Row> {
    let previous: Link | undefined;
    for (const [index, row] of page.entries()) {
      if (previous?.seq !== row.seq - 1) previous = segment.before(row.seq);
      const flaw = rowFlaw(previous, row);
      if (flaw !== undefined) {
        yield* page.slice(0, index);
        throw this.#damaged(flaw);
      }
      previous = row;
    }
    yield* page;
  }

  #damaged({ seq, expected, found }: Flaw): JournalError {
    return damaged(this.folder, seq, expected, found);
  }

  #holderOf(seq: number): Segment | undefined {
    return this.files.find(({ firstSeq, last }) => seq >= firstSeq && seq <= last.seq);
  }

  /** The file that holds a seq, or the next one in the direction of reading. */
  #fileOf(seq: number, newest: boolean): Segment | undefined {
    return newest
      ? this.files.findLast(({ firstSeq }) => firstSeq <= seq)
      : this.files.find(({ last }) => last.seq >= seq);
  }

  #bounds(query: JournalQuery): Bounds {
    const { fromSeq = 0, toSeq = Number.MAX_SAFE_INTEGER, fromAt, toAt, kinds, newest = false } = query;
    return {
      fromSeq: Math.max(fromSeq, fromAt === undefined ? 0 : this.#seqAt(fromAt)),
      toSeq: Math.min(toSeq, this.lastSeq, toAt === undefined ? this.lastSeq : this.#seqAfter(toAt)),
      kinds,
      runs: this.#runs(query),
      newest,
      limit: query.limit ?? Number.MAX_SAFE_INTEGER,
    };
  }

  #seqAt(at: number): number {
    const segment = this.files.find((candidate) => candidate.lastAt >= at);
    return segment === undefined ? this.lastSeq + 1 : segment.seqAt(at);
  }

  /** The last seq whose instant is `at` or earlier. Instants are whole milliseconds. */
  #seqAfter(at: number): number {
    return this.#seqAt(Math.floor(at) + 1) - 1;
  }

  #runs({ run, symbol }: JournalQuery): readonly number[] | undefined {
    if (symbol === undefined) return run === undefined ? undefined : [run];
    // Every file takes over what the one before it knew, pruned runs too.
    const runs = [...lastOf(this.files).symbols()].filter(([, traded]) => traded === symbol).map(([number]) => number);
    return run === undefined ? runs : runs.filter((number) => number === run);
  }
}
