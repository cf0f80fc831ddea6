import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { money } from '../../../src/core/base/decimal.ts';
import { STATE_VERSION, STATE_VERSION_MIN } from '../../../src/core/domain/state.ts';
import { type FileJournal, openJournal, readJournal } from '../../../src/core/journal/sqlite.ts';
import { verifyJournal } from '../../../src/core/journal/verify.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { Scribe, START } from './facts.ts';
import { options, refusalOf, tamper } from './folders.ts';

/** Counts entries by kind: a fold that is read at a glance. */
interface Tally {
  seq: number;
  kinds: Record<string, number>;
}
const refold = {
  empty: (): Tally => ({ seq: 0, kinds: {} }),
  restored: (state: Tally): Tally => state,
  fold: (state: Tally, { seq, kind }: { seq: number; kind: string }): void => {
    state.seq = seq;
    state.kinds[kind] = (state.kinds[kind] ?? 0) + 1;
  },
};

/** Commits trades of 10 entries as an engine does: a snapshot where one is due. */
function trade(journal: FileJournal, trades: number, state: Tally, at = journal.lastAt): void {
  const scribe = new Scribe(journal, { at });
  for (let i = 0; i < trades; i++) {
    const from = journal.lastSeq + 1;
    scribe.trade(1);
    journal.commit();
    for (const entry of journal.entries({ fromSeq: from })) refold.fold(state, entry);
    if (journal.isSnapshotDue) journal.saveSnapshot(journal.lastSeq, state);
  }
}

/** Five sealed files of 30 rows and an open one of 10: 160 entries after `run_started`. */
function segmented(): string {
  const folder = scratchFolder();
  const journal = openJournal(folder, options({ rowsMax: 30 }));
  const state = refold.empty();
  new Scribe(journal).start(1, 'BTC/USDT:USDT');
  journal.commit();
  for (const entry of journal.entries()) refold.fold(state, entry);
  trade(journal, 16, state, START + 60_000);
  journal.close();
  return folder;
}

const sealedOf = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => /^journal-\d/.test(name))
    .sort();

describe('a snapshot', () => {
  test('is due after so many entries', () => {
    const journal = openJournal(scratchFolder(), options({ snapshotEvery: 20 }));
    const scribe = new Scribe(journal);
    const dues = [0, 1, 2, 3, 4].map(() => {
      scribe.trade(1);
      journal.commit();
      const isDue = journal.isSnapshotDue;
      if (isDue) journal.saveSnapshot(journal.lastSeq, {});
      return isDue;
    });
    expect(dues).toEqual([false, true, false, true, false]);
    journal.close();
  });

  test('comes back with its exact values, the newest first, also after a restart', () => {
    const folder = scratchFolder();
    const journal = openJournal(folder, options());
    expect(journal.latestSnapshot()).toBeUndefined();
    const scribe = new Scribe(journal);
    for (const balance of ['10000', '10000.000000000000000001']) {
      scribe.trade(1);
      journal.commit();
      journal.saveSnapshot(journal.lastSeq, { accounts: [{ balance: money(balance) }] });
    }
    journal.close();
    const reader = readJournal(folder);
    expect(reader.latestSnapshot()).toEqual({
      seq: 20,
      stateVersion: STATE_VERSION,
      state: { accounts: [{ balance: money('10000.000000000000000001') }] },
    });
    reader.close();
  });

  test.each([
    ['whose state was changed', `UPDATE snapshot SET state = replace(state, '20', '21') WHERE seq = 20`],
    ['whose entry was changed', `UPDATE entry SET hash = '${'b'.repeat(64)}' WHERE seq = 20`],
    ['of another shape of state', 'UPDATE snapshot SET state_version = state_version + 1 WHERE seq = 20'],
    ['of entries that are gone', 'DELETE FROM entry WHERE seq = 20'],
  ])('%s is passed over for the one before', (_what, change) => {
    const folder = scratchFolder();
    const journal = openJournal(folder, options());
    const scribe = new Scribe(journal);
    for (const seq of [10, 20]) {
      scribe.trade(1);
      journal.commit();
      journal.saveSnapshot(seq, { seq });
    }
    journal.close();
    tamper(folder, 'journal.db', change);
    const reader = readJournal(folder);
    expect(reader.latestSnapshot()).toMatchObject({ seq: 10, state: { seq: 10 } });
    reader.close();
  });

  test('is only of what is durable', () => {
    const journal = openJournal(scratchFolder(), options());
    new Scribe(journal).trade(1);
    expect(() => journal.saveSnapshot(10, {})).toThrow('Invariant: a snapshot is of the last entry');
    journal.close();
  });
});

