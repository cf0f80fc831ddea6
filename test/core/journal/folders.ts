import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { JournalError } from '../../../src/core/journal/error.ts';
import type { JournalOptions } from '../../../src/core/journal/file-journal.ts';

/** Options of a test's journal: a clock that stands still unless the test moves it, and no waiting for locks. */
export function options(more: Partial<JournalOptions> = {}): JournalOptions {
  return { profile: 'paper/test', build: '0.1.0', clock: () => 0, lockWaitMs: 0, ...more };
}

/** Changes a journal's file behind its back, as a bad disk or a curious person would. */
export function tamper(folder: string, file: string, sql: string): void {
  const path = join(folder, file);
  chmodSync(path, 0o600);
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
  for (const log of ['-wal', '-shm']) rmSync(path + log, { force: true });
}

/** The refusal that an action ends with. */
export function refusalOf(action: () => unknown): JournalError {
  try {
    action();
  } catch (error) {
    if (error instanceof JournalError) return error;
    throw error;
  }
  throw new Error('expected a refusal, found none');
}
