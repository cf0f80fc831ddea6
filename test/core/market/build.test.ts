import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildCandles, createCandleBuilder } from '../../../src/core/market/build.ts';
import { barRow, MINUTE_MS, rowsOf, START_AT } from './fixtures.ts';

const A = START_AT;
const options = { timeframeMs: MINUTE_MS, qtyDigits: 1 };

describe('a session of trades', () => {
  test('a candle is closed by the first trade after it, and never before', () => {
    const builder = createCandleBuilder({ ...options, since: A });
    expect(builder.push(A, 10, 0.1)).toBeUndefined();
    expect(builder.push(A + 20_000, 12, 0.2)).toBeUndefined();
    expect(builder.push(A + 59_999, 9, 0.3)).toBeUndefined();
    const closed = builder.push(A + MINUTE_MS, 11, 1);
    expect(barRow(closed as NonNullable<typeof closed>)).toEqual([A, 10, 12, 9, 9, 0.6]);
    expect(closed?.closeAt).toBe(A + MINUTE_MS);
    expect(barRow(builder.open() as NonNullable<typeof closed>)).toEqual([A + MINUTE_MS, 11, 11, 11, 11, 1]);
  });

  test('a timer closes a candle once its time is over', () => {
    const builder = createCandleBuilder(options);
    builder.push(A, 10, 1);
    expect(builder.flush(A + 59_999)).toBeUndefined();
    expect(builder.flush(A + MINUTE_MS)?.openAt).toBe(A);
    expect(builder.flush(A + MINUTE_MS)).toBeUndefined();
    expect(builder.open()).toBeUndefined();
  });

  test('minutes without a trade have no candle', () => {
    const builder = createCandleBuilder(options);
    builder.push(A, 10, 1);
    expect(builder.push(A + 5 * MINUTE_MS, 11, 1)?.openAt).toBe(A);
    expect(builder.flush(A + 9 * MINUTE_MS)?.openAt).toBe(A + 5 * MINUTE_MS);
  });

  test('the candle in which the trades begin is not whole, the next one is', () => {
    const builder = createCandleBuilder(options);
    builder.push(A + 1, 10, 1);
    builder.push(A + MINUTE_MS, 10, 1);
    expect(builder.isWhole).toBe(false);
    builder.push(A + 2 * MINUTE_MS, 10, 1);
    expect(builder.isWhole).toBe(true);
  });

  test('a late first trade is whole where every trade since the beginning is known', () => {
    const builder = createCandleBuilder({ ...options, since: A });
    builder.push(A + 30_000, 10, 1);
    builder.flush(A + MINUTE_MS);
    expect(builder.isWhole).toBe(true);
  });
});

test('volume is the exact sum of the lots', () => {
  const lots = fc.array(fc.integer({ min: 1, max: 10_000_000 }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(lots, fc.integer({ min: 0, max: 8 }), (sizes, qtyDigits) => {
      const unit = 10 ** qtyDigits;
      const qty = Float64Array.from(sizes, (size) => size / unit);
      const trades = { length: qty.length, at: qty.map(() => A), price: qty.map(() => 1), qty, qtyDigits };
      const { candles } = buildCandles(trades, MINUTE_MS, A + MINUTE_MS);
      const exact = sizes.reduce((sum, size) => sum + BigInt(size), 0n);
      expect(candles.volume[0]).toBe(Number(`${exact}e-${qtyDigits}`));
    }),
  );
});

test('a recording gives whole candles only: the last is open until a trade or the end is after it', () => {
  const at = Float64Array.from([A + 1, A + MINUTE_MS, A + 2 * MINUTE_MS, A + 2 * MINUTE_MS + 1]);
  const trades = { length: 4, at, price: Float64Array.of(1, 2, 3, 4), qty: at.map(() => 1), qtyDigits: 0 };
  const rows = [
    [A, 1, 1, 1, 1, 1],
    [A + MINUTE_MS, 2, 2, 2, 2, 1],
    [A + 2 * MINUTE_MS, 3, 4, 3, 4, 2],
  ];
  const built = buildCandles(trades, MINUTE_MS);
  expect(rowsOf(built.candles)).toEqual(rows.slice(0, 2));
  expect(built.isFirstPartial).toBe(true);
  expect(rowsOf(buildCandles(trades, MINUTE_MS, A + 3 * MINUTE_MS).candles)).toEqual(rows);
});
