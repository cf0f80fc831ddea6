import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Candles } from '../../../src/core/domain/candle.ts';
import { checkCandles } from '../../../src/core/market/candle-check.ts';
import { DataError } from '../../../src/core/market/data-error.ts';
import {
  importCandles,
  listCandles,
  openCandles,
  openUnchecked,
  type StoredSeries,
} from '../../../src/core/market/store.ts';
import { changeStore } from '../../../src/core/market/store-file.ts';
import { fileSafe, keyOf, type SeriesKey, seriesPath, symbolOf } from '../../../src/core/market/store-key.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { anyCandles, candlesOf, lateRefusalOf, MINUTE_MS, type Row, refusalOf, rowsOf, START_AT } from './fixtures.ts';

const KEY: SeriesKey = { exchange: 'file', symbol: 'BTC/USDT:USDT', timeframeMs: MINUTE_MS };
const sound = (minute: number, close = 11): Row => [minute, 10, 12, 9, close, 0.5];
const minutes = (...list: number[]): Candles => candlesOf(list.map((minute) => sound(minute)));

describe('file names', () => {
  test.each([
    ['BTC/USDT:USDT', 'BTC_USDT-USDT'],
    ['ETH/BTC', 'ETH_BTC'],
    ['BTC/USD:BTC-241227', 'BTC_USD-BTC%2d241227'],
    ['../../etc', '%2e%2e_%2e%2e_etc'],
  ])('%s is filed as %s', (symbol, name) => {
    expect(fileSafe(symbol)).toBe(name);
    expect(symbolOf(name)).toBe(symbol);
  });

  test('every symbol and time frame reads back from its file name', () => {
    const key = fc.record({
      symbol: fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => text.isWellFormed()),
      timeframeMs: fc.constantFrom(1_000, 60_000, 86_400_000, 90_000),
      price: fc.constantFrom(undefined, 'mid' as const),
    });
    fc.assert(
      fc.property(key, ({ symbol, timeframeMs, price }) => {
        const wanted: SeriesKey = { exchange: 'file', symbol, timeframeMs, ...(price === undefined ? {} : { price }) };
        const path = seriesPath('/data', wanted);
        expect(dirname(path)).toBe(join('/data', 'file'));
        expect(keyOf('file', path.slice(dirname(path).length + 1))).toEqual(wanted);
      }),
    );
  });

  test('an exchange that would leave the folder is refused', () => {
    expect(refusalOf(() => seriesPath('/data', { ...KEY, exchange: '../up' })).message).toMatch(
      /the id of an exchange/,
    );
  });
});

