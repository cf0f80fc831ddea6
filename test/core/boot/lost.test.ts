import { copyFileSync, cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { profileFolder } from '../../../src/core/boot/paths.ts';
import { replay } from '../../../src/core/boot/replay.ts';
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
