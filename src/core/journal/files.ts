import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../platform/folder.ts';
import { JournalError } from './error.ts';

/** The file that grows. Sealed ones stand beside it as `journal-000001.db`. */
export const OPEN_FILE = 'journal.db';
/** Stands beside a journal since its first writer. */
export const LOCK_FILE = 'lock.db';
const SEALED_FILE = /^journal-(\d{6,})\.db$/;

export const sealedFile = (number: number): string => `journal-${String(number).padStart(6, '0')}.db`;

/** The number of a sealed file by its name, or undefined for any other file. */
export function sealedNumber(name: string): number | undefined {
  const match = SEALED_FILE.exec(name);
  return match === null ? undefined : Number(match[1]);
}

export const isJournalFile = (name: string): boolean => name === OPEN_FILE || sealedNumber(name) !== undefined;

/** POSIX modes say nothing on Windows. */
const HAS_MODES = process.platform !== 'win32';

/** Makes an empty file that only its owner reads, unless there is one: SQLite gives its own files the same mode. */
export function touchPrivate(file: string): void {
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
}

export function makePrivateFolder(folder: string): void {
  makeFolder(folder);
  checkPrivate(folder, '700');
}

/** @throws {JournalError} where others may read or write it, or another user owns it. */
export function checkPrivate(path: string, wanted: '600' | '700'): void {
  if (!HAS_MODES) return;
  const { mode, uid } = statSync(path);
  const found = (mode & 0o777).toString(8);
  if ((mode & 0o077) !== 0) {
    const fix = `Run: chmod ${wanted} ${path}`;
    throw new JournalError('UNSAFE', { where: path, expected: `mode ${wanted}`, found: `mode ${found}`, fix });
  }
  const user = process.geteuid?.();
  if (user !== undefined && uid !== user) {
    const fix = `Run as user ${uid}, or give the folder to user ${user}.`;
    throw new JournalError('UNSAFE', { where: path, expected: `owner ${user}`, found: `owner ${uid}`, fix });
  }
}

/** Makes the names in a folder durable: a new or renamed file may else be gone after a power cut. */
export function syncFolder(folder: string): void {
  if (!HAS_MODES) return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Copies a file that is no longer written to, once: what is there and is no copy of it is refused. */
export function copyOnce(file: string, target: string): void {
  checkApart(file, target);
  if (existsSync(target)) {
    if (isEqual(file, target)) return;
    throw noBackup(target, `a copy of ${file}`, 'another file');
  }
  const part = `${target}.part`;
  // One that a crash left behind has the mode of a sealed file: nobody can write to it.
  rmSync(part, { force: true });
  copyFileSync(file, part);
  chmodSync(part, 0o600);
  settle(part, target);
}

/** @throws {JournalError} `FOREIGN` where two paths lead to one file or folder, by whatever links: it would be its own copy. */
export function checkApart(path: string, backup: string): void {
  const [own, other] = [path, backup].map((each) => statSync(each, { bigint: true, throwIfNoEntry: false }));
  if (own === undefined || own.ino !== other?.ino || own.dev !== other.dev) return;
  throw noBackup(backup, `a copy apart from ${path}`, 'the very same');
}

/** @throws {JournalError} `FOREIGN` where another journal grows: it would not start beside files that are not its own. */
export function checkNoJournal(backup: string): void {
  if (existsSync(join(backup, LOCK_FILE)))
    throw noBackup(backup, 'a folder for copies alone', 'the folder of a journal');
}

function noBackup(where: string, expected: string, found: string): JournalError {
  const fix = 'Give another folder for the backup.';
  return new JournalError('FOREIGN', { where, expected, found, fix });
}

/** Gives a finished file its name once its contents are on the disk. */
export function settle(part: string, target: string): void {
  const handle = openSync(part, 'r+');
  fsyncSync(handle);
  closeSync(handle);
  renameSync(part, target);
}

const CHUNK = 1 << 20;

function isEqual(a: string, b: string): boolean {
  if (statSync(a).size !== statSync(b).size) return false;
  const handles = [openSync(a, 'r'), openSync(b, 'r')] as const;
  const buffers = [Buffer.alloc(CHUNK), Buffer.alloc(CHUNK)] as const;
  try {
    for (let position = 0; ; position += CHUNK) {
      const length = readSync(handles[0], buffers[0], 0, CHUNK, position);
      readSync(handles[1], buffers[1], 0, CHUNK, position);
      if (length === 0) return true;
      if (buffers[0].compare(buffers[1], 0, length, 0, length) !== 0) return false;
    }
  } finally {
    for (const handle of handles) closeSync(handle);
  }
}
