import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { copyDatabase, MIGRATIONS, openDatabase, pragma } from '../../../src/core/journal/schema.ts';
import { openJournal, readJournal } from '../../../src/core/journal/sqlite.ts';
import { verifyJournal } from '../../../src/core/journal/verify.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { Scribe, START } from './facts.ts';
import { options, refusalOf, tamper } from './folders.ts';

/** A closed journal of one run and `trades` trades; 1 + 10 entries a trade. */
function written(trades: number, folder = scratchFolder()): string {
  const journal = openJournal(folder, options());
  const scribe = new Scribe(journal);
  scribe.start(1, 'BTC/USDT:USDT');
  for (let i = 0; i < trades; i++) scribe.trade(1);
  journal.close();
  return folder;
}

const NOBODY = 65_534;

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe('the files of a journal', () => {
  test('keep what SQLite promises: WAL, every commit synced, strict tables', () => {
    const db = openDatabase(join(scratchFolder(), 'journal.db'));
    expect(pragma(db, 'journal_mode')).toBe('wal');
    expect(pragma(db, 'synchronous')).toBe(2);
    expect(pragma(db, 'trusted_schema')).toBe(0);
    expect(pragma(db, 'busy_timeout')).toBeGreaterThan(0);
    const tables = db.prepare("SELECT name, strict FROM pragma_table_list WHERE name IN ('entry', 'snapshot')").all();
    expect(tables.map((table) => table.strict)).toEqual([1, 1]);
    db.close();
  });

  test('are for their owner only, also while they are written', () => {
    const folder = join(scratchFolder(), 'a', 'b');
    const journal = openJournal(folder, options());
    new Scribe(journal).start(1, 'BTC/USDT:USDT');
    journal.commit();
    expect(modeOf(folder)).toBe('700');
    const files = readdirSync(folder);
    expect(files).toEqual(
      expect.arrayContaining(['journal.db', 'journal.db-wal', 'journal.mark', 'lock.db', 'lock.pid']),
    );
    expect(files.map((name) => [name, modeOf(join(folder, name))])).toEqual(files.map((name) => [name, '600']));
    journal.close();
  });

  test('are refused where others may read them', () => {
    const folder = written(1);
    chmodSync(folder, 0o750);
    expect(refusalOf(() => openJournal(folder, options()))).toMatchObject({
      code: 'UNSAFE',
      fix: `Run: chmod 700 ${folder}`,
    });
    chmodSync(folder, 0o700);
    chmodSync(join(folder, 'journal.db'), 0o644);
    expect(refusalOf(() => openJournal(folder, options()))).toMatchObject({ code: 'UNSAFE', found: 'mode 644' });
  });

  test('belong to one profile', () => {
    const folder = written(1);
    const refusal = refusalOf(() => openJournal(folder, options({ profile: 'live/7f3a' })));
    expect(refusal).toMatchObject({ code: 'FOREIGN', expected: 'profile live/7f3a', found: 'profile paper/test' });
  });

  test('of another program are refused and left alone', () => {
    const folder = scratchFolder();
    const file = join(folder, 'journal.db');
    const db = new DatabaseSync(file);
    db.exec('CREATE TABLE notes(text)');
    db.close();
    chmodSync(file, 0o600);
    const before = readFileSync(file);
    expect(refusalOf(() => openJournal(folder, options())).code).toBe('FOREIGN');
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test.each([
    ['tables', (file: string) => new DatabaseSync(file)],
    ['header', (file: string) => openDatabase(file)],
  ])('whose process died before the first one had its %s hold no journal yet', (_what, begin) => {
    const folder = scratchFolder();
    const file = join(folder, 'journal.db');
    const db = begin(file);
    db.exec('PRAGMA journal_mode = WAL');
    db.close();
    chmodSync(file, 0o600);
    expect(refusalOf(() => verifyJournal(folder))).toMatchObject({ code: 'NO_JOURNAL' });
    written(1, folder);
    expect(verifyJournal(folder)).toMatchObject({ ok: true, entries: 11 });
  });

  test('that are no database are damaged, not overwritten', () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, 'journal.db'), 'x'.repeat(5_000), { mode: 0o600 });
    expect(refusalOf(() => openJournal(folder, options())).code).toBe('DAMAGED');
    expect(readFileSync(join(folder, 'journal.db'), 'utf8')).toBe('x'.repeat(5_000));
  });

  test('of a newer Dzentra are refused', () => {
    const folder = written(1);
    tamper(folder, 'journal.db', 'PRAGMA user_version = 99');
    for (const open of [() => openJournal(folder, options()), () => readJournal(folder)]) {
      expect(refusalOf(open)).toMatchObject({ code: 'NEWER' });
      expect(refusalOf(open).message).toContain('this journal was written by a newer Dzentra');
    }
  });
});

