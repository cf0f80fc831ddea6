import { copyFileSync, cpSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readEpoch, readMark, writeEpoch } from '../../../src/core/journal/mark.ts';
import { type FileJournal, openJournal, readJournal } from '../../../src/core/journal/sqlite.ts';
import { verifyJournal } from '../../../src/core/journal/verify.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { Scribe } from './facts.ts';
import { options, refusalOf, tamper } from './folders.ts';

const MARK = 'journal.mark';

/** Commits `trades` times 10 entries after `run_started`, each trade a commit of its own. */
function write(journal: FileJournal, trades: number): void {
  const scribe = new Scribe(journal);
  scribe.start(1, 'BTC/USDT:USDT');
  for (let i = 0; i < trades; i++) {
    scribe.trade(1);
    journal.commit();
  }
}

function written(trades: number): string {
  const folder = scratchFolder();
  const journal = openJournal(folder, options());
  write(journal, trades);
  journal.close();
  return folder;
}

/** The files as a crash leaves them: the log is not yet in the database. */
function crashed(trades: number): string {
  const folder = scratchFolder();
  const journal = openJournal(folder, options());
  write(journal, trades);
  const copy = scratchFolder();
  for (const file of ['journal.db', 'journal.db-wal', MARK]) copyFileSync(join(folder, file), join(copy, file));
  journal.close();
  return copy;
}

test.each([0, 1])('a sealed file cut to %i bytes is damage, not one of an older program', (bytes) => {
  const folder = written(1);
  writeFileSync(join(folder, 'journal-000001.db'), 'x'.repeat(bytes), { mode: 0o400 });
  expect(verifyJournal(folder)).toMatchObject({ ok: false, what: 'file', expected: 'the tables of a journal' });
});

describe('the high-water mark', () => {
  const seqOf = (folder: string): number | undefined => {
    const mark = readMark(join(folder, MARK));
    return typeof mark === 'string' ? undefined : mark.seq;
  };

  test('follows each commit with an order, a fill, a position or a halt', () => {
    const folder = scratchFolder();
    const journal = openJournal(folder, options());
    const scribe = new Scribe(journal);
    expect(seqOf(folder)).toBe(0);
    const facts: (() => unknown)[] = [
      () => scribe.write(0, 'halted', { reason: 'panic' }),
      () => scribe.start(1, 'BTC/USDT:USDT'),
      () => scribe.trade(1),
      () => scribe.write(1, 'order_accepted', { order: 1 }),
      () => scribe.write(0, 'halted', { reason: 'panic' }),
    ];
    const marks = facts.map((fact) => {
      fact();
      journal.commit();
      return seqOf(folder);
    });
    expect(marks).toEqual([1, 1, 12, 12, 14]);
    journal.close();
  });

  test('follows anything else within a second of the clock, and at the close', () => {
    let now = 0;
    const folder = scratchFolder();
    const journal = openJournal(folder, options({ clock: () => now }));
    const scribe = new Scribe(journal);
    const accept = (): void => {
      scribe.write(1, 'order_accepted', { order: 1 });
      journal.commit();
    };
    accept();
    expect(seqOf(folder)).toBe(1);
    now = 999;
    accept();
    journal.keepMark();
    expect(seqOf(folder)).toBe(1);
    now = 1_000;
    journal.keepMark();
    expect(seqOf(folder)).toBe(2);
    accept();
    expect(seqOf(folder)).toBe(2);
    journal.close();
    expect(seqOf(folder)).toBe(3);
  });

  test.each<[string, (file: string) => void, number | undefined, number]>([
    ['emptied', (file) => writeFileSync(file, ''), undefined, 1],
    ['deleted', (file) => rmSync(file), undefined, 1],
    ['emptied after sealed ones', (file) => writeFileSync(file, ''), 30, 31],
    ['deleted after sealed ones', (file) => rmSync(file), 30, 31],
  ])('names the first entry of a file that was %s', (_how, lose, rowsMax, seq) => {
    const folder = scratchFolder();
    const journal = openJournal(folder, options(rowsMax === undefined ? {} : { rowsMax }));
    const scribe = new Scribe(journal);
    scribe.start(1, 'BTC/USDT:USDT');
    for (let i = 0; i < 49; i++) {
      scribe.write(1, 'order_accepted', { order: 1 });
      journal.commit();
      if (journal.isSnapshotDue) journal.saveSnapshot(journal.lastSeq, {});
    }
    journal.close();
    lose(join(folder, 'journal.db'));
    expect(verifyJournal(folder)).toMatchObject({ ok: false, seq, expected: 'entries up to the mark, 50' });
  });

  test('shows entries that SQLite lost, until a later commit', () => {
    const folder = crashed(5);
    rmSync(join(folder, 'journal.db-wal'));
    for (let boot = 0; boot < 2; boot++) {
      const journal = openJournal(folder, options());
      expect(journal.lost).toEqual({ marked: 51, found: 0 });
      journal.keepMark();
      journal.close();
    }
    expect(verifyJournal(folder)).toMatchObject({
      ok: false,
      what: 'mark',
      seq: 1,
      expected: 'entries up to the mark, 51',
    });
    const journal = openJournal(folder, options());
    new Scribe(journal).write(0, 'halted', { reason: 'journal lost 51 entries' });
    journal.commit();
    journal.close();
    const next = openJournal(folder, options());
    expect(next.lost).toBeUndefined();
    next.close();
  });

  test.each([
    ['missing', (file: string) => rmSync(file)],
    ['cut', (file: string) => truncateSync(file, 40)],
    ['changed', (file: string) => writeFileSync(file, readFileSync(file, 'utf8').replace('51', '50'))],
    ['too long', (file: string) => writeFileSync(file, 'x'.repeat(300))],
  ])('that is %s proves nothing: as good as lost, until a later commit', (_how, break_) => {
    const folder = written(5);
    break_(join(folder, MARK));
    const journal = openJournal(folder, options());
    expect(journal.lost).toEqual({ marked: undefined, found: 51 });
    journal.close();
    expect(verifyJournal(folder)).toMatchObject({ ok: false, what: 'mark', expected: 'a mark that can be read' });
    const next = openJournal(folder, options());
    new Scribe(next, { at: next.lastAt }).write(0, 'halted', { reason: 'no mark' });
    next.close();
    expect(verifyJournal(folder)).toMatchObject({ ok: true, entries: 52 });
  });

  test('of another history is named', () => {
    const folder = written(3);
    const other = scratchFolder();
    const journal = openJournal(other, options());
    const scribe = new Scribe(journal);
    scribe.start(2, 'ETH/USDT:USDT');
    for (let i = 0; i < 4; i++) scribe.trade(2);
    journal.close();
    copyFileSync(join(other, 'journal.db'), join(folder, 'journal.db'));
    expect(refusalOf(() => openJournal(folder, options()))).toMatchObject({ code: 'DAMAGED', seq: 31 });
    expect(verifyJournal(folder)).toMatchObject({ ok: false, what: 'mark', seq: 31 });
  });
});