describe('importing', () => {
  test('what comes out is what went in, from a private file in a private folder', async () => {
    await fc.assert(
      fc.asyncProperty(anyCandles, async (candles) => {
        const root = join(scratchFolder(), 'candles');
        await importCandles(root, KEY, candles);
        expect(rowsOf((await openCandles(root, KEY)).candles)).toEqual(rowsOf(candles));
      }),
      { numRuns: 20 },
    );
    const root = join(scratchFolder(), 'candles');
    const { path } = await importCandles(root, KEY, minutes(0, 1));
    expect([path, dirname(path)].map((each) => statSync(each).mode & 0o777)).toEqual([0o600, 0o700]);
    expect(readdirSync(dirname(path))).toEqual(['BTC_USDT-USDT-1m.arrow']);
  });

  test('pieces join, whatever comes first and however they overlap', async () => {
    const root = scratchFolder();
    await importCandles(root, KEY, minutes(10, 11, 12));
    expect(await importCandles(root, KEY, minutes(12, 13))).toMatchObject({ rows: 4, added: 1, known: 1 });
    expect(await importCandles(root, KEY, minutes(1, 2))).toMatchObject({ rows: 6, gaps: { count: 1, missing: 7 } });
    expect(await importCandles(root, KEY, minutes(3, 4, 5, 6, 7, 8, 9, 10, 11))).toMatchObject({
      rows: 13,
      added: 7,
      known: 2,
      gaps: { count: 0, missing: 0 },
    });
    expect(await importCandles(root, KEY, minutes(5, 6))).toMatchObject({ rows: 13, added: 0, known: 2 });
    const { openAt } = (await openCandles(root, KEY)).candles;
    expect([...openAt]).toEqual(Array.from({ length: 13 }, (_, row) => START_AT + (row + 1) * MINUTE_MS));
  });

  test('at the same time loses no candle: the second waits for the first', async () => {
    const root = scratchFolder();
    const pieces = [minutes(0, 1), minutes(2, 3), minutes(4, 5), minutes(1, 2)];
    const reports = await Promise.all(pieces.map((piece) => importCandles(root, KEY, piece)));
    expect(reports.reduce((sum, { added }) => sum + added, 0)).toBe(6);
    expect((await openCandles(root, KEY)).candles.length).toBe(6);
  });

  test('that was killed leaves a draft until the next one alone', async () => {
    const root = scratchFolder();
    const { path } = await importCandles(root, KEY, minutes(0, 1));
    const [own, other] = [`${path}.0123.tmp`, `${dirname(path)}/ETH_USDT-1m.arrow.0123.tmp`];
    for (const draft of [own, other]) writeFileSync(draft, 'half of it');
    await importCandles(root, KEY, minutes(2));
    expect(readdirSync(dirname(path)).sort()).toEqual([path, other].map((each) => basename(each)).sort());
  });

  test('beside one who does not end is refused, and possible again after it', async () => {
    const root = scratchFolder();
    await changeStore(root, async () => {
      expect((await lateRefusalOf(changeStore(root, () => undefined, 0))).message).toMatch(
        /expected nobody else who writes to the store, found one who does\. Wait for the other import/,
      );
    });
    expect(await changeStore(root, () => 'done', 0)).toBe('done');
    const lock = join(root, 'lock.db');
    writeFileSync(lock, 'x'.repeat(3_000));
    expect(await lateRefusalOf(changeStore(root, () => undefined, 0))).toMatchObject({
      file: lock,
      found: 'other contents',
    });
  });

  test('a candle that differs from the stored one is refused, the first is named, and the store stays as it was', async () => {
    const root = scratchFolder();
    const { path } = await importCandles(root, KEY, minutes(0, 1, 2));
    const before = readFileSync(path);
    const revised = candlesOf([sound(1), sound(2, 10.5), sound(3, 10)]);
    const { message, fix } = await lateRefusalOf(importCandles(root, KEY, revised));
    expect(fix).toBe(`Find out which is right; to replace what is stored, remove ${path} first`);
    expect(message).toContain(`the stored candle at ${START_AT + 2 * MINUTE_MS}: open 10, high 12, low 9, close 11`);
    expect(message).toContain('found open 10, high 12, low 9, close 10.5');
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test.each<readonly [what: string, candles: Candles, message: RegExp]>([
    ['another time frame', candlesOf([sound(0), sound(5)], 5 * MINUTE_MS), /candles of 1m, found 5m/],
    ['an impossible candle', candlesOf([sound(0), [1, 10, 9, 9, 11, 1]]), /line 2: expected a high at or above/],
    [
      'times between the grid',
      candlesOf([sound(0), sound(1.5)]),
      /line 2: .* multiples of 1m apart, found \d+, which is 30000 ms off/,
    ],
  ])('refused: %s', async (_, candles, message) => {
    expect((await lateRefusalOf(importCandles(scratchFolder(), KEY, candles))).message).toMatch(message);
  });

  test('another grid than that of the stored candles is refused', async () => {
    const root = scratchFolder();
    await importCandles(root, KEY, minutes(0, 1));
    expect((await lateRefusalOf(importCandles(root, KEY, minutes(5.5, 6.5)))).message).toMatch(
      /open a multiple of 60000 ms from/,
    );
  });
});

describe('opening', () => {
  test('prices and volumes are views of the one file in memory', async () => {
    const root = scratchFolder();
    await importCandles(root, KEY, minutes(...Array.from({ length: 1_000 }, (_, minute) => minute)));
    const { candles, priceDigits, volumeDigits } = await openCandles(root, KEY);
    expect(candles.close.buffer).toBe(candles.open.buffer);
    expect([candles.length, priceDigits, volumeDigits]).toEqual([1_000, 0, 1]);
  });

  test('a series that is not there says how to bring it in', async () => {
    const { message } = await lateRefusalOf(openCandles(scratchFolder(), KEY));
    expect(message).toMatch(
      /stored candles of BTC\/USDT:USDT 1m from file, found none\. dzentra data list tells what there is, --exchange names/,
    );
  });

  test.each([
    ['another symbol', { ...KEY, symbol: 'ETH/USDT:USDT' }, /expected ETH\/USDT:USDT, found BTC\/USDT:USDT/],
    ['another time frame', { ...KEY, timeframeMs: 5 * MINUTE_MS }, /expected 5m, found 1m/],
  ])('a file under the name of %s is refused', async (_, key, message) => {
    const root = scratchFolder();
    const { path } = await importCandles(root, KEY, minutes(0, 5));
    writeFileSync(seriesPath(root, key), readFileSync(path));
    expect((await lateRefusalOf(openCandles(root, key))).message).toMatch(message);
  });

  test('whatever byte is lost or changed, a file is refused or still sound, and never read past its end', async () => {
    const root = scratchFolder();
    const { path } = await importCandles(root, KEY, minutes(0, 1, 2));
    const whole = readFileSync(path);
    for (let length = 0; length < whole.length; length += 7) {
      writeFileSync(path, whole.subarray(0, length));
      expect((await lateRefusalOf(openCandles(root, KEY))).fix).not.toBe('');
    }
    for (let at = 0; at < whole.length; at++) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] as number) ^ 0xff;
      writeFileSync(path, damaged);
      const rows = await soundRows(openCandles(root, KEY));
      if (rows !== undefined) expect(rows).toBeLessThanOrEqual(3);
    }
  });

  test('flaws inside a stored file are refused on opening and listed by a check', async () => {
    const root = scratchFolder();
    const { path } = await importCandles(root, KEY, minutes(0, 1, 2, 5));
    const bytes = readFileSync(path);
    const high = bytes.indexOf(Buffer.from(Float64Array.of(12, 12, 12, 12).buffer));
    bytes.writeDoubleLE(1, high + 8);
    writeFileSync(path, bytes);
    expect((await lateRefusalOf(openCandles(root, KEY))).message).toMatch(
      /line 2: expected a high at or above.*Move .* away/,
    );
    const check = checkCandles(openUnchecked(root, KEY).candles);
    expect(check.counts).toEqual({ unsorted: 0, duplicate: 0, impossible: 1, uneven: 0 });
    expect(check.gaps).toMatchObject([{ missing: 2 }]);
    expect(check.flaws[0]).toMatchObject({ row: 1, openAt: START_AT + MINUTE_MS, code: 'impossible' });
  });
});