describe('a migration', () => {
  const next = [...MIGRATIONS, 'CREATE INDEX entry_account ON entry(account)'];

  test('keeps a copy of the file as it was', () => {
    const file = join(written(2), 'journal.db');
    const db = openDatabase(file, { migrations: next });
    expect(pragma(db, 'user_version')).toBe(next.length);
    db.close();
    const old = openDatabase(`${file}.v${MIGRATIONS.length}.bak`, { readonly: true });
    expect(old.prepare('SELECT count(*) AS n FROM entry').get()).toEqual({ n: 21 });
    expect(modeOf(`${file}.v${MIGRATIONS.length}.bak`)).toBe('600');
    old.close();
  });

  test('that fails changes nothing', () => {
    const folder = written(2);
    const file = join(folder, 'journal.db');
    const broken = [...next, 'CREATE INDEX broken ON nowhere(at)'];
    expect(() => openDatabase(file, { migrations: broken })).toThrow(/nowhere/);
    expect(verifyJournal(folder)).toMatchObject({ ok: true, entries: 21 });
    expect(openJournal(folder, options()).lastSeq).toBe(21);
  });

  test('is not for readers', () => {
    const file = join(written(1), 'journal.db');
    const refusal = refusalOf(() => openDatabase(file, { readonly: true, migrations: next }));
    expect(refusal).toMatchObject({ code: 'OLDER', found: `tables version ${MIGRATIONS.length}` });
  });
});

describe('the lock', () => {
  test('names the process that holds the journal, to writers and to readers', () => {
    const folder = scratchFolder();
    const journal = openJournal(folder, options());
    for (const open of [() => openJournal(folder, options()), () => readJournal(folder, { lockWaitMs: 0 })]) {
      expect(refusalOf(open)).toMatchObject({
        code: 'IN_USE',
        pid: process.pid,
        found: `in use by pid ${process.pid}`,
      });
    }
    journal.close();
    readJournal(folder).close();
  });

  test('is refused to a second writer at once: one that waits would begin when the first has ended', () => {
    const folder = scratchFolder();
    const journal = openJournal(folder, options());
    const patient = options({ lockWaitMs: 10_000 });
    expect(refusalOf(() => openJournal(folder, patient)).code).toBe('IN_USE');
    journal.close();
  }, 5_000);

  test('is shared by readers, who keep a writer out', () => {
    const folder = written(1);
    const readers = [readJournal(folder), readJournal(folder)];
    expect(refusalOf(() => openJournal(folder, options()))).toMatchObject({
      code: 'IN_USE',
      found: 'in use by a reader',
    });
    for (const reader of readers) reader.close();
    openJournal(folder, options()).close();
  });

  test('that somebody wrote into is named, with what helps', () => {
    const folder = written(1);
    const file = join(folder, 'lock.db');
    writeFileSync(file, 'x'.repeat(3_000));
    for (const open of [() => openJournal(folder, options()), () => readJournal(folder)]) {
      expect(refusalOf(open)).toMatchObject({ code: 'FOREIGN', fix: expect.stringContaining(`remove ${file}`) });
    }
    rmSync(file);
    openJournal(folder, options()).close();
  });

  test('whose file is removed is taken again within a second', () => {
    const folder = scratchFolder();
    const clock = { now: 0 };
    const journal = openJournal(folder, options({ clock: () => clock.now }));
    rmSync(join(folder, 'lock.db'));
    clock.now += 1_000;
    journal.keepMark();
    expect(refusalOf(() => openJournal(folder, options()))).toMatchObject({ code: 'IN_USE', pid: process.pid });
    journal.close();
    openJournal(folder, options()).close();
  });

  test('that another writer took meanwhile ends the first one: what it had committed stays', () => {
    const folder = scratchFolder();
    const clock = { now: 0 };
    const first = openJournal(folder, options({ clock: () => clock.now }));
    new Scribe(first).start(1, 'BTC/USDT:USDT');
    first.commit();
    clock.now += 1_000;
    rmSync(join(folder, 'lock.db'));
    const second = openJournal(folder, options());
    expect(refusalOf(() => first.keepMark())).toMatchObject({
      code: 'IN_USE',
      found: `in use by pid ${process.pid}, who took it when lock.db was removed`,
    });
    first.close();
    second.close();
    expect(verifyJournal(folder)).toMatchObject({ ok: true, entries: 1 });
  });

  test('that another writer took and wrote under: the number that is taken is named', () => {
    const folder = scratchFolder();
    const first = openJournal(folder, options());
    rmSync(join(folder, 'lock.db'));
    const second = openJournal(folder, options());
    for (const journal of [first, second]) new Scribe(journal).start(1, 'BTC/USDT:USDT');
    second.commit();
    expect(refusalOf(() => first.commit())).toMatchObject({
      code: 'IN_USE',
      found: expect.stringContaining('another one wrote entry 1: was lock.db removed'),
    });
    first.close();
    second.close();
    expect(verifyJournal(folder)).toMatchObject({ ok: true, entries: 1 });
  });

  test('is free after a refusal', () => {
    const folder = written(1);
    expect(refusalOf(() => openJournal(folder, options({ profile: 'other' }))).code).toBe('FOREIGN');
    openJournal(folder, options()).close();
  });
});