describe('the number of the last start', () => {
  function begin(folder: string, epoch: number): void {
    const journal = openJournal(folder, options());
    new Scribe(journal, { at: Math.max(journal.lastAt, 0), epoch: epoch - 1 }).write(0, 'epoch_started', {
      epoch,
      build: '0.1.0',
      resumedFrom: journal.lastSeq,
    });
    journal.commit();
    expect(readEpoch(folder)).toBe(epoch);
    journal.close();
  }

  test.each<[string, (file: string) => void]>([
    ['missing, as of an older program', (file) => rmSync(file)],
    ['cut', (file) => truncateSync(file, 3)],
    ['another', (file) => writeFileSync(file, readFileSync(file, 'utf8').replace('2', '7'))],
    ['behind, as a kill after the commit leaves it', (file) => copyFileSync(`${file}.old`, file)],
  ])('that is %s leaves a whole journal as it is', (_how, change) => {
    const folder = scratchFolder();
    const file = join(folder, 'journal.epoch');
    begin(folder, 1);
    copyFileSync(file, `${file}.old`);
    begin(folder, 2);
    change(file);
    const journal = openJournal(folder, options());
    expect([journal.lost, journal.nextEpoch(2)]).toEqual([undefined, 3]);
    journal.close();
    expect(verifyJournal(folder)).toMatchObject({ ok: true });
    begin(folder, 3);
  });

  test('that a later start did not keep tells nothing of what is lost', () => {
    const folder = scratchFolder();
    for (const epoch of [1, 2]) begin(folder, epoch);
    writeEpoch(folder, 1);
    rmSync(join(folder, MARK));
    const journal = openJournal(folder, options());
    expect(journal.lost).toEqual({ marked: undefined, found: 2, epoch: undefined });
    journal.close();
    writeEpoch(folder, 2);
    const next = openJournal(folder, options());
    expect(next.lost).toEqual({ marked: undefined, found: 2, epoch: 2 });
    next.close();
  });

  test('outlives the journal and its mark', () => {
    const folder = scratchFolder();
    begin(folder, 7);
    for (const name of ['journal.db', MARK]) rmSync(join(folder, name));
    expect(verifyJournal(folder)).toMatchObject({ ok: false, seq: 1, what: 'file' });
    const journal = openJournal(folder, options());
    expect([journal.lost?.epoch, journal.nextEpoch(0)]).toEqual([7, 8]);
    journal.close();
  });
});

