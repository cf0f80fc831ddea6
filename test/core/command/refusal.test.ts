import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { refusalOf } from '../../../src/core/command/refusal.ts';
import { damaged } from '../../../src/core/journal/error.ts';
import { openJournal } from '../../../src/core/journal/sqlite.ts';
import { scratchFolder } from '../../support/scratch.ts';

/** What a deed throws. */
function thrown(deed: () => unknown): unknown {
  try {
    return deed();
  } catch (problem) {
    return problem;
  }
}

test('what the system says of a file is refused in its words, and no bug of the program', () => {
  const file = join(scratchFolder(), 'file');
  writeFileSync(file, '');
  expect(refusalOf(thrown(() => mkdirSync(join(file, 'sub'))))).toMatchObject({ exit: 2, code: 'BAD_PATH' });
  expect(refusalOf(Object.assign(new Error('no space left'), { code: 'ENOSPC', syscall: 'write' }))).toMatchObject({
    exit: 2,
    code: 'DISK_FULL',
  });
});

test('what SQLite says of a disk, too', () => {
  const file = join(scratchFolder(), 'a.db');
  const db = new DatabaseSync(file);
  db.exec('CREATE TABLE a(b); PRAGMA max_page_count = 2');
  const full = thrown(() => db.exec(`INSERT INTO a VALUES ('${'x'.repeat(100_000)}')`));
  db.close();
  const readOnly = new DatabaseSync(file, { readOnly: true });
  const written = thrown(() => readOnly.exec('INSERT INTO a VALUES (1)'));
  readOnly.close();
  expect([full, written].map((problem) => refusalOf(problem)?.code)).toEqual(['DISK_FULL', 'NO_RIGHT']);
});

test('a row of a journal that is not as it was written ends a command as it ends verify', () => {
  expect(refusalOf(damaged('journal', 7, 'a hash', 'another'))).toMatchObject({ exit: 1, code: 'JOURNAL_DAMAGED' });
});

test('a folder that others may read is refused as files are: nothing of an account was looked at', () => {
  const folder = join(scratchFolder(), 'open');
  mkdirSync(folder);
  chmodSync(folder, 0o755);
  const options = { profile: 'paper/test', build: '0.1.0', clock: () => 0 };
  expect(refusalOf(thrown(() => openJournal(folder, options)))).toMatchObject({ exit: 2, code: 'JOURNAL_UNSAFE' });
  chmodSync(folder, 0o700);
  const journal = openJournal(folder, options);
  const second = thrown(() => openJournal(folder, { ...options, lockWaitMs: 0 }));
  journal.close();
  expect(refusalOf(second)).toMatchObject({ exit: 3, code: 'JOURNAL_IN_USE' });
});

test('anything else is a bug', () => {
  expect(refusalOf(new TypeError('x is not a function'))).toBeUndefined();
  expect(refusalOf(Object.assign(new Error('no'), { code: 'EACCES', syscall: 'listen' }))).toBeUndefined();
  expect(refusalOf(thrown(() => new DatabaseSync(':memory:').exec('SELECT nothing')))).toBeUndefined();
});
