import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { journalPorts } from '../../../src/core/boot/journal.ts';
import { foldJournal, REFOLD } from '../../../src/core/boot/journal-state.ts';
import { type Paths, profileFolder } from '../../../src/core/boot/paths.ts';
import { picture } from '../../../src/core/boot/picture.ts';
import { replay } from '../../../src/core/boot/replay.ts';
import { journalShow } from '../../../src/core/command/journal/show.ts';
import { why } from '../../../src/core/command/why.ts';
import { emptyState, type State } from '../../../src/core/domain/state.ts';
import { evolve } from '../../../src/core/engine/evolve.ts';
import type { FileJournal } from '../../../src/core/journal/file-journal.ts';
import { openJournal } from '../../../src/core/journal/sqlite.ts';
import { verifyJournal } from '../../../src/core/journal/verify.ts';
import { pathsIn } from '../../support/engine-modes.ts';
import { HOOKS, read, runTo, WHERE } from '../../support/foreground.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { options, tamper } from '../journal/folders.ts';

/** A profile that was started three times, each time in another month; its first files are sealed. */
async function threeStarts(paths: Paths): Promise<void> {
  for (const to of [Date.UTC(2024, 0, 20), Date.UTC(2024, 1, 10), Date.UTC(2024, 2, 5)]) await runTo(paths, to);
}

const tape = (paths: Paths, epoch: number): string => join(profileFolder(paths, 'p'), `tape-${epoch}.zst`);
const replayOf = (paths: Paths, epoch: number) => replay({ where: WHERE, tape: tape(paths, epoch) }, HOOKS, paths);

/** Drops so many of the first files. */
async function pruneTo(paths: Paths, backup: string, files: number): Promise<void> {
  const at = read(paths, ({ segments }) => segments[files - 1]?.lastAt ?? 0);
  expect(await journalPorts(paths).prune(WHERE, at + 1, backup, HOOKS.signal)).toMatchObject({
    dropped: { length: files },
  });
}

/** A run's journal in files of a few entries each, open. */
async function inShortFiles(to: number): Promise<{ folder: string; journal: FileJournal; state: State }> {
  const paths = pathsIn(scratchFolder());
  await runTo(paths, to);
  const entries = read(paths, (journal) => [...journal.entries()]);
  const folder = scratchFolder();
  const journal = openJournal(folder, options({ rowsMax: 16 }));
  const state = emptyState();
  for (const entry of entries) {
    journal.append(entry);
    evolve(state, entry);
    if (journal.waiting < 16) continue;
    journal.commit();
    if (journal.isSnapshotDue) journal.saveSnapshot(state.seq, state);
  }
  journal.commit();
  return { folder, journal, state };
}

