import { copyFileSync, cpSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { journalPorts } from '../../../src/core/boot/journal.ts';
import { type Paths, profileFolder } from '../../../src/core/boot/paths.ts';
import { picture } from '../../../src/core/boot/picture.ts';
import { replay } from '../../../src/core/boot/replay.ts';
import { epochAt } from '../../../src/core/domain/entry.ts';
import { openJournal } from '../../../src/core/journal/sqlite.ts';
import { createSyntheticFeed } from '../../../src/core/lab/host/synthetic.ts';
import { pathsIn } from '../../support/engine-modes.ts';
import { HOOKS, read, runTo, WHERE } from '../../support/foreground.ts';
import { handHost } from '../../support/host-play.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { Scribe } from '../journal/facts.ts';
import { options } from '../journal/folders.ts';

const DAY = 86_400_000;
const JANUARY = Date.UTC(2024, 0, 1);

test('a run whose journal lost its end closes what is left, and that is replayed', async () => {
  const paths = pathsIn(scratchFolder());
  const file = join(profileFolder(paths, 'p'), 'journal.db');
  let to = JANUARY + 3 * DAY;
  let { saved } = await runTo(paths, to);
  while (saved?.position === undefined) {
    to += DAY / 4;
    ({ saved } = await runTo(paths, to));
  }
  copyFileSync(file, `${file}.old`);
  await runTo(paths, to + DAY);
  rmSync(file);
  copyFileSync(`${file}.old`, file);
  const { summaryLines } = await runTo(paths, to + 2 * DAY);
  expect(summaryLines[0]).toContain('the journal ended before its mark');
  expect(summaryLines.at(-1)).toBe('account is HALTED: panic');
  expect(summaryLines).toContain('flat');
  expect(await replay({ where: WHERE }, HOOKS, paths)).toMatchObject({ same: true });
});

const verified = async (paths: Paths) => {
  const report = await journalPorts(paths).verify(WHERE, HOOKS);
  if ('exit' in report) throw new Error(report.found);
  return report;
};

/** Numbers of the starts that the journal tells of. */
const startsOf = (paths: Paths): readonly number[] =>
  read(paths, (journal) => [...journal.entries({ kinds: ['epoch_started'] })].map(epochAt));

test.each<[string, readonly string[], string, readonly number[]]>([
  ['its mark tells it', [], 'entries up to the mark', [1, 4, 5]],
  ['its mark came back with it', ['journal.mark'], 'entries of start 3', [1, 4, 5]],
  // As a program left it that kept no numbers: nothing can be known, and that is told.
  ['nothing tells it', ['journal.epoch'], 'their numbers are given out again', [1, 2, 3]],
])('an older journal goes on after the starts that it lost: %s', async (_how, beside, told, starts) => {
  const paths = pathsIn(scratchFolder());
  const folder = profileFolder(paths, 'p');
  const names = ['journal.db', ...beside];
  await runTo(paths, JANUARY + DAY);
  for (const name of names) copyFileSync(join(folder, name), join(folder, `${name}.old`));
  await runTo(paths, JANUARY + 2 * DAY);
  await runTo(paths, JANUARY + 3 * DAY);
  for (const name of names) renameSync(join(folder, `${name}.old`), join(folder, name));
  if (beside.includes('journal.epoch')) rmSync(join(folder, 'journal.epoch'));
  expect((await verified(paths)).first).toMatchObject({ what: 'mark' });
  const { summaryLines } = await runTo(paths, JANUARY + 3 * DAY);
  expect(summaryLines[0]).toContain(told);
  expect(summaryLines.at(-1)).toBe('account is HALTED: panic');
  expect((await runTo(paths, JANUARY + 4 * DAY)).summaryLines[0]).not.toContain('its mark');
  expect(startsOf(paths)).toEqual(starts);
  expect((await verified(paths)).first).toBeUndefined();
  expect(await replay({ where: WHERE }, HOOKS, paths)).toMatchObject({ same: true });
  const tape = join(folder, `tape-${starts[1]}.zst`);
  expect(await replay({ where: WHERE, tape }, HOOKS, paths)).toMatchObject({ same: true });
  expect(await picture({ tape }, paths)).toMatchObject({ state: { epoch: starts[1] } });
});

test('a start that is killed before its halt is durable leaves the loss to be told again', () => {
  const folder = scratchFolder();
  const first = openJournal(folder, options());
  new Scribe(first).start(1, 'BTC/USDT:USDT');
  first.close();
  rmSync(join(folder, 'journal.db'));
  const journal = openJournal(folder, options());
  const killed = scratchFolder();
  const openTape = () => {
    cpSync(folder, killed, { recursive: true });
    return { append: () => {}, precede: () => {}, flush: () => {}, close: () => {} };
  };
  handHost({ feed: createSyntheticFeed(1), more: { journal, isShort: true, openTape } });
  expect([...journal.entries({ kinds: ['halted'] })]).toHaveLength(1);
  journal.close();
  for (const [left, lost] of [
    [killed, { marked: 1, found: 0 }],
    [folder, undefined],
  ] as const) {
    const next = openJournal(left, options());
    expect(next.lost).toEqual(lost);
    next.close();
  }
});

test('a run whose whole journal is lost begins halted and trades nothing', async () => {
  const paths = pathsIn(scratchFolder());
  await runTo(paths, JANUARY + 3 * DAY);
  rmSync(join(profileFolder(paths, 'p'), 'journal.db'));
  const { summaryLines } = await runTo(paths, JANUARY + 3 * DAY);
  expect(summaryLines.at(-1)).toBe('account is HALTED: panic');
  expect(read(paths, (journal) => [...journal.entries({ kinds: ['order_filled'] })])).toEqual([]);
  expect(await replay({ where: WHERE }, HOOKS, paths)).toMatchObject({ same: true });
});
