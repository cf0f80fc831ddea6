import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { money, price } from '../../../src/core/base/decimal.ts';
import {
  readTape,
  type TapeOptions,
  type TapeRecord,
  TapeWriter,
  tapeFile,
  tapeParts,
} from '../../../src/core/journal/tape.ts';
import { compressFrame, frameLength } from '../../../src/core/journal/tape-frame.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { refusalOf } from './folders.ts';

const HEADER = {
  build: '0.1.0',
  config: { profile: 'demo', fee: money('0.0004') },
  feed: { kind: 'synthetic', seed: 42, symbol: 'BTC/USDT:USDT' },
  snapshotSeq: 0,
} as const;

const record = (n: number): TapeRecord => ({
  n,
  at: 1_000 * n,
  seq: 2 * n,
  kind: 'report',
  price: price(`${60_000 + n}.5`),
});

/** A writer whose clock the test moves. */
function createTape(folder = scratchFolder(), more: Partial<TapeOptions> = {}) {
  const time = { now: 0 };
  const tape = new TapeWriter(folder, { epoch: 1, header: () => HEADER, clock: () => time.now, ...more });
  return { folder, time, tape, file: join(folder, tapeFile(more.epoch ?? 1)) };
}

/** A tape of `seconds` frames with ten records each. */
function taped(seconds: number): string {
  const { tape, time, file } = createTape();
  for (let n = 0; n < seconds * 10; n++) {
    tape.append(record(n));
    time.now += 100;
    tape.flush();
  }
  tape.close();
  return file;
}

const framesOf = (file: string): number[] => {
  const bytes = readFileSync(file);
  const ends = [0];
  for (let length = frameLength(bytes, 0); length !== undefined; length = frameLength(bytes, ends.at(-1) ?? 0)) {
    ends.push((ends.at(-1) ?? 0) + length);
  }
  return ends;
};

