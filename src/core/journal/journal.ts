import type { AnyEntry } from '../domain/entry.ts';

/** What a reader asks for. Bounds are inclusive; `limit` counts from the newest where `newest` is set. */
export interface JournalQuery {
  readonly fromSeq?: number | undefined;
  readonly toSeq?: number | undefined;
  readonly fromAt?: number | undefined;
  readonly toAt?: number | undefined;
  readonly kinds?: readonly string[] | undefined;
  readonly run?: number | undefined;
  readonly symbol?: string | undefined;
  readonly limit?: number | undefined;
  readonly newest?: boolean | undefined;
}

/** How far an epoch came: inputs, the instant of the last one, entries. */
export interface Reached {
  readonly n: number;
  readonly at: number;
  readonly seq: number;
}

/** Reading is the same for a file, a sealed segment and memory. */
export interface JournalReader {
  /** Seq of the last durable entry, 0 for none. */
  readonly lastSeq: number;
  entry(seq: number): AnyEntry | undefined;
  entries(query?: JournalQuery): Iterable<AnyEntry>;
  /** Over a durable entry and all before it, as its row is chained (hex). Absent, or undefined, where nobody keeps it. */
  hashOf?(seq: number): string | undefined;
}

/**
 * Facts in order. `append` takes an entry whose seq is the last one plus 1 and may buffer it; `commit` makes all that
 * waits durable in one transaction before it returns. A failed commit throws and ends the process.
 */
export interface Journal extends JournalReader {
  append(entry: AnyEntry): void;
  /** Entries that wait for a commit. */
  readonly waiting: number;
  commit(): void;
  close(): void;
}