describe('a reader', () => {
  test('is told where there is no journal, and makes none', () => {
    const folder = join(scratchFolder(), 'none');
    expect(refusalOf(() => readJournal(folder))).toMatchObject({ code: 'NO_JOURNAL' });
    expect(existsSync(folder)).toBe(false);
  });

  test('reads a closed journal where nothing may be written', () => {
    const folder = written(2);
    const isRoot = process.geteuid?.() === 0;
    for (const name of readdirSync(folder)) {
      chmodSync(join(folder, name), 0o400);
      if (isRoot) chownSync(join(folder, name), NOBODY, NOBODY);
    }
    chmodSync(folder, 0o500);
    if (isRoot) chownSync(folder, NOBODY, NOBODY);
    // Root may write anyway.
    if (isRoot) process.seteuid?.(NOBODY);
    try {
      expect(verifyJournal(folder)).toMatchObject({ ok: true, entries: 21 });
    } finally {
      if (isRoot) process.seteuid?.(0);
      chmodSync(folder, 0o700);
    }
  });

  test('reads a copy that has no lock and no mark, and says that nothing proves its end', () => {
    const folder = written(2);
    const copy = scratchFolder();
    cpSync(join(folder, 'journal.db'), join(copy, 'journal.db'));
    const journal = readJournal(copy);
    expect(journal.lastSeq).toBe(21);
    expect(journal.lost).toEqual({ marked: undefined, found: 21 });
    journal.close();
  });
});

