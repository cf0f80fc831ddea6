import { expect, test } from 'vitest';
import type { CandleRow } from '../../../../src/core/domain/frame.ts';
import type { Input } from '../../../../src/core/domain/input.ts';
import type { Run } from '../../../../src/core/domain/run.ts';
import { pastInputs } from '../../../../src/core/lab/host/story.ts';
import { entryOrder, run } from '../../risk/scene.ts';

const MINUTE_MS = 60_000;
const NOON = Date.UTC(2026, 0, 5, 12);
const minute = (count: number): number => NOON + count * MINUTE_MS;
const rowOf = (i: number): CandleRow => [minute(i), 100, 101, 90, 95, 1];

const told = (runs: readonly Run[], rows: readonly CandleRow[], seenAt: number): Input[] => {
  const { symbol } = run({});
  const times = { timeframeMs: MINUTE_MS, seenAt, now: () => 0, funding: [] };
  return [...pastInputs(runs, symbol, rows, times)].map((each) => each.make());
};
const restingSince = (askedAt: number): Run => run({ orders: [entryOrder({ askedAt, status: 'working' })] });

test('an order meets no candle that closed before it was there', () => {
  const inputs = told([restingSince(minute(2) + 1)], [0, 1, 2, 3].map(rowOf), Number.NEGATIVE_INFINITY);
  const ranges = inputs.flatMap((input) => (input.kind === 'range' ? [[input.at, input.low]] : []));
  // Of the one in which it came only the close is sure to have come after it.
  expect(ranges).toEqual([
    [minute(3), 95],
    [minute(4), 90],
  ]);
  expect(inputs.filter(({ kind }) => kind === 'history')).toHaveLength(4);
});

test('minutes that the venue does not have are told as a gap, those before it was seen last are not', () => {
  const rows = [0, 5, 6, 9].map(rowOf);
  const gaps = (seenAt: number) =>
    told([restingSince(0)], rows, seenAt).flatMap((input) =>
      input.kind === 'gap' ? [[(input.from - NOON) / MINUTE_MS, input.missing]] : [],
    );
  expect(gaps(minute(6))).toEqual([[7, 2]]);
  expect(gaps(minute(2) + 5_000)).toEqual([
    [2, 3],
    [7, 2],
  ]);
});
