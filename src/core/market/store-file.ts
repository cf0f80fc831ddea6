import { closeSync, existsSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { nodeCrypto } from '../platform/crypto.ts';
import { makeFolder } from '../platform/folder.ts';
import { DataError } from './data-error.ts';

const LOCK_FILE = 'lock.db';
/** A year of minutes is merged in a tenth of a second. */
const LOCK_WAIT_MS = 10_000;
const LOCK_LOOK_MS = 20;
const SQLITE_BUSY = 5;
const SQLITE_NOTADB = 26;

/**
 * Does work that reads a file of the store and writes it anew, while nobody else does: two at once would each keep what
 * they had read, and lose what the other wrote. The lock is SQLite's own, which the kernel frees for a dead process; to
 * wait for it holds up nothing else. (No program may open and close that file: on POSIX this drops the lock.)
 * @throws {DataError} where another one does not end in time.
 */
export async function changeStore<T>(root: string, work: () => Promise<T> | T, waitMs = LOCK_WAIT_MS): Promise<T> {
  const sqlite = await import('node:sqlite');
  makeFolder(root);
  const file = join(root, LOCK_FILE);
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
  const lock = new sqlite.DatabaseSync(file, { timeout: 0 });
  try {
    for (let waited = 0; !isTaken(lock, file); ) {
      if (waited >= waitMs) throw busy(root);
      await sleep(LOCK_LOOK_MS);
      waited += LOCK_LOOK_MS;
    }
    return await work();
  } finally {
    lock.close();
  }
}

function isTaken(lock: DatabaseSync, file: string): boolean {
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
    if (code === SQLITE_BUSY) return false;
    if (code !== SQLITE_NOTADB) throw error;
    const fix = 'Remove it while nobody imports or downloads: nothing is kept in it';
    throw new DataError({ file, expected: 'an empty lock file', found: 'other contents', fix });
  }
}

function busy(root: string): DataError {
  const fix = 'Wait for the other import or download to end, then run this again';
  return new DataError({ file: root, expected: 'nobody else who writes to the store', found: 'one who does', fix });
}

/**
 * Writes beside the file, syncs, renames over it and syncs the folder: a crash leaves the old file or the new one. Drafts
 * that a crash left are removed: call it within `changeStore`.
 */
export function writeWhole(path: string, bytes: Uint8Array): void {
  const folder = dirname(path);
  makeFolder(folder);
  const isDraft = (name: string): boolean => name.startsWith(`${basename(path)}.`) && name.endsWith('.tmp');
  for (const name of readdirSync(folder).filter(isDraft)) rmSync(join(folder, name));
  const draft = `${path}.${nodeCrypto().randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = openSync(draft, 'wx', 0o600);
    try {
      for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  syncFolder(folder);
}

/** Makes the new name durable. Windows has no such call and refuses to open a folder. */
function syncFolder(folder: string): void {
  let handle: number;
  try {
    handle = openSync(folder, 'r');
  } catch {
    return;
  }
  try {
    fsyncSync(handle);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
  } finally {
    closeSync(handle);
  }
}
