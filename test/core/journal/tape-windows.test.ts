import { existsSync, readdirSync, readFileSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { AnyEntry } from '../../../src/core/domain/entry.ts';
import type { Kind } from '../../../src/core/domain/events.ts';
import type { Journal } from '../../../src/core/journal/journal.ts';
import { createMemoryJournal } from '../../../src/core/journal/memory.ts';
import { openJournal } from '../../../src/core/journal/sqlite.ts';
import { readFrames, readTape, TapeWriter, tapeFile, windowsFile } from '../../../src/core/journal/tape.ts';
import { decompressFrame } from '../../../src/core/journal/tape-frame.ts';
import { type Dropped, pruneTapes } from '../../../src/core/journal/tape-retention.ts';
import { keepWindows } from '../../../src/core/journal/tape-windows.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { START } from './facts.ts';
import { options } from './folders.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** When the tapes of these tests were written, by the system's clock. */
const WRITTEN = 1_000 * DAY;

/** A minute of the tapes of these tests. */
const at = (minute: number): number => START + minute * MINUTE;
const minuteOf = (instant: number): number => (instant - START) / MINUTE;

const HEADER = {
  build: '0.1.0',
  config: { feed: 'binanceusdm' },
  feed: { kind: 'exchange', exchange: 'binanceusdm' },
  snapshotSeq: 7,
} as const;

/** A closed tape with a record at each of these minutes, one frame for each so many of them. */
function taped(folder: string, minutes: readonly number[], perFrame = 3, epoch = 1): string {
  let now = 0;
  const tape = new TapeWriter(folder, { epoch, header: () => HEADER, clock: () => now });
  for (const [i, minute] of minutes.entries()) {
    tape.append({ n: i + 1, at: at(minute), seq: i, input: { kind: 'quote', symbol: 'BTC/USDT', bid: minute } });
    if ((i + 1) % perFrame === 0) now += 1_000;
    tape.flush();
  }
  tape.close();
  const file = join(folder, tapeFile(epoch));
  utimesSync(file, WRITTEN / 1_000, WRITTEN / 1_000);
  return file;
}

const MINUTES = Array.from({ length: 400 }, (_, i) => i / 2);

type Told = readonly [kind: Kind, minute: number];

function tell(journal: Journal, told: readonly Told[]): void {
  for (const [i, [kind, minute]] of told.entries()) {
    const address = { seq: journal.lastSeq + i + 1, epoch: 1, run: 1, account: 'main', v: 1 };
    journal.append({
      ...address,
      kind,
      at: at(minute),
      cause: 'test',
      body: { reason: 'test' },
    } as unknown as AnyEntry);
  }
  journal.commit();
}

/** A folder with a journal on disk. */
function profile(...told: readonly Told[]) {
  const folder = scratchFolder();
  const journal = openJournal(folder, options());
  onTestFinished(() => journal.close());
  tell(journal, told);
  const tapes = (): string[] =>
    readdirSync(folder)
      .filter((name) => name.startsWith('tape-'))
      .sort();
  const prune = async (days = 8, signal?: AbortSignal): Promise<Dropped[]> => {
    const all: Dropped[] = [];
    for await (const each of pruneTapes(folder, WRITTEN + days * DAY, { journal, signal })) all.push(each);
    return all;
  };
  return { folder, journal, tapes, prune };
}

const minutesOn = (file: string): number[] => [...readTape(file).records].map((record) => minuteOf(record.at));
const between = (from: number, to: number): number[] => MINUTES.filter((minute) => minute >= from && minute <= to);

describe('what outlives a tape', () => {
  test('is ten minutes round every fill, denial, halt and error, once where they overlap', async () => {
    const { folder, tapes, prune } = profile(
      ['epoch_started', 0],
      ['order_filled', 40],
      ['order_intended', 50],
      ['order_denied', 52.25],
      ['equity_marked', 80],
      ['halted', 120],
      ['alert_raised', 150],
    );
    const file = taped(folder, MINUTES);
    const bytes = statSync(file).size;
    expect(await prune(7)).toEqual([]);
    expect(await prune()).toEqual([{ name: 'tape-1.zst', bytes, kept: { windows: 2, flaw: undefined } }]);
    expect(tapes()).toEqual(['tape-1.windows.zst']);
    const windows = [
      [at(30), at(62.25)],
      [at(110), at(130)],
    ];
    const kept = windowsFile(file);
    expect(readTape(kept).header).toEqual({ format: 2, ...HEADER, part: 1, windows });
    expect(minutesOn(kept)).toEqual([...between(30, 62.25), ...between(110, 130)]);
    expect([...readTape(kept).records][0]).toEqual({
      n: 61,
      at: at(30),
      seq: 60,
      input: { kind: 'quote', symbol: 'BTC/USDT', bid: 30 },
    });
    expect(statSync(kept).mode & 0o777).toBe(0o600);
  });

  test('goes 90 days after the tape was written last', async () => {
    const { folder, tapes, prune } = profile(['order_filled', 40]);
    taped(folder, MINUTES);
    await prune(30);
    expect(tapes()).toEqual(['tape-1.windows.zst']);
    expect(await prune(90)).toEqual([]);
    expect((await prune(91)).map(({ name, kept }) => [name, kept])).toEqual([['tape-1.windows.zst', undefined]]);
    expect(tapes()).toEqual([]);
  });

  test.each([
    'order_filled',
    'order_denied',
    'halted',
    'limit_reached',
    'order_rejected',
    'order_unknown',
    'flip_incomplete',
    'stop_lost',
    'liquidated',
    'feed_lost',
    'feed_gap',
    'clock_stepped',
  ] as const)('is what lies round %s, also of another epoch within ten minutes', async (kind) => {
    const { folder, prune } = profile([kind, 195], [kind, 205], [kind, 215]);
    const [first, second] = [taped(folder, MINUTES), taped(folder, [220, 220.5, 226], 1, 2)];
    await prune();
    expect(minutesOn(windowsFile(first))).toEqual(between(185, 199.5));
    expect(minutesOn(windowsFile(second))).toEqual([220, 220.5]);
  });

  test.each([
    ['nothing happened', [['equity_marked', 30]]],
    [
      'it happened before and after',
      [
        ['order_filled', -11],
        ['order_filled', 211],
      ],
    ],
    ['the tape holds nothing round it', [['order_filled', 100]], [0, 1, 2, 198, 199]],
    ['the tape has no record', [['order_filled', 1]], []],
  ] satisfies readonly (readonly [string, readonly Told[], (readonly number[])?])[])(
    'is no file where %s',
    async (...[, told, minutes = MINUTES]) => {
      const { folder, tapes, prune } = profile(...told);
      taped(folder, minutes);
      expect((await prune()).map(({ kept }) => kept)).toEqual([{ windows: 0, flaw: undefined }]);
      expect(tapes()).toEqual([]);
    },
  );

  const minute = fc.integer({ min: -300, max: 3_000 }).map((tenths) => tenths / 10);
  property.prop([fc.array(minute), fc.array(minute), fc.integer({ min: 1, max: 9 })], { numRuns: 100 })(
    'is every record within, and none outside, however frames and instants lie',
    async (minutes, instants, perFrame) => {
      const folder = scratchFolder();
      const ascending = (a: number, b: number): number => a - b;
      const file = taped(folder, minutes.sort(ascending), perFrame);
      const journal = createMemoryJournal();
      tell(
        journal,
        instants.sort(ascending).map((instant) => ['order_filled', instant] as const),
      );
      await keepWindows(file, journal);
      const near = (a: number, b: number): boolean => Math.abs(at(a) - at(b)) <= 10 * MINUTE;
      const wanted = minutes.filter((each) => instants.some((instant) => near(each, instant)));
      const kept = windowsFile(file);
      expect(existsSync(kept) ? [...readTape(kept).records].map((record) => record.at) : []).toEqual(wanted.map(at));
    },
  );
});

describe('a crash while windows are kept', () => {
  test('leaves the tape, and what it left of a file is not taken for one', async () => {
    const { folder, tapes, prune } = profile(['order_filled', 40]);
    const file = taped(folder, MINUTES);
    const part = `${windowsFile(file)}.part`;
    writeFileSync(part, 'half of');
    writeFileSync(join(folder, 'tape-9-0002.windows.zst.part'), 'its tape is gone for another reason');
    expect(await prune(1)).toEqual([]);
    expect(tapes()).toEqual(['tape-1.zst']);
    writeFileSync(part, 'half of');
    await prune();
    expect(tapes()).toEqual(['tape-1.windows.zst']);
    expect(minutesOn(windowsFile(file))).toEqual(between(30, 50));
  });

  test('between the new name and the end of the tape does it once more', async () => {
    const { folder, journal, tapes, prune } = profile(['order_filled', 40]);
    const file = taped(folder, MINUTES);
    await keepWindows(file, journal);
    expect(tapes()).toEqual(['tape-1.windows.zst', 'tape-1.zst']);
    await prune();
    expect(tapes()).toEqual(['tape-1.windows.zst']);
    expect(minutesOn(windowsFile(file))).toEqual(between(30, 50));
  });

  test('or a stop of the engine changes nothing', async () => {
    const { folder, tapes, prune } = profile(['order_filled', 40]);
    taped(folder, MINUTES);
    await expect(prune(8, AbortSignal.abort())).rejects.toThrow(/abort/i);
    expect(tapes()).toEqual(['tape-1.zst']);
    expect(await prune()).toHaveLength(1);
  });
});

describe('of a tape that cannot be read as a whole', () => {
  const framesOf = (file: string) =>
    [...readFrames(file)].map(({ offset, bytes }) => ({ offset, length: bytes.length }));

  function decompressed(frame: Buffer): string | undefined {
    try {
      return decompressFrame(frame);
    } catch {
      return undefined;
    }
  }
  const linesOf = (frame: Buffer): string[] => decompressFrame(frame).trim().split('\n');

  /** Flips a bit of a frame; the first one is the header. */
  function damage(file: string, frame: number, byte: (length: number) => number): void {
    const { offset = 0, length = 0 } = framesOf(file)[frame] ?? {};
    const bytes = readFileSync(file);
    const place = offset + byte(length);
    bytes.writeUInt8(bytes.readUInt8(place) ^ 1, place);
    writeFileSync(file, bytes);
    utimesSync(file, WRITTEN / 1_000, WRITTEN / 1_000);
  }

  test('a broken frame costs itself alone', async () => {
    const { folder, prune } = profile(['order_filled', 40]);
    const file = taped(folder, MINUTES);
    // Minutes 30, 30.5, 31, and 36, 36.5, 37.
    for (const frame of [21, 25]) damage(file, frame, (length) => length - 1);
    expect((await prune())[0]?.kept?.windows).toBe(1);
    const kept = windowsFile(file);
    const whole = [...readFrames(kept)].slice(1).filter(({ bytes }) => decompressed(bytes) !== undefined);
    const minutes = whole.flatMap(({ bytes }) => linesOf(bytes).map((line) => minuteOf(JSON.parse(line).at)));
    expect(minutes).toEqual(between(31.5, 50).filter((minute) => minute < 36 || minute > 37));
  });

  test('what comes before a place without shape is kept', async () => {
    const { folder, prune } = profile(['order_filled', 40], ['order_filled', 150]);
    const file = taped(folder, MINUTES);
    damage(file, 60, () => 0);
    const [dropped] = await prune();
    expect(dropped?.kept?.flaw).toMatch(/a broken frame/);
    expect(minutesOn(windowsFile(file))).toEqual(between(30, 50));
  });

  test('what a crash cut off is no flaw', async () => {
    const { folder, prune } = profile(['order_filled', 195]);
    const file = taped(folder, MINUTES);
    truncateSync(file, statSync(file).size - 1);
    utimesSync(file, WRITTEN / 1_000, WRITTEN / 1_000);
    const [dropped] = await prune();
    expect(dropped?.kept).toEqual({ windows: 1, flaw: undefined });
    expect(minutesOn(windowsFile(file))).toEqual(between(185, 199));
  });

  test.each([
    ['without a header', (file: string) => damage(file, 0, (length) => length - 1), /a broken frame at byte 0/],
    ['that is empty', (file: string) => truncateSync(file, 0), /tape-1.zst is empty/],
    ['that is none', (file: string) => writeFileSync(file, 'seq,kind\n'), /a broken frame at byte 0/],
  ])('nothing is kept of one %s, and it goes', async (_what, spoil, flaw) => {
    const { folder, tapes, prune } = profile(['order_filled', 40]);
    const file = taped(folder, MINUTES);
    spoil(file);
    utimesSync(file, WRITTEN / 1_000, WRITTEN / 1_000);
    expect((await prune())[0]?.kept).toEqual({ windows: 0, flaw: expect.stringMatching(flaw) });
    expect(tapes()).toEqual([]);
  });
});
