import { describe, expect, test } from 'vitest';
import type { Candles } from '../../../src/core/domain/candle.ts';
import { emaCross } from '../../../src/core/strategy/ema-cross.ts';
import { defaultParams } from '../../../src/core/strategy/params.ts';
import { BTC_1M, closes, opinions, randomCandles, realCandles } from './series.ts';

const DEFAULTS = defaultParams(emaCross.params);
const votes = (candles: Candles, params = DEFAULTS): number[] =>
  opinions(emaCross, params, candles).map((said) => said.votes[0] as number);

/** Where the side changes and to which, from the candle on whose change may act. */
function changes(sides: readonly number[], from: number): string[] {
  return sides.flatMap((side, i) => (i >= from && side !== sides[i - 1] ? [`${i}:${side}`] : []));
}

/** The benchmark's average, seeded with the first close, which passes through the formula as well. */
function average(close: readonly number[], bars: number): number[] {
  const a = 2 / (bars + 1);
  const line: number[] = [];
  for (const price of close) line.push((line.at(-1) ?? price) * (1 - a) + price * a);
  return line;
}

/** The benchmark's words, written with arrays: the sign of the difference, which equal averages keep. */
function reference(close: readonly number[], fast: number, slow: number): number[] {
  const [quick, calm] = [average(close, fast), average(close, slow)];
  const sides: number[] = [];
  for (let i = 0; i < close.length; i++) {
    const difference = (quick[i] as number) - (calm[i] as number);
    sides.push(difference === 0 ? (sides[i - 1] ?? 0) : Math.sign(difference));
  }
  return sides;
}

/** The benchmark's account: flips at the next open, stop 1 %, target 2 %, fee 0.04 % a side, 10 % of realised equity. */
function account(candles: Candles, sides: readonly number[], from: number): { equity: number; trades: number } {
  let [cash, qty, entry, side, pending, trades] = [10_000, 0, 0, 0, 0, 0];
  const leave = (price: number): void => {
    cash += side * qty * (price - entry) - qty * price * 0.0004;
    trades++;
    side = 0;
  };
  for (let i = 0; i < candles.length; i++) {
    const [open, high, low] = [candles.open[i], candles.high[i], candles.low[i]] as [number, number, number];
    if (pending !== 0) {
      if (side !== 0) leave(open);
      [side, pending, entry, qty] = [pending, 0, open, (cash * 0.1) / open];
      cash -= qty * open * 0.0004;
    }
    if (side !== 0) {
      const [stop, target] = [entry * (1 - side * 0.01), entry * (1 + side * 0.02)];
      const worst = side > 0 ? low : high;
      const best = side > 0 ? high : low;
      if ((worst - stop) * side <= 0) leave((open - stop) * side < 0 ? open : stop);
      else if ((best - target) * side >= 0) leave((open - target) * side > 0 ? open : target);
    }
    if (i >= from && sides[i] !== sides[i - 1]) pending = sides[i] as number;
  }
  const marked = side === 0 ? 0 : side * qty * ((candles.close.at(-1) as number) - entry);
  return { equity: cash + marked, trades };
}

describe('the cross', () => {
  const params = { fast: 1, slow: 3 };

  test('is told from the slow average on: up while the close leads, down while it trails', () => {
    // EMA(1) is the close; EMA(3) moves half of the way: 8, 8, 10, 11, 9.5, 8.75, 9.375
    expect(votes(closes([8, 8, 12, 12, 8, 8, 10]), params)).toEqual([NaN, NaN, 1, 1, -1, -1, 1]);
  });

  test('keeps its side where the averages meet', () => {
    expect(votes(closes([8, 16, 12, 12]), params)).toEqual([NaN, NaN, 1, 1]);
  });

  test('has no side in a market that never moved', () => {
    expect(votes(closes([8, 8, 8, 8]), params)).toEqual([NaN, NaN, 0, 0]);
  });

  test('shows both averages once warm and asks for no stop', () => {
    const said = opinions(emaCross, params, closes([8, 8, 12]));
    expect(said.map(({ values }) => values)).toEqual([
      [8, NaN],
      [8, NaN],
      [12, 10],
    ]);
    expect(said.map(({ stopDistance }) => stopDistance)).toEqual([NaN, NaN, NaN]);
  });
});

describe('against the reference', () => {
  test('both averages are equal to the last bit, so that no cross is told a candle early', () => {
    const candles = randomCandles(5_000, 3);
    const said = opinions(emaCross, DEFAULTS, candles).slice(26);
    const close = [...candles.close];
    const [fast, slow] = [average(close, 12).slice(26), average(close, 26).slice(26)];
    expect(said.map(({ values }) => values)).toEqual(fast.map((value, i) => [value, slow[i]]));
  });

  test.each([
    [12, 26],
    [1, 2],
    [5, 200],
  ])('the same changes on a seeded walk, %d/%d', (fast, slow) => {
    const candles = randomCandles(20_000, 3);
    const expected = changes(reference([...candles.close], fast, slow), slow);
    expect(expected.length).toBeGreaterThan(100);
    expect(changes(votes(candles, { fast, slow }), slow)).toEqual(expected);
  });

  const real = realCandles(BTC_1M, 60_000);
  test.skipIf(real === undefined)('the benchmark on real candles (skipped without ../shared/data)', () => {
    const candles = real as Candles;
    const sides = votes(candles);
    expect(changes(sides, 26)).toEqual(changes(reference([...candles.close], 12, 26), 26));
    const { equity, trades } = account(candles, sides, emaCross.warmup(DEFAULTS).bars);
    expect(trades).toBe(1_572);
    expect(equity).toBeCloseTo(8_784.060184, 6);
  });
});

test('fast must be under slow', () => {
  expect(emaCross.check?.({ fast: 26, slow: 26 })).toMatchObject({ param: 'fast', expected: 'less than slow (26)' });
  expect(emaCross.check?.(DEFAULTS)).toBeUndefined();
});