test('a log cut at any byte gives a prefix of whole commits, and the mark says so', () => {
  const trades = 6;
  const source = crashed(trades);
  const size = statSync(join(source, 'journal.db-wal')).size;
  const cuts = Array.from({ length: 120 }, (_, i) => Math.floor((size * i) / 119));
  const found = new Set<number>();
  for (const cut of cuts) {
    const folder = scratchFolder();
    cpSync(source, folder, { recursive: true });
    truncateSync(join(folder, 'journal.db-wal'), cut);
    const journal = openJournal(folder, options());
    const { lastSeq, lost } = journal;
    expect(lost).toEqual(lastSeq === 61 ? undefined : { marked: 61, found: lastSeq });
    expect([...journal.entries()]).toHaveLength(lastSeq);
    journal.close();
    found.add(lastSeq);
  }
  // The first commit holds `run_started` and a trade, each later one a trade.
  expect([...found].sort((a, b) => a - b)).toEqual([0, 11, 21, 31, 41, 51, 61]);
});

describe('a row that was changed', () => {
  test.each([
    ['a digit of a balance', `body = replace(body, '10000.16', '90000.16') WHERE seq = 20`, 20, 'hash'],
    ['its instant', 'at = at + 1 WHERE seq = 7', 7, 'hash'],
    ['its account', `account = 'other' WHERE seq = 7`, 7, 'hash'],
    ['its cause', `cause = '1' WHERE seq = 7`, 7, 'hash'],
    ['its own hash', `hash = upper(hash) WHERE seq = 31`, 31, 'hash'],
    ['its seq', 'seq = 99 WHERE seq = 31', 31, 'seq'],
  ])('in %s is named as the first bad entry', (_what, change, seq, what) => {
    const folder = written(3);
    tamper(folder, 'journal.db', `UPDATE entry SET ${change}`);
    expect(verifyJournal(folder)).toMatchObject({ ok: false, seq, what });
    expect(refusalOf(() => openJournal(folder, options()))).toMatchObject({ code: 'DAMAGED', seq });
  });

  test('by deleting it is named', () => {
    const folder = written(3);
    tamper(folder, 'journal.db', 'DELETE FROM entry WHERE seq = 12');
    const flaw = { seq: 12, what: 'seq', expected: 'entry 12', found: 'entry 13' };
    expect(verifyJournal(folder)).toEqual({ ok: false, ...flaw });
  });

  test('with its hash made anew is named by the row after it', () => {
    const folder = written(3);
    tamper(folder, 'journal.db', `UPDATE entry SET hash = '${'a'.repeat(64)}' WHERE seq = 12`);
    expect(verifyJournal(folder)).toMatchObject({ ok: false, seq: 12, what: 'hash' });
  });

  test.each([
    ['a hash that is none', 'hash', 'NULL', { seq: 12, what: 'hash', found: 'null' }],
    ['a body that is none', 'body', 'NULL', { seq: 12, what: 'hash' }],
    ['a body of bytes', 'body', "x'00'", { seq: 12, what: 'hash' }],
    [
      'an instant beyond all numbers',
      'at',
      '9223372036854775807',
      { what: 'file', found: expect.stringMatching('too large') },
    ],
  ])('into what its column cannot hold is named: %s', (_what, column, value, flaw) => {
    const folder = written(3);
    const loose = 'CREATE TABLE loose AS SELECT * FROM entry; DROP TABLE entry; ALTER TABLE loose RENAME TO entry';
    tamper(folder, 'journal.db', `${loose}; UPDATE entry SET ${column} = ${value} WHERE seq = 12`);
    expect(verifyJournal(folder)).toMatchObject({ ok: false, ...flaw });
  });

  test.each([
    ['a digit of it was changed', `UPDATE entry SET body = replace(body, '10000.16', '90000.16') WHERE seq = 20`],
    ['its hash was changed', `UPDATE entry SET hash = '${'a'.repeat(64)}' WHERE seq = 20`],
    ['the hash before it was changed', 'UPDATE entry SET hash = upper(hash) WHERE seq = 19'],
    ['it was deleted', 'DELETE FROM entry WHERE seq = 20'],
  ])('is not told as truth by whoever reads it: %s', (_what, sql) => {
    const folder = written(3);
    tamper(folder, 'journal.db', sql);
    const journal = readJournal(folder);
    const refused = { code: 'DAMAGED', seq: expect.toBeOneOf([19, 20, 21]) };
    expect(refusalOf(() => journal.entry(20))).toMatchObject(refused);
    for (const query of [{}, { newest: true }, { fromSeq: 15, toSeq: 25 }])
      expect(refusalOf(() => [...journal.entries(query)])).toMatchObject(refused);
    expect([...journal.entries({ toSeq: 18 })]).toHaveLength(18);
    expect(journal.entry(24)?.seq).toBe(24);
    journal.close();
  });

  test('into no JSON is named by whoever reads it', () => {
    const folder = written(3);
    tamper(folder, 'journal.db', `UPDATE entry SET body = '{' WHERE seq = 12`);
    const journal = readJournal(folder);
    expect(refusalOf(() => [...journal.entries()])).toMatchObject({ code: 'DAMAGED', seq: 12 });
    expect([...journal.entries({ fromSeq: 13 })]).toHaveLength(19);
    journal.close();
  });

  test('before the last snapshot is left to verify, after it stops the start', () => {
    const folder = scratchFolder();
    const journal = openJournal(folder, options());
    write(journal, 2);
    journal.saveSnapshot(21, { seq: 21 });
    new Scribe(journal, { at: journal.lastAt }).trade(1);
    journal.close();
    tamper(folder, 'journal.db', 'UPDATE entry SET at = at + 1 WHERE seq = 7');
    openJournal(folder, options()).close();
    expect(verifyJournal(folder)).toMatchObject({ ok: false, seq: 7 });
    tamper(folder, 'journal.db', 'UPDATE entry SET epoch = 9 WHERE seq = 25');
    expect(refusalOf(() => openJournal(folder, options()))).toMatchObject({ code: 'DAMAGED', seq: 25 });
  });
});

