import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { money } from '../../../src/core/base/decimal.ts';
import { openHost } from '../../../src/core/boot/host.ts';
import { lastHeader, setTapesAside } from '../../../src/core/boot/host-identity.ts';
import { foreground } from '../../../src/core/boot/paper.ts';
import { type Paths, profileFolder } from '../../../src/core/boot/paths.ts';
import { picture } from '../../../src/core/boot/picture.ts';
import { replay } from '../../../src/core/boot/replay.ts';
import { tapeRecords } from '../../../src/core/boot/tape-records.ts';
import type { Span } from '../../../src/core/command/ports.ts';
import { PAPER_COSTS } from '../../../src/core/command/run/costs.ts';
import {
  readFrames,
  readTape,
  type TapeRecord,
  TapeWriter,
  tapeFile,
  windowsFile,
} from '../../../src/core/journal/tape.ts';
import { DEFAULT_RISK } from '../../../src/core/risk/defaults.ts';
import { candlesToCsv, waves } from '../../support/candles.ts';
import { pathsIn } from '../../support/engine-modes.ts';
import { BTC, done, machine, marketOf, replayed, WHO } from '../../support/host-machine.ts';
import { scratchFolder, writeFiles } from '../../support/scratch.ts';

const DAY_S = 86_400;
const HOOKS = { signal: new AbortController().signal, progress: () => {} };

/** As if its last record had been written so many days ago. */
function age(file: string, days: number): void {
  const at = Date.now() / 1_000 - days * DAY_S;
  utimesSync(file, at, at);
}

const tapesOf = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => /tape/.test(name))
    .sort();

const replayOf = (paths: Paths, profile: string, tape?: string) =>
  replay({ where: { in: 'profile', profile }, tape }, HOOKS, paths);

describe('an engine that runs', () => {
  test('drops old tapes beside its work and keeps what lies round fills; only the rest can be played', async () => {
    const { paths, open, run } = machine();
    const options = { profile: 'long', feed: 'synthetic:7', speed: 1_000 } as const;
    const first = await open(options);
    done(await first.host.ask(marketOf(BTC, 1), WHO));
    await run(first, 6_000);
    const old = join(first.folder, tapeFile(1));
    const before = [...readTape(old).records].map(({ n }) => n);
    age(old, 8);
    const stop = new AbortController();
    const second = await openHost(options, paths, {
      isDebugEnabled: false,
      clock: () => performance.now(),
      async wait() {
        await turn();
        if (!existsSync(old)) stop.abort();
      },
    });
    if (!('host' in second)) throw new Error('expected an engine');
    await second.run(stop.signal);

    const windows = windowsFile(old);
    expect(tapesOf(first.folder)).toEqual(['tape-1.windows.zst', 'tape-2.zst']);
    const kept = [...readTape(windows).records].map(({ n }) => n);
    expect(kept.length).toBeGreaterThan(1);
    expect(before).toEqual(expect.arrayContaining(kept));
    expect(readFileSync(join(first.folder, 'dzentra.log'), 'utf8')).toMatch(/tape-1\.zst.*an old tape was dropped/);
    expect(await replayed(paths, 'long')).toMatchObject({ same: true });
    const report = await tapeRecords(windows, {}, () => Promise.resolve(), HOOKS.signal);
    expect(report).toEqual({ records: kept.length, windows: 1 });

    const fix = `dzentra journal tape ${windows} prints what is left`;
    expect(await replayOf(paths, 'long', old)).toMatchObject({ code: 'TAPE_DROPPED', exit: 3, fix });
    for (const answer of [await replayOf(paths, 'long', windows), await picture({ tape: windows }, paths)]) {
      expect(answer).toMatchObject({
        code: 'TAPE_DROPPED',
        found: expect.stringMatching(/^what was kept of one/),
        fix,
      });
    }
    renameSync(windows, join(first.folder, 'tape-3.zst'));
    expect(await replayOf(paths, 'long')).toMatchObject({ code: 'TAPE_DROPPED' });
  });

  test('in the foreground does so at its end', async () => {
    const paths = pathsIn(scratchFolder());
    const folder = scratchFolder();
    writeFiles(folder, { 'c.csv': candlesToCsv(waves(600)) });
    const request = {
      ...{ strategy: 'ema-cross', params: { fast: '2', slow: '5' }, symbol: BTC, seed: 1, observe: false },
      ...{ risk: DEFAULT_RISK, balance: money('10000'), costs: PAPER_COSTS, instrument: {} },
      source: { from: 'file', path: join(folder, 'c.csv') },
      profile: 'front',
      speed: 'max',
    } as const;
    const run = () => foreground(request, { ...HOOKS, onEntry: () => {} }, paths);
    expect(await run()).toMatchObject({ interrupted: false });
    const profile = profileFolder(paths, 'front');
    age(join(profile, tapeFile(1)), 8);
    expect(await run()).toMatchObject({ interrupted: false });
    expect(tapesOf(profile)).toEqual(['tape-1.windows.zst', 'tape-2.zst']);
  });
});

