import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { JournalError, SQLITE_BUSY, SQLITE_NOTADB, sqliteCode } from './error.ts';
import { LOCK_FILE, touchPrivate } from './files.ts';

const PID_FILE = 'lock.pid';

/** A lock on a journal's folder. It ends with the process at the latest, also after kill -9. */
export interface Lock {
  release(): void;
}

/** The lock of the one writer. */
export interface WriterLock extends Lock {
  /**
   * Takes the folder again where the file of the lock was removed: it would keep nobody out any more.
   * @throws {JournalError} `IN_USE` where another process was faster.
   */
  keep(): void;
}

/**
 * Takes the folder for one writer. The lock is SQLite's own on a file beside the journal: the kernel keeps it for a
 * stopped process and frees it for a dead one. (No program may open and close that file: on POSIX this drops the lock.)
 * Readers are waited for; a writer is not, or one that came second would begin when the first is ended.
 * @throws {JournalError} `IN_USE` where another process holds it, for writing or for reading.
 */
export function lockForWriting(folder: string, waitMs: number): WriterLock {
  let held = takeForWriting(folder, waitMs);
  return {
    keep() {
      if (inodeOf(folder) === held.ino) return;
      const { db } = held;
      held = takeForWriting(folder, waitMs, ', who took it when lock.db was removed');
      db.close();
    },
    release() {
      if (holder(folder) === process.pid) rmSync(join(folder, PID_FILE), { force: true });
      held.db.close();
    },
  };
}

const inodeOf = (folder: string): number | undefined =>
  statSync(join(folder, LOCK_FILE), { throwIfNoEntry: false })?.ino;

function takeForWriting(
  folder: string,
  waitMs: number,
  how = '',
): { readonly db: DatabaseSync; readonly ino: number | undefined } {
  const file = join(folder, LOCK_FILE);
  touchPrivate(file);
  const db = new DatabaseSync(file, { timeout: 0 });
  const isRead = (): boolean => taken(db, file, 'BEGIN; SELECT count(*) FROM sqlite_schema; ROLLBACK');
  const isTaken =
    taken(db, file, 'PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE') ||
    (isRead() && taken(db, file, `PRAGMA busy_timeout = ${waitMs}; BEGIN EXCLUSIVE`));
  if (!isTaken) {
    const pid = isRead() ? null : holder(folder);
    db.close();
    throw inUse(folder, pid, how);
  }
  writeFileSync(join(folder, PID_FILE), `${process.pid}\n`, { mode: 0o600 });
  return { db, ino: inodeOf(folder) };
}

/**
 * Takes the folder for reading, beside other readers.
 * @throws {JournalError} `IN_USE` where a writer holds it.
 */
export function lockForReading(folder: string, waitMs: number): Lock {
  const file = join(folder, LOCK_FILE);
  // A copy of a journal has no lock file, and nobody writes to it.
  if (!existsSync(file)) return { release: () => undefined };
  const db = new DatabaseSync(file, { timeout: waitMs, readOnly: true });
  if (!taken(db, file, 'BEGIN; SELECT count(*) FROM sqlite_schema')) {
    db.close();
    throw inUse(folder, holder(folder));
  }
  return { release: () => db.close() };
}

function taken(db: DatabaseSync, file: string, sql: string): boolean {
  try {
    db.exec(sql);
    return true;
  } catch (error) {
    const code = sqliteCode(error);
    if (code !== SQLITE_BUSY) db.close();
    if (code === SQLITE_NOTADB) throw noLock(file);
    if (code !== SQLITE_BUSY) throw error;
    if (db.isTransaction) db.exec('ROLLBACK');
    return false;
  }
}

function noLock(file: string): JournalError {
  const fix = `Stop whatever uses this journal, then remove ${file}: nothing is kept in it.`;
  return new JournalError('FOREIGN', { where: file, expected: 'an empty lock file', found: 'other contents', fix });
}

/** Who holds it; undefined where its file goes while one looks, as that of a process that ends. */
function holder(folder: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(folder, PID_FILE), 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** `pid` is null for a reader, and undefined where nothing tells it. */
function inUse(folder: string, pid: number | null | undefined, how = ''): JournalError {
  const who = pid === null ? 'a reader' : `pid ${pid ?? '?'}${how}`;
  const fix = 'Ask that process, stop it, or use another --profile.';
  return new JournalError('IN_USE', {
    where: folder,
    expected: 'no other process on this journal',
    found: `in use by ${who}`,
    fix,
    pid: pid ?? undefined,
  });
}
