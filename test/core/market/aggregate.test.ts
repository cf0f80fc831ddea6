import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { text as decimalText, parse } from '../../../src/core/base/decimal.ts';
import type { Bar, Candles } from '../../../src/core/domain/candle.ts';
import { aggregate, createAggregator } from '../../../src/core/market/aggregate.ts';
import { emptyBar, readBar } from '../../../src/core/market/build-rows.ts';
import { VolumeSum } from '../../../src/core/market/build-volume.ts';
import { anyCandles, barRow, candlesOf, MINUTE_MS, type Row, rowsOf, START_AT } from './fixtures.ts';

const flat = (minute: number): Row => [minute, minute + 1, minute + 2, minute, minute + 1.5, 1];
const minutes = (...list: number[]): Candles => candlesOf(list.map(flat));

/** What is told at each candle: `early` before it, `done` after it. */
function told(
  candles: Candles,
  toMs: number,
): { readonly minute: number; readonly early?: number; readonly done?: number }[] {
  const aggregator = createAggregator(MINUTE_MS, toMs);
  const bar = emptyBar();
  const name = (bucket: Bar | undefined): number | undefined => bucket && (bucket.openAt - START_AT) / MINUTE_MS;
  return Array.from(candles.openAt, (at, row) => {
    const early = name(aggregator.flush(at));
    const done = name(aggregator.push(readBar(candles, row, bar)));
    const minute = (at - START_AT) / MINUTE_MS;
    return { minute, ...(early === undefined ? {} : { early }), ...(done === undefined ? {} : { done }) };
  });
}

describe('when a larger candle closes', () => {
  test('with its last base candle', () => {
    expect(told(minutes(0, 1, 2, 3, 4, 5), 3 * MINUTE_MS).filter((each) => 'done' in each)).toEqual([
      { minute: 2, done: 0 },
      { minute: 5, done: 3 },
    ]);
  });

  test('before the first base candle after it, where its last one is missing', () => {
    expect(told(minutes(0, 1, 7, 8, 9), 3 * MINUTE_MS)).toEqual([
      { minute: 0 },
      { minute: 1 },
      { minute: 7, early: 0 },
      { minute: 8, done: 6 },
      { minute: 9 },
    ]);
  });

  test('twice around one base candle that is alone and the last of its bucket', () => {
    expect(told(minutes(0, 5), 3 * MINUTE_MS).at(-1)).toEqual({ minute: 5, early: 0, done: 3 });
  });

  test('buckets begin at multiples of the time frame, and the one the series begins inside is left out', () => {
    expect(told(minutes(7, 8, 9, 10, 11), 3 * MINUTE_MS).filter((each) => 'done' in each)).toEqual([
      { minute: 11, done: 9 },
    ]);
  });

  test('a bucket says how many base candles it lacks', () => {
    const aggregator = createAggregator(MINUTE_MS, 5 * MINUTE_MS);
    const bar = emptyBar();
    const series = minutes(0, 1, 4);
    for (let row = 0; row < 3; row++) aggregator.push(readBar(series, row, bar));
    expect(aggregator.missing).toBe(2);
  });

  test('a push over an open bucket is a bug, not a lost candle', () => {
    const aggregator = createAggregator(MINUTE_MS, 3 * MINUTE_MS);
    const bar = emptyBar();
    aggregator.push(readBar(minutes(0), 0, bar));
    expect(() => aggregator.push(readBar(minutes(4), 0, bar))).toThrow(/flush comes before/);
  });
});

/** As decimals, digit by digit, of which there are 18 after the point. */
const exactSum = (volumes: readonly number[]): number =>
  Number(decimalText(volumes.reduce((sum, volume) => sum + decimalOf(volume), 0n)));

/** The shortest text, or 18 digits of it. */
function decimalOf(volume: number): bigint {
  try {
    return parse(String(volume));
  } catch {
    return parse(volume.toFixed(18));
  }
}

/** The plain way: group by bucket, then fold each group. */
function grouped(candles: Candles, toMs: number): number[][] {
  const groups = Map.groupBy(rowsOf(candles), ([at = 0]) => Math.floor(at / toMs) * toMs);
  const endAt = (candles.openAt.at(-1) as number) + candles.timeframeMs;
  const isWhole = (at: number, rows: number[][]): boolean =>
    at + toMs <= endAt && (rows[0]?.[0] === at || rows[0]?.[0] !== candles.openAt[0]);
  const column = (rows: number[][], index: number): number[] => rows.map((row) => row[index] as number);
  return [...groups]
    .filter(([at, rows]) => isWhole(at, rows))
    .map(([at, rows]) => [
      at,
      column(rows, 1)[0] as number,
      Math.max(...column(rows, 2)),
      Math.min(...column(rows, 3)),
      column(rows, 4).at(-1) as number,
      exactSum(column(rows, 5)),
    ]);
}

test('candle by candle and column by column agree with plain grouping', () => {
  fc.assert(
    fc.property(anyCandles, fc.constantFrom(1, 3, 5, 15, 60), (candles, factor) => {
      const toMs = factor * MINUTE_MS;
      const expected = grouped(candles, toMs);
      const aggregator = createAggregator(MINUTE_MS, toMs, new VolumeSum());
      const bar = emptyBar();
      const streamed: number[][] = [];
      for (let row = 0; row < candles.length; row++) {
        for (const bucket of [
          aggregator.flush(candles.openAt[row] as number),
          aggregator.push(readBar(candles, row, bar)),
        ]) {
          if (bucket !== undefined) streamed.push(barRow(bucket));
        }
      }
      expect(streamed).toEqual(expected);
      expect(rowsOf(aggregate(candles, toMs))).toEqual(expected);
    }),
  );
});

describe('a volume is the sum of decimals', () => {
  const lots = (digits: number) => fc.integer({ min: 0, max: 10 ** 9 }).map((count) => Number(`${count}e-${digits}`));

  test.each([
    ['two that a double has not', [0.1, 0.2], 0.3],
    ['many of them', Array.from({ length: 1_440 }, () => 12.345), 17_776.8],
    ['the noise of an earlier sum', [12.300000000000001, 0.1], 12.4],
    ['small ones of many digits', [0.009, 1.95322004e-7], 0.009000195322004],
    ['large ones beside small ones', [9_007_199_254_740_991, 0.1, 0.00000001], 9_007_199_254_740_991],
    ['coins by the quintillion', [3e18, 2e18], 5e18],
    ['none', [0, 0], 0],
  ])('%s', (_what, volumes, sum) => {
    const [row] = rowsOf(
      aggregate(candlesOf(volumes.map((volume, i) => [i, 2, 2, 2, 2, volume])), volumes.length * MINUTE_MS),
    );
    expect(row?.at(-1)).toBe(sum);
  });

  test('whatever their digits, and whichever came before', () => {
    const volume = fc.oneof(lots(3), lots(8), lots(0), lots(15), fc.double({ min: 0.01, max: 1e9, noNaN: true }));
    fc.assert(
      fc.property(fc.array(fc.tuple(volume, volume, volume), { minLength: 1 }), (triples) => {
        const rows = triples.flat().map((each, i): Row => [i, 2, 2, 2, 2, each]);
        const sums = rowsOf(aggregate(candlesOf(rows), 3 * MINUTE_MS)).map((row) => row.at(-1));
        expect(sums).toEqual(triples.map(exactSum));
      }),
    );
  });
});