describe('a tape', () => {
  test('gives back its header and its records, exact values included', () => {
    const file = taped(3);
    const { header, records, torn } = readTape(file);
    expect(header).toEqual({ format: 2, ...HEADER, part: 1 });
    expect([...records]).toEqual(Array.from({ length: 30 }, (_, n) => record(n)));
    expect([...records]).toHaveLength(30);
    expect(torn).toBeUndefined();
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('gets one frame a second at most, and one at the close', () => {
    const { tape, time, file } = createTape();
    const frames = [];
    for (time.now of [0, 999, 1_000, 1_500, 2_000, 9_000]) {
      tape.append(record(time.now));
      tape.flush();
      frames.push(framesOf(file).length - 2);
    }
    tape.flush();
    expect(frames).toEqual([0, 0, 1, 1, 2, 3]);
    tape.append(record(9_001));
    tape.close();
    tape.close();
    expect(framesOf(file).length - 2).toBe(4);
    expect([...readTape(file).records].map(({ n }) => n)).toEqual([0, 999, 1_000, 1_500, 2_000, 9_000, 9_001]);
  });

  test('has what led to entries before they are committed, however young its last frame is', () => {
    const { tape, file } = createTape();
    tape.append(record(1));
    tape.precede({ n: 1, at: 1_000, seq: 4 });
    tape.append(record(5));
    expect([...readTape(file).records]).toEqual([record(1), { n: 1, at: 1_000, seq: 4, reached: true }]);
    tape.close();
  });

  test('does not pile up in memory when the market runs faster than the clock', () => {
    const { tape, file } = createTape();
    for (let n = 0; n < 100; n++) tape.append({ n, at: n, seq: n, note: 'x'.repeat(100_000) });
    expect(framesOf(file).length - 2).toBe(1);
    tape.close();
  });

  test('is read by any program that knows Zstandard', ({ skip }) => {
    const file = taped(2);
    expect(zstdDecompressSync(readFileSync(file)).toString().split('\n')).toHaveLength(22);
    try {
      expect(execFileSync('zstd', ['-dc', file]).toString().split('\n')).toHaveLength(22);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      skip('zstd is not installed here');
    }
  });

  test('goes on in a new file after a day, from a later snapshot', () => {
    let snapshotSeq = 0;
    const { tape, time, folder } = createTape(scratchFolder(), { header: () => ({ ...HEADER, snapshotSeq }) });
    for (time.now of [0, 86_399_000, 86_400_000, 86_401_000]) {
      snapshotSeq = time.now / 1_000;
      tape.append(record(time.now));
      tape.flush();
    }
    expect(tape.file).toBe(join(folder, 'tape-1-0002.zst'));
    tape.close();
    expect(tapeParts(folder, 1)).toEqual([join(folder, 'tape-1.zst'), join(folder, 'tape-1-0002.zst')]);
    const parts = tapeParts(folder, 1).map((part) => readTape(part));
    expect(parts.map(({ header }) => [header.part, header.snapshotSeq])).toEqual([
      [1, 0],
      [2, 86_400],
    ]);
    expect(parts.map(({ records }) => [...records].map(({ n }) => n))).toEqual([
      [0, 86_399_000],
      [86_400_000, 86_401_000],
    ]);
  });

  test('of an epoch is never written over', () => {
    const { folder, tape } = createTape();
    tape.close();
    expect(() => createTape(folder)).toThrow(/EEXIST/);
    createTape(folder, { epoch: 2 }).tape.close();
    expect(readdirSync(folder)).toEqual(['tape-1.zst', 'tape-2.zst']);
  });

  test('cut at any byte loses the frame that was cut, and says so', () => {
    const source = taped(4);
    const ends = framesOf(source);
    const size = statSync(source).size;
    const file = join(scratchFolder(), 'cut.zst');
    for (let cut = ends[1] ?? 0; cut <= size; cut++) {
      copyFileSync(source, file);
      truncateSync(file, cut);
      const { records, torn } = readTape(file);
      const whole = ends.filter((end) => end <= cut);
      expect([...records]).toHaveLength((whole.length - 2) * 10);
      const offset = whole.at(-1) ?? 0;
      expect(torn).toEqual(offset === cut ? undefined : { offset, bytes: cut - offset });
    }
  });

  test('with a flipped bit before its last frame is refused, unless the bit says nothing', () => {
    const source = taped(4);
    const whole = [...readTape(source).records];
    const ends = framesOf(source);
    const file = join(scratchFolder(), 'flipped.zst');
    const [from = 0, to = 0] = [ends[2], ends[3]];
    let refused = 0;
    for (let at = from; at < to; at++) {
      const bytes = readFileSync(source);
      bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (at % 8)), at);
      writeFileSync(file, bytes);
      try {
        expect([...readTape(file).records], `byte ${at}`).toEqual(whole);
      } catch (error) {
        expect(error, `byte ${at}`).toMatchObject({ code: 'DAMAGED' });
        refused++;
      }
    }
    // Zstandard has an unused bit in a frame's head (RFC 8878, 3.1.1.1.1.3) and padding between its streams.
    expect(to - from - refused).toBeLessThan(4);
  });

  test.each([
    ['an empty file', Buffer.alloc(0), 'DAMAGED', /^tape-1\.zst is empty/],
    ['another file', Buffer.from('seq,kind\n'), 'DAMAGED', /^a broken frame at byte 0/],
    ['a later format', zstdCompressSync('{"format":3}\n'), 'NEWER', /newer Dzentra \(format 3\)/],
    ['no header', zstdCompressSync('{"n":1}\n'), 'NEWER', /newer Dzentra/],
  ])('that is %s is refused', (_what, bytes, code, found) => {
    const file = join(scratchFolder(), 'tape-1.zst');
    writeFileSync(file, bytes);
    expect(refusalOf(() => readTape(file))).toMatchObject({ code, found: expect.stringMatching(found) });
  });

  test('that has no end and is none is not read for ever', () => {
    expect(refusalOf(() => readTape('/dev/zero')).code).toBe('DAMAGED');
  });
});

describe('a frame', () => {
  const text = fc.oneof(
    fc.string(),
    fc.tuple(fc.string(), fc.nat(400_000)).map(([word, n]) => word.repeat(n / (word.length + 1))),
  );

  property.prop([text], { numRuns: 60 })('is as long as its blocks say', (content) => {
    for (const frame of [compressFrame(content), zstdCompressSync(content)]) {
      expect(frameLength(Buffer.concat([frame, Buffer.from('rest')]), 0)).toBe(frame.length);
      expect(frameLength(frame.subarray(0, -1), 0)).toBeUndefined();
    }
  });
});