describe('a folder whose tapes were dropped', () => {
  const header = (feed: string) => ({
    build: 'test',
    config: { feed },
    feed: { kind: 'exchange', exchange: feed } as const,
    snapshotSeq: 0,
  });

  /** Two parts of a tape with records of the minutes 1 to 10 and 11 to 20, two in a frame. */
  function parts(folder: string, epoch: number, feed = 'binanceusdm'): void {
    let now = 0;
    const tape = new TapeWriter(folder, { epoch, header: () => header(feed), clock: () => now, partMsMax: 6_000 });
    for (let n = 1; n <= 20; n++) {
      tape.append({ n, at: n * 60_000, seq: n, input: { kind: 'time', at: n * 60_000 } });
      now += 500;
      tape.flush();
    }
    tape.close();
  }

  test.each([
    ['windows of one', ['tape-1.zst', 'tape-1-0002.zst'], 'tape-2.windows.zst'],
    ['later parts of one', ['tape-1.zst', 'tape-1-0002.zst', 'tape-2.zst'], 'tape-2-0002.zst'],
  ])('says that %s are left', async (_what, gone, left) => {
    const paths = pathsIn(scratchFolder());
    const folder = profileFolder(paths, 'p');
    for (const epoch of [1, 2]) parts(folder, epoch);
    writeFileSync(join(folder, 'journal.db'), '');
    if (left.includes('windows')) {
      renameSync(join(folder, 'tape-2.zst'), join(folder, 'tape-2.windows.zst'));
      renameSync(join(folder, 'tape-2-0002.zst'), join(folder, 'other'));
    }
    for (const name of gone) renameSync(join(folder, name), join(folder, `${name}.gone`));
    expect(await replayOf(paths, 'p')).toMatchObject({
      code: 'TAPE_DROPPED',
      found: `none in ${folder}: they are kept 7 days or 2 GB`,
      fix: `dzentra journal tape ${join(folder, left)} prints what is left`,
    });
  });

  test('says that there is none where there was none', async () => {
    const paths = pathsIn(scratchFolder());
    const folder = profileFolder(paths, 'p');
    writeFiles(folder, { 'journal.db': '', 'tape-1.windows.zst.part': 'half of' });
    expect(await replayOf(paths, 'p')).toMatchObject({ code: 'NO_TAPE', exit: 2, found: `none in ${folder}` });
  });

  test('still tells the feed, from whatever is left of the newest epoch', () => {
    const folder = scratchFolder();
    parts(folder, 1, 'kraken');
    parts(folder, 2, 'okx');
    renameSync(join(folder, 'tape-2.zst'), join(folder, 'gone'));
    writeFileSync(join(folder, 'tape-3.zst'), '');
    expect(lastHeader(folder, 3)?.config.feed).toBe('okx');
    renameSync(join(folder, 'tape-2-0002.zst'), join(folder, 'tape-2-0002.windows.zst'));
    expect(lastHeader(folder, 3)?.config.feed).toBe('okx');
    expect(lastHeader(folder, 1)?.config.feed).toBe('kraken');
    expect(lastHeader(scratchFolder(), 1)).toBeUndefined();
  });

  test('makes way where the journal lost its epoch, with all that is left of it', () => {
    const folder = scratchFolder();
    for (const epoch of [1, 2, 3]) parts(folder, epoch);
    renameSync(join(folder, 'tape-2.zst'), join(folder, 'tape-2.windows.zst'));
    setTapesAside(folder, 1);
    // Once more, and a folder with such a name.
    mkdirSync(join(folder, 'tape-2-0002.zst'));
    setTapesAside(folder, 1);
    expect(tapesOf(folder)).toEqual([
      'lost-2-tape-2-0002.zst',
      'lost-tape-2-0002.zst',
      'lost-tape-2.windows.zst',
      'lost-tape-3-0002.zst',
      'lost-tape-3.zst',
      'tape-1-0002.zst',
      'tape-1.zst',
    ]);
  });

  test('is read record by record, within a span, also past a broken frame', async () => {
    const folder = scratchFolder();
    parts(folder, 1);
    const file = join(folder, tapeFile(1));
    const read = async (span: Span) => {
      let written = '';
      const report = await tapeRecords(
        file,
        span,
        async (text) => {
          written += text;
        },
        HOOKS.signal,
      );
      const numbers = written.match(/.+/g)?.map((line) => (JSON.parse(line) as TapeRecord).n);
      return { report, numbers };
    };
    expect(await read({})).toEqual({ report: { records: 10 }, numbers: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] });
    expect(await read({ from: 180_000, to: 300_000 })).toEqual({ report: { records: 3 }, numbers: [3, 4, 5] });
    expect(await read({ from: 900_000 })).toEqual({ report: { records: 0 }, numbers: undefined });
    const { offset = 0, bytes = Buffer.alloc(0) } = [...readFrames(file)][2] ?? {};
    const spoilt = readFileSync(file);
    spoilt.writeUInt8(spoilt.readUInt8(offset + bytes.length - 1) ^ 1, offset + bytes.length - 1);
    writeFileSync(file, spoilt);
    expect(await read({ to: 420_000 })).toEqual({
      report: expect.objectContaining({
        code: 'TAPE_DAMAGED',
        exit: 3,
        found: expect.stringMatching(`at byte ${offset} of `),
      }),
      numbers: [1, 2, 5, 6, 7],
    });
    expect(await tapeRecords(join(folder, 'none.zst'), {}, () => Promise.resolve(), HOOKS.signal)).toMatchObject({
      code: 'NO_TAPE',
      exit: 2,
    });
  });
});
