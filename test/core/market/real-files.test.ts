import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildCandles } from '../../../src/core/market/build.ts';
import { readCandles } from '../../../src/core/market/csv.ts';
import { readFunding } from '../../../src/core/market/funding.ts';
import { readTrades } from '../../../src/core/market/trades.ts';
import { DATA, hasData, lateRefusalOf, NEEDS_DATA, rowsOf } from './fixtures.ts';

interface Listed {
  readonly file: string;
  readonly interval: string;
  readonly rows: number;
  readonly gaps: string;
  readonly sha256: string;
}

/** The rows of the manifest's table of candles. */
function listed(): Listed[] {
  if (!hasData) return [];
  const lines = readFileSync(join(DATA, 'MANIFEST.md'), 'utf8').split('\n');
  const rows = lines
    .filter((line) => line.startsWith('| candles/'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  return rows.map((cells) => ({
    file: cells[1] ?? '',
    interval: cells[3] ?? '',
    rows: Number(cells[5]),
    gaps: cells[6] ?? '',
    sha256: cells.at(-2) ?? '',
  }));
}

const files = listed();
const isCandles = ({ file }: Listed): boolean => !/funding|quotes/.test(file);
const STEPS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

function stepOf(interval: string): number {
  const [, count = '', unit = ''] = /^(\d+)([smh])/.exec(interval) ?? [];
  return Number(count) * (STEPS[unit] ?? Number.NaN);
}

describe.skipIf(!hasData)(`the recorded files${NEEDS_DATA}`, () => {
  test('the manifest lists candles, funding and quotes', () => {
    expect(files.length).toBeGreaterThan(25);
  });

  test.each(files.filter(isCandles))('$file has the rows, steps and gaps of the manifest', async (entry) => {
    const { candles, gaps, sha256 } = await readCandles(join(DATA, entry.file));
    expect(candles.length).toBe(entry.rows);
    expect(candles.timeframeMs).toBe(stepOf(entry.interval));
    expect(`${gaps.count}/${gaps.missing}`).toBe(entry.gaps);
    expect(sha256()).toBe(entry.sha256);
  });

  test.each(files.filter(({ file }) => file.includes('funding')))('$file', async (entry) => {
    const funding = await readFunding(join(DATA, entry.file));
    expect(funding.length).toBe(entry.rows);
    expect((await lateRefusalOf(readCandles(join(DATA, entry.file)))).found).toMatch(/^funding rates/);
  });

  test.each(files.filter(({ file }) => file.includes('quotes')))('$file is refused as candles', async (entry) => {
    expect((await lateRefusalOf(readCandles(join(DATA, entry.file)))).found).toMatch(/^quotes/);
  });

  test.each([
    ['binance-spot-BTCUSDT-20240808.trades.csv.gz', 9_757, 5],
    ['binance-usdm-BTCUSDT-20240808.trades.csv.gz', 21_313, 3],
    ['binance-spot-BTCUSDT-trades-20220115.csv.gz', 451_466, 5],
  ])('%s has its trades', async (file, rows, qtyDigits) => {
    const trades = await readTrades(join(DATA, 'ticks', file));
    expect([trades.length, trades.qtyDigits, trades.leftOut]).toEqual([rows, qtyDigits, 0]);
  });

  test('candles of recorded trades equal the exchange candle in every digit', async () => {
    const trades = await readTrades(join(DATA, 'ticks/binance-spot-BTCUSDT-20240808.trades.csv.gz'));
    const oracle = await readCandles(join(DATA, 'ticks/oracle-binance-spot-BTCUSDT-5m-20240808T2355.csv'), {
      timeframeMs: 300_000,
    });
    const { candles, isFirstPartial } = buildCandles(trades, 300_000);
    expect(isFirstPartial).toBe(true);
    expect(rowsOf(candles).at(-1)).toEqual(rowsOf(oracle.candles)[0]);
  });
});