async function soundRows(opening: Promise<{ readonly candles: Candles }>): Promise<number | undefined> {
  try {
    return (await opening).candles.length;
  } catch (error) {
    if (error instanceof DataError) return undefined;
    throw error;
  }
}

test('the list tells what is stored without reading it all, and passes over strange files', async () => {
  const root = scratchFolder();
  expect(listCandles(join(root, 'none'))).toEqual([]);
  await importCandles(root, { ...KEY, exchange: 'binance', symbol: 'ETH/USDT' }, minutes(3, 4));
  await importCandles(root, { ...KEY, price: 'mid' }, minutes(7, 8, 9));
  await importCandles(root, KEY, minutes(0, 1, 5));
  mkdirSync(join(root, '.hidden'));
  writeFileSync(join(root, 'file', 'notes.txt'), 'x');
  writeFileSync(join(root, 'file', 'BTC_USDT-USDT-1m.arrow.0123.tmp'), 'left by a crash');
  const at = (minute: number): number => START_AT + minute * MINUTE_MS;
  const told = ({ path, summary, ...key }: StoredSeries) => {
    if (summary instanceof DataError) throw summary;
    expect(summary.bytes).toBe(statSync(path).size);
    return { ...key, rows: summary.rows, firstAt: summary.firstAt, lastAt: summary.lastAt };
  };
  expect(listCandles(root).map(told)).toEqual([
    { ...KEY, exchange: 'binance', symbol: 'ETH/USDT', rows: 2, firstAt: at(3), lastAt: at(4) },
    { ...KEY, rows: 3, firstAt: at(0), lastAt: at(5) },
    { ...KEY, price: 'mid', rows: 3, firstAt: at(7), lastAt: at(9) },
  ]);
});

describe('a damaged file', () => {
  test.each<readonly [what: string, put: (path: string, whole: Buffer) => void]>([
    ['cut off', (path, whole) => writeFileSync(path, whole.subarray(0, 300))],
    ['empty', (path) => writeFileSync(path, '')],
    ['a folder', (path) => mkdirSync(path)],
    ['a device that never ends', (path) => symlinkSync('/dev/zero', path)],
  ])('that is %s is listed beside the others, and what its message says helps', async (_what, put) => {
    const root = scratchFolder();
    const other = { ...KEY, symbol: 'ETH/USDT:USDT' };
    const { path } = await importCandles(root, KEY, minutes(0, 1));
    await importCandles(root, other, minutes(0, 1, 2));
    const whole = readFileSync(path);
    rmSync(path);
    put(path, whole);
    expect(listCandles(root).map(({ summary }) => summary instanceof DataError)).toEqual([true, false]);
    expect((await openCandles(root, other)).candles.length).toBe(3);
    for (const use of [importCandles(root, KEY, minutes(3)), openCandles(root, KEY)]) {
      expect((await lateRefusalOf(use)).fix).toContain(`Move ${path} away`);
    }
    renameSync(path, `${path}.damaged`);
    expect(await importCandles(root, KEY, minutes(3))).toMatchObject({ rows: 1 });
    expect(listCandles(root)).toHaveLength(2);
  });

  test('whose candles cannot be is not added to', async () => {
    const root = scratchFolder();
    const { path } = await importCandles(root, KEY, minutes(0, 1, 2, 5));
    const bytes = readFileSync(path);
    bytes.writeDoubleLE(1, bytes.indexOf(Buffer.from(Float64Array.of(12, 12, 12, 12).buffer)) + 8);
    writeFileSync(path, bytes);
    expect((await lateRefusalOf(importCandles(root, KEY, minutes(6)))).message).toMatch(
      /a high at or above.*Move .* away/,
    );
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });
});