test.each([
  ['DROP TABLE entry', /no such table: entry/],
  ['DROP TABLE run', /no such table: run/],
  ['DROP TABLE snapshot', /no such table: snapshot/],
  ['DROP TABLE segment', /no such table: segment/],
  ['ALTER TABLE entry RENAME COLUMN body TO text', /no such column: body/],
  // Queries by kind would end there.
  ['DROP INDEX entry_kind', /index entry_kind is missing/],
  ['PRAGMA user_version = 0', /is damaged: 0/],
  ['UPDATE segment SET prev_seq = 9223372036854775807', /too large/],
])('a file in which somebody ran %s is named as damaged', (sql, found) => {
  const folder = written(3);
  tamper(folder, 'journal.db', sql);
  expect(verifyJournal(folder)).toMatchObject({ ok: false, what: 'file', found: expect.stringMatching(found) });
});

test('no flipped bit in a file goes unseen: entries are as written, or the damage is named', () => {
  const source = written(4);
  const intact = answers(source);
  const file = readFileSync(join(source, 'journal.db'));
  const outcomes = { same: 0, named: 0 };
  for (let i = 0; i < 300; i++) {
    const folder = scratchFolder();
    cpSync(source, folder, { recursive: true });
    const flipped = Buffer.from(file);
    // A fixed walk over all pages, another bit each time.
    const at = (i * 102_947) % file.length;
    flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << (i % 8)), at);
    writeFileSync(join(folder, 'journal.db'), flipped);
    if (isNamed(folder)) outcomes.named++;
    else {
      expect(answers(folder), `bit ${i % 8} of byte ${at}`).toEqual(intact);
      outcomes.same++;
    }
  }
  // Both happen: many bits are in free space, many in rows, indexes and the tree.
  expect(outcomes.named).toBeGreaterThan(30);
  expect(outcomes.same).toBeGreaterThan(30);
});

/** By rows and by both indexes: a damaged index would hide entries from a query. */
function answers(folder: string): unknown[] {
  const journal = readJournal(folder);
  const queries = [{}, { run: 1 }, { kinds: ['position_closed'] }, { symbol: 'BTC/USDT:USDT', newest: true }];
  const found = queries.map((query) => [...journal.entries(query)]);
  journal.close();
  return found;
}

/** The header may be that of another program or version, too: that is no verdict, and said. */
function isNamed(folder: string): boolean {
  try {
    return !verifyJournal(folder).ok;
  } catch (error) {
    expect(error).toMatchObject({ name: 'JournalError', code: expect.stringMatching(/^(FOREIGN|NEWER)$/) });
    return true;
  }
}