describe('writing', () => {
  test('is durable with the commit, not before', () => {
    const folder = scratchFolder();
    const journal = openJournal(folder, options());
    const scribe = new Scribe(journal);
    scribe.start(1, 'BTC/USDT:USDT');
    scribe.trade(1);
    expect([journal.waiting, journal.lastSeq, [...journal.entries()].length]).toEqual([11, 0, 0]);
    journal.commit();
    expect([journal.waiting, journal.lastSeq, [...journal.entries()].length]).toEqual([0, 11, 11]);
    journal.close();
  });

  test('keeps an entry as it was when it was appended', () => {
    const journal = openJournal(scratchFolder(), options());
    const scribe = new Scribe(journal);
    const body = { reason: 'one' };
    scribe.write(0, 'halted', body);
    body.reason = 'two';
    journal.commit();
    expect(journal.entry(1)?.body).toEqual({ reason: 'one' });
    journal.close();
  });

  test('refuses a gap in the seqs and an instant that goes back', () => {
    const journal = openJournal(scratchFolder(), options());
    const scribe = new Scribe(journal);
    scribe.write(0, 'halted', { reason: 'test' });
    scribe.seq += 1;
    expect(() => scribe.write(0, 'halted', { reason: 'test' })).toThrow('expected 2, found 3');
    expect(() => new Scribe(journal, { at: START - 100_000 }).write(0, 'halted', { reason: 'x' })).toThrow(
      /seqs have no gap/,
    );
    const late = new Scribe(journal, { at: START - 100_000 });
    late.seq = 1;
    expect(() => late.write(0, 'halted', { reason: 'test' })).toThrow('instants never go back');
    journal.close();
  });

  test('ends with the first failure: what is durable is known after a restart', () => {
    const folder = scratchFolder();
    const journal = openJournal(folder, options());
    const scribe = new Scribe(journal);
    scribe.start(1, 'BTC/USDT:USDT');
    journal.commit();
    const thief = new DatabaseSync(join(folder, 'journal.db'));
    thief.exec(
      "DROP TABLE snapshot; CREATE TRIGGER full BEFORE INSERT ON entry BEGIN SELECT RAISE(FAIL, 'disk is full'); END",
    );
    thief.close();
    scribe.trade(1);
    expect(() => journal.commit()).toThrow('disk is full');
    expect(() => journal.commit()).toThrow('Invariant: nothing is committed to a journal that is failed');
    expect(() => scribe.trade(1)).toThrow('Invariant: nothing is appended to a journal that is failed');
    expect(() => journal.saveSnapshot(1, {})).toThrow('Invariant: no snapshot in a journal that is failed');
    journal.close();
    const reader = readJournal(folder);
    expect(reader.lastSeq).toBe(1);
    expect(reader.lost).toBeUndefined();
    reader.close();
  });

  test.each<readonly [what: string, change: (folder: string) => void]>([
    ['deleted', (folder) => rmSync(folder, { recursive: true })],
    ['moved', (folder) => renameSync(folder, `${folder}.old`)],
    ['replaced', (folder) => renameSync(join(folder, 'lock.pid'), join(folder, 'journal.db'))],
  ])('ends where its file is %s: what it wrote would be nowhere', (_what, change) => {
    const nothing = (): void => undefined;
    const waits = [
      { ms: 0, write: (scribe: Scribe) => scribe.trade(1), what: 'an order, which may leave at once' },
      { ms: 100, write: (scribe: Scribe) => scribe.start(2, 'ETH/USDT:USDT'), what: 'anything else' },
      { ms: 1_000, write: nothing, what: 'nothing' },
    ];
    for (const { ms, write, what } of waits) {
      const folder = join(scratchFolder(), 'profile');
      const clock = { now: 0 };
      const journal = openJournal(folder, options({ clock: () => clock.now }));
      const scribe = new Scribe(journal);
      scribe.start(1, 'BTC/USDT:USDT');
      journal.commit();
      change(folder);
      clock.now += ms;
      write(scribe);
      const found = `${folder}/journal.db was deleted, moved or replaced`;
      const keep = (): void => (write === nothing ? journal.keepMark() : journal.commit());
      expect(refusalOf(keep), what).toMatchObject({ code: 'GONE', found });
      expect(() => journal.commit()).toThrow('Invariant: nothing is committed to a journal that is failed');
      journal.close();
    }
  });

  test('that fails at the close frees the folder all the same', () => {
    const folder = scratchFolder();
    const journal = openJournal(folder, options());
    new Scribe(journal).start(1, 'BTC/USDT:USDT');
    const thief = new DatabaseSync(join(folder, 'journal.db'));
    thief.exec("CREATE TRIGGER full BEFORE INSERT ON entry BEGIN SELECT RAISE(FAIL, 'disk is full'); END");
    thief.close();
    expect(() => journal.close()).toThrow('disk is full');
    expect(openJournal(folder, options()).lastSeq).toBe(0);
  });

  test('goes on after a clean stop, runs and symbols included', () => {
    const folder = written(1);
    const journal = openJournal(folder, options());
    expect(journal.lastSeq).toBe(11);
    new Scribe(journal, { at: START + 1e6, epoch: 2 }).trade(1);
    journal.commit();
    expect([...journal.entries({ symbol: 'BTC/USDT:USDT', kinds: ['position_closed'] })]).toHaveLength(2);
    journal.close();
    expect(verifyJournal(folder)).toMatchObject({ ok: true, entries: 21 });
  });
});

test('a copy of the file made while it is written is whole', () => {
  const folder = written(3);
  const db = openDatabase(join(folder, 'journal.db'));
  copyDatabase(db, join(folder, 'copy.db'));
  db.close();
  rmSync(join(folder, 'journal.db'));
  cpSync(join(folder, 'copy.db'), join(folder, 'journal.db'));
  expect(verifyJournal(folder)).toMatchObject({ ok: true, entries: 31 });
});
