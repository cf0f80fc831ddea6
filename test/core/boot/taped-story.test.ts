import { appendFileSync, copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { profileFolder } from '../../../src/core/boot/paths.ts';
import { replay } from '../../../src/core/boot/replay.ts';
import { readInputs, readMarket } from '../../../src/core/boot/taped-story.ts';
import type { SameReplay } from '../../../src/core/command/ports.ts';
import { readFrames, readTape, TapeWriter, tapeFile, textOf } from '../../../src/core/journal/tape.ts';
import { compressFrame } from '../../../src/core/journal/tape-frame.ts';
import { inTurns } from '../../../src/core/platform/pace.ts';
import { pathsIn } from '../../support/engine-modes.ts';
import { HOOKS, read, runTo, WHERE } from '../../support/foreground.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { tamper } from '../journal/folders.ts';

it('sizes that a venue does not tell are without bound on the tape, too', () => {
  const folder = scratchFolder();
  const feed = { kind: 'exchange', exchange: 'kraken' } as const;
  const header = { build: 'test', config: {}, feed, snapshotSeq: 0 };
  const tape = new TapeWriter(folder, { epoch: 1, header: () => header, clock: () => 0 });
  const untold = { kind: 'quote', symbol: 'BTC/USDT', at: 1, bid: 1, ask: 2, source: 'rest' } as const;
  const quotes = [
    { ...untold, bidQty: Number.POSITIVE_INFINITY, askQty: Number.POSITIVE_INFINITY },
    { ...untold, bidQty: 0.5, askQty: 0 },
  ];
  for (const [index, input] of quotes.entries()) tape.append({ n: index + 1, at: 1, seq: 0, input });
  tape.close();
  const told = [...readMarket(readTape(`${folder}/${tapeFile(1)}`))].map(({ input }) => input);
  expect(told).toEqual(quotes);
});

it('a tape is read in steps, between which a signal ends it', async () => {
  const folder = scratchFolder();
  const header = { build: 'test', config: {}, feed: { kind: 'exchange', exchange: 'kraken' } as const, snapshotSeq: 0 };
  const tape = new TapeWriter(folder, { epoch: 1, header: () => header, clock: () => 0 });
  for (let n = 1; n <= 200; n++) tape.append({ n, at: n, seq: n, input: { kind: 'time', at: n } });
  tape.close();
  const file = `${folder}/${tapeFile(1)}`;
  expect(await inTurns(readInputs(readTape(file)), undefined)).toMatchObject({ upTo: 200 });
  await expect(inTurns(readInputs(readTape(file)), AbortSignal.abort('SIGINT'))).rejects.toBe('SIGINT');
});

describe('a replay', () => {
  const DAY = 86_400_000;
  /** A profile that was started twice. */
  async function taped() {
    const paths = pathsIn(scratchFolder());
    for (const days of [12, 20]) await runTo(paths, Date.UTC(2024, 0, 1) + days * DAY);
    const folder = profileFolder(paths, 'p');
    return {
      paths,
      folder,
      newest: join(folder, 'tape-2.zst'),
      replayed: (tape?: string) => replay({ where: WHERE, tape }, HOOKS, paths),
    };
  }

  it('tells that a crash cut the tape off, and has nothing to say of one with no input at all', async () => {
    const { paths, newest, replayed } = await taped();
    const whole = await replayed();
    expect(whole).toMatchObject({ same: true, isClosed: true });
    const [header, inputs] = [...readFrames(newest)];
    const lines = inputs === undefined ? [] : textOf(newest, inputs).trim().split('\n');
    // The crash came with the record before the last two, while the next frame was written.
    const cut = compressFrame(`${lines.slice(0, -2).join('\n')}\n`);
    const [head, torn] = [header?.bytes ?? cut, cut.subarray(0, 40)];
    const pieces = [head, cut, torn];
    writeFileSync(newest, Buffer.concat(pieces));
    const toSeq = (JSON.parse(lines.at(-3) ?? '') as { seq: number }).seq;
    expect(await replayed()).toMatchObject({ same: true, isClosed: false, toSeq, cutAt: head.length + cut.length });
    writeFileSync(newest, head);
    expect(await replayed()).toMatchObject({
      code: 'TAPE_EMPTY',
      exit: 3,
      found: expect.stringMatching(/^none: its engine ended/),
    });
    writeFileSync(newest, Buffer.concat([head, torn]));
    const { snapshotSeq } = readTape(newest).header;
    const lastSeq = read(paths, (journal) => journal.lastSeq);
    const found = `cut off within the frame at byte ${head.length}; nothing can be played of #${snapshotSeq + 1} to #${lastSeq}`;
    expect(await replayed()).toMatchObject({ code: 'TAPE_EMPTY', found: expect.stringContaining(found) });
  });

  it('of a killed engine plays all that its journal has, and nothing that was on the way to it', async () => {
    const paths = pathsIn(scratchFolder());
    const folder = profileFolder(paths, 'p');
    /** As a kill would have left it after a commit, the first one is 1. */
    const left = (commit: number): string => join(folder, '..', `left-${commit}`);
    let commits = 0;
    let isTold = false;
    await runTo(paths, Date.UTC(2024, 0, 1) + 200 * DAY, () => {
      if (isTold) return;
      isTold = true;
      queueMicrotask(() => {
        isTold = false;
      });
      cpSync(folder, left(++commits), { recursive: true });
    });
    expect(commits).toBeGreaterThan(2);
    const replayed = (commit: number) => replay({ where: { in: 'folder', folder: left(commit) } }, HOOKS, paths);
    const first = await replayed(1);
    expect(first).toMatchObject({ same: true, isClosed: false });
    const { toSeq, lastSeq } = first as SameReplay;
    expect(toSeq).toBe(lastSeq);
    const tape = (commit: number): string => join(left(commit), tapeFile(1));
    copyFileSync(tape(2), tape(1));
    expect(await replayed(1)).toEqual(first);
    copyFileSync(tape(3), tape(1));
    expect(await replayed(1)).toMatchObject({ code: 'JOURNAL_SHORT', found: `one that ends with #${lastSeq}` });
  });

  it('of what the journal has lost compares nothing, and says so', async () => {
    const { folder, newest, replayed } = await taped();
    const { snapshotSeq } = readTape(newest).header;
    tamper(folder, 'journal.db', `DELETE FROM entry WHERE seq > ${snapshotSeq}; DELETE FROM snapshot`);
    expect(await replayed()).toMatchObject({ code: 'JOURNAL_SHORT', found: `one that ends with #${snapshotSeq}` });
  });

  it('takes the newest tape, whatever folder has the name of one', async () => {
    const { folder, replayed } = await taped();
    const whole = await replayed();
    for (const name of ['tape-3.zst', 'tape-2-0002.zst']) mkdirSync(join(folder, name));
    expect(await replayed()).toEqual(whole);
    expect(await replayed(join(folder, 'tape-3.zst'))).toMatchObject({ code: 'NO_TAPE', found: /^a folder/ });
  });

  it.each([
    ['two tapes in one file', 'joined.zst', /the header of another tape after input \d+/],
    ['a part that is there twice', 'tape-2-0002.zst', /input \d+ after input \d+/],
  ])('refuses %s', async (_what, name, found) => {
    const { folder, newest, replayed } = await taped();
    const file = join(folder, name);
    copyFileSync(newest, file);
    if (name === 'joined.zst') appendFileSync(file, readFileSync(newest));
    const report = await replayed(file);
    expect(report).toMatchObject({ code: 'TAPE_DAMAGED', found: expect.stringMatching(found) });
  });
});
