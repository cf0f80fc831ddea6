/**
 * `IN_USE` another process holds it; `NO_JOURNAL` nothing to read; `NEWER` and `OLDER` another version of the tables;
 * `FOREIGN` another profile's or another program's file; `UNSAFE` readable or owned by others; `DAMAGED` contents that
 * cannot be trusted; `NOT_DURABLE` the disk does not give what FULL promises; `GONE` it is no more where it was opened.
 */
export type JournalCode =
  | 'IN_USE'
  | 'NO_JOURNAL'
  | 'NEWER'
  | 'OLDER'
  | 'FOREIGN'
  | 'UNSAFE'
  | 'DAMAGED'
  | 'NOT_DURABLE'
  | 'GONE';

interface Terms {
  readonly where: string;
  readonly expected: string;
  readonly found: string;
  readonly fix: string;
  readonly seq?: number | undefined;
  readonly pid?: number | undefined;
}

/** Why a journal (or, as `TapeError`, a tape) cannot be used: what was expected, what was found, what to do. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
  readonly code: JournalCode;
  readonly expected: string;
  readonly found: string;
  readonly fix: string;
  /** The first bad entry, where `DAMAGED` is about one. */
  readonly seq: number | undefined;
  /** The process that holds it, where `IN_USE` knows it. */
  readonly pid: number | undefined;

  constructor(code: JournalCode, terms: Terms, options?: ErrorOptions) {
    super(`${terms.where}: ${terms.found} (expected ${terms.expected}). ${terms.fix}`, options);
    this.code = code;
    this.expected = terms.expected;
    this.found = terms.found;
    this.fix = terms.fix;
    this.seq = terms.seq;
    this.pid = terms.pid;
  }
}

/** Why a tape cannot be read: `DAMAGED` or `NEWER`. The journal beside it may be sound. */
export class TapeError extends JournalError {}

/** Nothing is in a file that should hold entries: the process died while it began it, or all of it is lost. */
export class UnbornError extends JournalError {
  constructor(where: string, expected: string) {
    super('DAMAGED', { where, expected, found: 'entry 0 is damaged: an empty file', fix: RESTORE, seq: 0 });
  }
}

const RESTORE = 'Keep this folder as it is, restore a backup beside it and run `dzentra journal verify` on both.';

/** Names the entry from which on nothing can be trusted. */
export function damaged(where: string, seq: number, expected: string, found: string, cause?: unknown): JournalError {
  const terms = { where, expected, found: `entry ${seq} is damaged: ${found}`, fix: RESTORE, seq };
  return new JournalError('DAMAGED', terms, { cause });
}

/** The primary result code of an SQLite error, or undefined for any other. */
export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  return error.errcode & 0xff;
}

export const SQLITE_BUSY = 5;
export const SQLITE_NOTADB = 26;
/** An extended code: the number of a row is taken. */
const SQLITE_PRIMARYKEY = 1_555;
/** A table or a column is missing (1), the file is malformed (11) or no database. */
const SQLITE_DAMAGED: ReadonlySet<number | undefined> = new Set([1, 11, SQLITE_NOTADB]);

/** A number that no entry has: 64 bits do not fit. */
const isOutOfRange = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === 'ERR_OUT_OF_RANGE';

/** Another process that writes is kept out by the lock; one that came in without it takes the next number first. */
const overtaken = (where: string, seq: number, cause: unknown): JournalError =>
  new JournalError(
    'IN_USE',
    {
      where,
      expected: 'no other process that writes to this journal',
      found: `another one wrote entry ${seq}: was lock.db removed while an engine ran?`,
      fix: 'Go on with the other one, or stop it and start again. What was told is in the journal: dzentra journal verify.',
    },
    { cause },
  );

/** What an SQLite error means for a journal; errors of other kinds stay as they are. */
export function explain(error: unknown, where: string, seq: number): unknown {
  const code = sqliteCode(error);
  const message = error instanceof Error ? error.message : String(error);
  if ((error as { errcode?: unknown } | null)?.errcode === SQLITE_PRIMARYKEY) return overtaken(where, seq, error);
  if (SQLITE_DAMAGED.has(code) || isOutOfRange(error)) return damaged(where, seq, 'a sound file', message, error);
  if (code !== SQLITE_BUSY) return error;
  const fix = 'Close the program that has the file open: only the engine may.';
  return new JournalError('IN_USE', { where, expected: 'the file for itself', found: message, fix }, { cause: error });
}