describe('a journal in many files', () => {
  test('seals a file at its number of rows; the next one begins with a snapshot and the last hash', () => {
    const folder = segmented();
    expect(sealedOf(folder)).toEqual([1, 2, 3, 4, 5].map((number) => `journal-00000${number}.db`));
    const journal = readJournal(folder);
    const [first, second] = journal.segments;
    expect(second?.header.before).toEqual(first?.last);
    expect(journal.segments.map(({ firstSeq, last }) => [firstSeq, last.seq])).toEqual([
      [1, 31],
      [32, 61],
      [62, 91],
      [92, 121],
      [122, 151],
      [152, 161],
    ]);
    expect(journal.segments.map((segment) => segment.snapshots().next().value?.seq)).toEqual([
      31, 61, 91, 121, 151, 151,
    ]);
    journal.close();
    expect((statSync(join(folder, 'journal-000001.db')).mode & 0o777).toString(8)).toBe('400');
    expect(readdirSync(folder).filter((name) => /^journal-.*-(wal|shm|journal)$/.test(name))).toEqual([]);
  });

  test("seals a file at a month's turn", () => {
    const folder = scratchFolder();
    const journal = openJournal(folder, options());
    trade(journal, 1, refold.empty(), Date.UTC(2025, 4, 31, 23, 40));
    expect(sealedOf(folder)).toEqual([]);
    trade(journal, 1, refold.empty(), Date.UTC(2025, 4, 31, 23, 55));
    expect(sealedOf(folder)).toEqual(['journal-000001.db']);
    trade(journal, 1, refold.empty());
    expect(sealedOf(folder)).toEqual(['journal-000001.db']);
    journal.close();
    expect(verifyJournal(folder)).toMatchObject({ ok: true, entries: 30 });
  });

  test('tells why its file could not be sealed, frees the folder and goes on at the next start', () => {
    const folder = scratchFolder();
    const journal = openJournal(folder, options({ rowsMax: 5 }));
    const inTheWay = join(folder, 'journal-000001.db');
    mkdirSync(inTheWay);
    expect(() => trade(journal, 1, refold.empty(), START)).toThrow(/^EISDIR/);
    journal.close();
    rmdirSync(inTheWay);
    const next = openJournal(folder, options());
    expect([sealedOf(folder), next.lastSeq, next.lost]).toEqual([['journal-000001.db'], journal.lastSeq, undefined]);
    next.close();
  });

  test('grows on where another program has the full file open, and seals it an hour later', () => {
    const folder = scratchFolder();
    let now = 0;
    const journal = openJournal(folder, options({ rowsMax: 30, clock: () => now }));
    const state = refold.empty();
    trade(journal, 2, state, START);
    const reader = new DatabaseSync(join(folder, 'journal.db'), { readOnly: true });
    reader.prepare('SELECT count(*) FROM entry').get();
    trade(journal, 4, state);
    expect([sealedOf(folder), journal.lastSeq, journal.isSnapshotDue]).toEqual([[], 60, false]);
    reader.close();
    trade(journal, 1, state);
    expect(sealedOf(folder)).toEqual([]);
    now += 3_600_000;
    trade(journal, 1, state);
    expect([sealedOf(folder), journal.segments.map(({ last }) => last.seq)]).toEqual([['journal-000001.db'], [80, 80]]);
    trade(journal, 1, state);
    journal.close();
    expect(verifyJournal(folder, refold)).toMatchObject({ ok: true, entries: 90 });
  });

  test('that was killed while it sealed its file starts beside a program that has it open', () => {
    const folder = segmented();
    tamper(folder, 'journal.db', 'UPDATE segment SET sealed = 1');
    const reader = new DatabaseSync(join(folder, 'journal.db'), { readOnly: true });
    reader.prepare('SELECT count(*) FROM entry').get();
    const journal = openJournal(folder, options());
    expect([journal.lastSeq, journal.segments.length]).toEqual([161, 6]);
    trade(journal, 1, refold.empty());
    journal.close();
    reader.close();
    expect(verifyJournal(folder)).toMatchObject({ ok: true, entries: 171 });
  });

  test('is verified as one, every snapshot folded again', () => {
    const folder = segmented();
    // Each of the five snapshots stands at the end of a file and at the beginning of the next.
    expect(verifyJournal(folder, refold)).toMatchObject({ ok: true, entries: 161, fromSeq: 1, snapshots: 10 });
  });

  test('names a snapshot that its entries do not give', () => {
    const folder = segmented();
    const wrong = {
      ...refold,
      fold: (state: Tally, entry: { seq: number; kind: string }) => {
        if (entry.seq !== 70) refold.fold(state, entry);
      },
    };
    const flaw = verifyJournal(folder, wrong);
    expect(flaw).toMatchObject({ ok: false, seq: 91, what: 'snapshot' });
    expect(flaw).not.toMatchObject({ expected: (flaw as { found: string }).found });
  });

  test('is read by queries and boots from the newest snapshot', () => {
    const journal = openJournal(segmented(), options());
    expect(journal.latestSnapshot()?.seq).toBe(151);
    expect([
      ...journal.entries({ symbol: 'BTC/USDT:USDT', kinds: ['position_closed'], newest: true, limit: 7 }),
    ]).toHaveLength(7);
    expect(journal.entry(31)?.seq).toBe(31);
    expect(journal.entry(32)?.seq).toBe(32);
    journal.close();
  });

  test('misses no file unseen', () => {
    const folder = segmented();
    rmSync(join(folder, 'journal-000003.db'));
    const expected = { code: 'DAMAGED', seq: 62, expected: 'a file that begins after entry 61' };
    expect(refusalOf(() => openJournal(folder, options()))).toMatchObject(expected);
    expect(verifyJournal(folder)).toMatchObject({ ok: false, seq: 62, what: 'file' });
    const other = segmented();
    rmSync(join(other, 'journal-000001.db'));
    expect(refusalOf(() => openJournal(other, options()))).toMatchObject({ code: 'DAMAGED', seq: 1 });
  });

  test('names a bad entry in a sealed file', () => {
    const folder = segmented();
    tamper(folder, 'journal-000002.db', `UPDATE entry SET body = '{}' WHERE seq = 40`);
    expect(verifyJournal(folder)).toMatchObject({ ok: false, seq: 40, what: 'hash' });
  });

  test.each([
    [
      'before the sealed file got its name',
      (folder: string) => renameSync(join(folder, 'journal-000005.db'), join(folder, 'journal.db')),
    ],
    ['before the new file was made', (folder: string) => rmSync(join(folder, 'journal.db'))],
    ['while the new file was made', (folder: string) => writeFileSync(join(folder, 'journal.db'), '', { mode: 0o600 })],
  ])('goes on after a crash %s', (_when, crash) => {
    const folder = segmented();
    // The crash came right after entry 151: what was written later never was.
    crash(folder);
    rmSync(join(folder, 'journal.mark'));
    const journal = openJournal(folder, options({ rowsMax: 30 }));
    expect(journal.lastSeq).toBe(151);
    expect(journal.latestSnapshot()?.seq).toBe(151);
    trade(journal, 1, refold.empty());
    journal.close();
    expect(sealedOf(folder)).toHaveLength(5);
    expect(verifyJournal(folder)).toMatchObject({ ok: true, entries: 161 });
  });

  test('goes on after a crash that left its file read-only: the mode tells, because root may write anyway', () => {
    const folder = segmented();
    const open = join(folder, 'journal.db');
    chmodSync(open, 0o400);
    openJournal(folder, options()).close();
    expect((statSync(open).mode & 0o777).toString(8)).toBe('600');
  });
});