describe('a journal whose first files were pruned', () => {
  test('is sound wherever it begins: what is set for the first time after a snapshot is no damage', async () => {
    const { journal, state } = await inShortFiles(Date.UTC(2024, 0, 14));
    expect(journal.segments.length).toBeGreaterThan(8);
    const backup = scratchFolder();
    for (const { lastAt, last } of journal.segments.slice(0, -1)) {
      journal.prune(lastAt + 1, backup);
      expect(verifyJournal(journal, REFOLD), `from entry ${last.seq + 1}`).toMatchObject({ ok: true });
      expect(foldJournal(journal)).toEqual(state);
    }
    journal.close();
  });

  test('replays what began after that from a snapshot, and says of the rest what is missing', async () => {
    const paths = pathsIn(scratchFolder());
    await threeStarts(paths);
    const whole = await replayOf(paths, 3);
    expect(whole).toMatchObject({ same: true, digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const backup = join(scratchFolder(), 'backup');
    await pruneTo(paths, backup, 1);
    expect(await replayOf(paths, 3)).toEqual({ ...whole, digest: null });
    const seen = await picture({ tape: tape(paths, 3) }, paths);
    expect(seen).toMatchObject({ state: { seq: read(paths, ({ lastSeq }) => lastSeq) }, trades: expect.anything() });
    const firstSeq = read(paths, ({ start }) => start.seq + 1);
    const refused = { code: 'JOURNAL_PRUNED', exit: 3, found: `a journal that begins with #${firstSeq}` };
    expect(await replayOf(paths, 2)).toMatchObject(refused);
    expect(await replayOf(paths, 1)).toMatchObject(refused);
    expect(await picture({ tape: tape(paths, 1) }, paths)).toMatchObject(refused);
    // As the refusal says.
    for (const name of readdirSync(backup).filter((each) => /^journal-\d/.test(each))) {
      copyFileSync(join(backup, name), join(profileFolder(paths, 'p'), name));
    }
    expect(await replayOf(paths, 1)).toMatchObject({ same: true });
    expect(await picture({ tape: tape(paths, 3) }, paths)).toMatchObject({ state: 'state' in seen && seen.state });
    // What is left is compared in full.
    await pruneTo(paths, backup, 1);
    const fills = read(paths, (journal) => [...journal.entries({ kinds: ['order_filled'], newest: true, limit: 1 })]);
    const [{ seq } = { seq: 0 }] = fills;
    tamper(
      profileFolder(paths, 'p'),
      'journal.db',
      `UPDATE entry SET body = json_set(body, '$.trade', 'x') WHERE seq = ${seq}`,
    );
    expect(await replayOf(paths, 3)).toMatchObject({ same: false, first: { journal: { seq }, replay: { seq } } });
  });
});

test('a signal ends a prune between two files, and a verification between two entries; the journal stays sound', async () => {
  const { folder, journal } = await inShortFiles(Date.UTC(2024, 0, 5));
  const sealed = journal.segments.length - 1;
  const firstAt = journal.segments[0]?.lastAt ?? 0;
  expect(sealed).toBeGreaterThan(1);
  journal.close();
  const backup = join(scratchFolder(), 'backup');
  const ports = journalPorts(pathsIn(scratchFolder()));
  const where = { in: 'folder', folder } as const;
  const toEnd = [where, Number.MAX_SAFE_INTEGER, backup] as const;
  expect(await ports.prune(...toEnd, AbortSignal.abort('SIGINT'))).toEqual({
    interrupted: true,
    saved: [`files dropped: 1, their copies are in ${backup}; run it again for the rest`],
  });
  expect(await ports.prune(where, firstAt, backup, HOOKS.signal)).toMatchObject({ dropped: [], kept: sealed });
  await expect(ports.verify(where, { ...HOOKS, signal: AbortSignal.abort('SIGINT') })).rejects.toBe('SIGINT');
  expect(await ports.verify(where, HOOKS)).not.toHaveProperty('first');
  expect(await ports.prune(...toEnd, HOOKS.signal)).toMatchObject({ dropped: { length: sealed - 1 }, kept: 1 });
});

test('whoever asks for an entry that was pruned is told which there are', async () => {
  const paths = pathsIn(scratchFolder());
  // The file of the month may be sealed with the last commit of a run: the next one begins another.
  for (const to of [Date.UTC(2024, 0, 30), Date.UTC(2024, 1, 2), Date.UTC(2024, 1, 3)]) await runTo(paths, to);
  await pruneTo(paths, scratchFolder(), 1);
  const context = { boot: () => Promise.resolve({ journal: journalPorts(paths) }) } as never;
  const [first, last] = read(paths, ({ start, lastSeq }) => [start.seq + 1, lastSeq]);
  for (const command of [why, journalShow]) {
    expect(await command.run(context, { args: { seq: 1 }, options: { profile: 'p', dir: undefined } })).toMatchObject({
      refusal: { code: 'NO_SUCH_ENTRY', expected: `an entry from ${first} to ${last} of journal p` },
    });
  }
});

test('a fact of the account that a replay does not make is a difference', async () => {
  const paths = pathsIn(scratchFolder());
  await runTo(paths, Date.UTC(2024, 0, 5));
  const folder = profileFolder(paths, 'p');
  const marked = read(paths, (journal) => [...journal.entries({ kinds: ['day_closed'], limit: 1 })][0]);
  tamper(folder, 'journal.db', `UPDATE entry SET body = json_set(body, '$.equity', '7') WHERE seq = ${marked?.seq}`);
  const found = await replayOf(paths, 1);
  expect(found).toMatchObject({ same: false, first: { journal: { seq: marked?.seq }, replay: { seq: marked?.seq } } });
});