describe('pruning', () => {
  test('drops what is sealed and older, after one copy of each file', () => {
    const folder = segmented();
    const backup = join(scratchFolder(), 'backup');
    const journal = openJournal(folder, options());
    const kept = journal.entry(100);
    const bytes = readFileSync(join(folder, 'journal-000002.db'));
    const at = journal.entry(95)?.at ?? 0;
    expect(journal.prune(at, backup)).toEqual(['journal-000001.db', 'journal-000002.db', 'journal-000003.db']);
    expect(sealedOf(folder)).toEqual(['journal-000004.db', 'journal-000005.db']);
    expect(sealedOf(backup)).toHaveLength(3);
    expect(readFileSync(join(backup, 'journal-000002.db')).equals(bytes)).toBe(true);
    expect([journal.entry(91), journal.entry(100)]).toEqual([undefined, kept]);
    expect([...journal.entries({ symbol: 'BTC/USDT:USDT', limit: 1 })][0]?.seq).toBe(92);
    expect(journal.prune(at, backup)).toEqual([]);
    journal.close();
    expect(verifyJournal(folder, refold)).toMatchObject({ ok: true, entries: 70, fromSeq: 92, snapshots: 5 });
    openJournal(folder, options()).close();
  });

  test('leaves copies that are a journal of their own, wherever they begin', () => {
    const folder = segmented();
    const journal = openJournal(folder, options());
    const pruneTo = (seq: number, backup: string) => journal.prune(journal.entry(seq)?.at ?? 0, backup);
    const [first, second] = [scratchFolder(), scratchFolder()];
    pruneTo(32, first);
    expect(verifyJournal(first, refold)).toMatchObject({ ok: true, entries: 31, snapshots: 1 });
    pruneTo(62, first);
    expect(verifyJournal(first, refold)).toMatchObject({ ok: true, entries: 61, snapshots: 3 });
    pruneTo(152, second);
    expect(verifyJournal(second, refold)).toMatchObject({ ok: true, entries: 90, fromSeq: 62 });
    rmSync(join(second, 'journal-000005.db'));
    expect(verifyJournal(second)).toMatchObject({ ok: false, what: 'mark', seq: 122 });
    journal.close();
  });

  test('never drops the file that grows', () => {
    const folder = segmented();
    const journal = openJournal(folder, options());
    expect(journal.prune(Number.MAX_SAFE_INTEGER, scratchFolder())).toHaveLength(5);
    expect([journal.lastSeq, journal.segments.length]).toEqual([161, 1]);
    expect(journal.latestSnapshot()?.seq).toBe(151);
    trade(journal, 1, refold.empty());
    journal.close();
    expect(verifyJournal(folder)).toMatchObject({ ok: true, entries: 20, fromSeq: 152 });
  });

  test('leaves snapshots of an older shape to stand in for the entries that are gone', () => {
    const folder = segmented();
    const journal = openJournal(folder, options());
    journal.saveSnapshot(161, refold.empty(), STATE_VERSION_MIN);
    expect(journal.latestSnapshot()).toMatchObject({ seq: 151, stateVersion: STATE_VERSION });
    journal.prune(Number.MAX_SAFE_INTEGER, scratchFolder());
    expect(journal.latestSnapshot()).toMatchObject({ seq: 161, stateVersion: STATE_VERSION_MIN });
    journal.saveSnapshot(161, refold.empty(), STATE_VERSION_MIN - 1);
    expect(journal.latestSnapshot()).toMatchObject({ seq: 151, stateVersion: STATE_VERSION });
    journal.close();
  });

  test('that was cut short is finished by the next one', () => {
    const folder = segmented();
    const copy = scratchFolder();
    copyFileSync(join(folder, 'journal-000001.db'), join(copy, 'journal-000001.db'));
    const journal = openJournal(folder, options());
    const backup = scratchFolder();
    const at = journal.entry(40)?.at ?? 0;
    journal.prune(at, backup);
    journal.close();
    // The file had been copied and noted, but was still there.
    copyFileSync(join(copy, 'journal-000001.db'), join(folder, 'journal-000001.db'));
    const again = openJournal(folder, options());
    expect(again.prune(at, backup)).toEqual(['journal-000001.db']);
    again.close();
    expect(verifyJournal(folder)).toMatchObject({ ok: true, fromSeq: 32 });
  });

  test.each([
    ['its own folder', (folder: string) => folder],
    [
      'its own folder by a link',
      (folder: string) => {
        const link = join(scratchFolder(), 'link');
        symlinkSync(folder, link);
        return link;
      },
    ],
    [
      'a folder with links to its files',
      (folder: string) => {
        const backup = scratchFolder();
        for (const name of sealedOf(folder)) symlinkSync(join(folder, name), join(backup, name));
        return backup;
      },
    ],
  ])('into %s would drop the only copy: it is refused before anything is touched', (_what, backupOf) => {
    const folder = segmented();
    const before = readdirSync(folder);
    const journal = openJournal(folder, options());
    const backup = backupOf(folder);
    expect(refusalOf(() => journal.prune(Number.MAX_SAFE_INTEGER, backup))).toMatchObject({ code: 'FOREIGN' });
    expect(refusalOf(() => journal.backup(backup))).toMatchObject({ code: 'FOREIGN' });
    journal.close();
    expect(readdirSync(folder)).toEqual(before);
    expect(verifyJournal(folder, refold)).toMatchObject({ ok: true, entries: 161 });
  });

  test('into the folder of another journal is refused: that one would not start any more', () => {
    const folder = segmented();
    const other = scratchFolder();
    openJournal(other, options({ profile: 'other' })).close();
    const journal = openJournal(folder, options());
    for (const copy of [() => journal.prune(Number.MAX_SAFE_INTEGER, other), () => journal.backup(other)]) {
      expect(refusalOf(copy)).toMatchObject({ code: 'FOREIGN', found: 'the folder of a journal' });
    }
    journal.close();
    expect(sealedOf(folder)).toHaveLength(5);
    openJournal(other, options({ profile: 'other' })).close();
  });

  test('stops at a backup that holds another file', () => {
    const folder = segmented();
    const backup = scratchFolder();
    writeFileSync(join(backup, 'journal-000001.db'), 'something else');
    const journal = openJournal(folder, options());
    expect(refusalOf(() => journal.prune(Number.MAX_SAFE_INTEGER, backup))).toMatchObject({ code: 'FOREIGN' });
    expect(journal.segments).toHaveLength(6);
    journal.close();
    expect(sealedOf(folder)).toHaveLength(5);
  });
});

test('a backup of a journal in use can be read and verified by itself', () => {
  const journal = openJournal(segmented(), options());
  const backup = join(scratchFolder(), 'backup');
  journal.backup(backup);
  trade(journal, 1, refold.empty());
  journal.backup(backup);
  const copy = readJournal(backup);
  expect(copy.lastSeq).toBe(171);
  expect([...copy.entries()]).toEqual([...journal.entries()]);
  copy.close();
  journal.close();
  expect(verifyJournal(backup)).toMatchObject({ ok: true, entries: 171 });
  const restored = openJournal(backup, options());
  expect([restored.lost, restored.lastSeq]).toEqual([undefined, 171]);
  restored.close();
});
