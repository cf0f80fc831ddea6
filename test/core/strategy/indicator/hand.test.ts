import { describe, expect, test } from 'vitest';
import { Adx } from '../../../../src/core/strategy/indicator/adx.ts';
import { Atr, trueRange } from '../../../../src/core/strategy/indicator/atr.ts';
import { Bollinger } from '../../../../src/core/strategy/indicator/bollinger.ts';
import { Donchian } from '../../../../src/core/strategy/indicator/donchian.ts';
import { Ema } from '../../../../src/core/strategy/indicator/ema.ts';
import { Macd } from '../../../../src/core/strategy/indicator/macd.ts';
import { Rma } from '../../../../src/core/strategy/indicator/rma.ts';
import { RollingMax } from '../../../../src/core/strategy/indicator/rolling-max.ts';
import { Rsi } from '../../../../src/core/strategy/indicator/rsi.ts';
import { Sma } from '../../../../src/core/strategy/indicator/sma.ts';
import { Stddev } from '../../../../src/core/strategy/indicator/stddev.ts';
import { Supertrend } from '../../../../src/core/strategy/indicator/supertrend.ts';
import { Swings } from '../../../../src/core/strategy/indicator/swings.ts';
import { Vwap } from '../../../../src/core/strategy/indicator/vwap.ts';

const fed = (indicator: { update(x: number): number }, values: number[]): number[] =>
  values.map((value) => indicator.update(value));

describe('one line from one line', () => {
  test.each([
    // a = 2 / (3 + 1) = 1/2: 8, 8, (8 + 4) / 2, (6 + 10) / 2
    ['EMA(3)', new Ema(3), [8, 8, 4, 10], [NaN, NaN, 6, 8]],
    ['SMA(3)', new Sma(3), [1, 2, 3, 7, 2], [NaN, NaN, 2, 4, 4]],
    // Mean of 2 and 4, then half of the way to 7.
    ['RMA(2)', new Rma(2), [2, 4, 7], [NaN, 3, 5]],
    ['rolling max(2)', new RollingMax(2), [3, 1, 2, 2, 5], [NaN, 3, 2, 2, 5]],
    // Deviations of 2 from the mean 3 on both sides.
    ['stddev(2)', new Stddev(2), [1, 5, 5], [NaN, 2, 0]],
    // Gains 3 and 0, losses 0 and 1: averages 1.5 and 0.5; then half of the way to a gain of 2 and a loss of 0.
    ['RSI(2)', new Rsi(2), [10, 13, 12, 14], [NaN, NaN, 75, 87.5]],
    ['RSI(2) of a market that stands still', new Rsi(2), [5, 5, 5, 5], [NaN, NaN, 50, 50]],
    ['RSI(2) of a market that only rises', new Rsi(2), [1, 2, 3, 4], [NaN, NaN, 100, 100]],
  ])('%s', (_, indicator, values, expected) => {
    expect(fed(indicator, values)).toEqual(expected);
  });

  test('an EMA runs before it is warm', () => {
    const ema = new Ema(3);
    ema.update(8);
    ema.update(4);
    expect([ema.running, ema.value]).toEqual([6, NaN]);
  });

  test('an SMA forgets a volume spike entirely', () => {
    const sma = new Sma(3);
    fed(sma, [0.1, 1e17, 0.1, 0.1, 0.1, 0.1]);
    expect(sma.value).toBeCloseTo(0.1, 15);
  });
});

describe('an indicator of an indicator', () => {
  const closes = [10, 11, 10, 12, 13, 12, 14, 15, 13, 16, 17, 15];
  const made: readonly (readonly [string, () => { value: number; update(x: number): number }])[] = [
    ['EMA', () => new Ema(3)],
    ['RMA', () => new Rma(3)],
    ['SMA', () => new Sma(3)],
    ['RSI', () => new Rsi(3)],
    ['standard deviation', () => new Stddev(3)],
    ['rolling max', () => new RollingMax(3)],
  ];

  test.each(made)('%s does not count what is not warm yet', (_name, create) => {
    const inner = new Rsi(4);
    const late = create();
    const fresh = create();
    for (const close of closes) {
      const value = inner.update(close);
      const told = late.update(value);
      if (!Number.isNaN(value)) expect(told).toBe(fresh.update(value));
    }
    expect(late.value).not.toBeNaN();
  });
});

describe('true range and ATR', () => {
  test.each([
    ['inside the candle', 10, 8, 9, 2],
    ['gap up: from the close before', 10, 8, 5, 5],
    ['gap down: to the close before', 10, 8, 14, 6],
    ['no candle before', 10, 8, NaN, 2],
  ])('%s', (_, high, low, before, range) => {
    expect(trueRange(high, low, before)).toBe(range);
  });

  test('ATR(2) is the mean of two ranges, then moves half of the way', () => {
    const atr = new Atr(2);
    expect([atr.update(10, 8, 9), atr.update(13, 11, 12), atr.update(13, 12, 12)]).toEqual([NaN, 3, 2]);
  });
});

test('ADX(2): every candle a higher high and a higher low is all up', () => {
  const adx = new Adx(2);
  const seen = [0, 1, 2, 3, 4].map((i) => [adx.update(11 + i, 10 + i, 10.5 + i), adx.plusDi, adx.minusDi]);
  const [di, none] = [expect.closeTo(100 / 1.5, 10), NaN];
  expect(seen).toEqual([
    [none, none, none],
    [none, none, none],
    [none, di, 0],
    [100, di, 0],
    [100, di, 0],
  ]);
});

test('ADX(1): an outside candle that reaches as far up as down counts for neither side', () => {
  const adx = new Adx(1);
  adx.update(11, 9, 10);
  adx.update(12, 8, 10);
  expect([adx.plusDi, adx.minusDi, adx.value]).toEqual([0, 0, 0]);
});

test('ADX of a market that stands still is 0, not unknown', () => {
  const adx = new Adx(2);
  for (let i = 0; i < 6; i++) adx.update(5, 5, 5);
  expect([adx.plusDi, adx.minusDi, adx.value]).toEqual([0, 0, 0]);
});

test('Donchian(2) leaves the current candle out', () => {
  const channel = new Donchian(2);
  const seen = [
    [5, 3],
    [6, 4],
    [9, 1],
    [7, 5],
  ].map(([high = NaN, low = NaN]) => {
    channel.update(high, low);
    return [channel.high, channel.low];
  });
  expect(seen).toEqual([
    [NaN, NaN],
    [NaN, NaN],
    [6, 3],
    [9, 1],
  ]);
});

test('Supertrend(1, 1): the upper band only falls until a close breaks it, then the lower one only rises', () => {
  const line = new Supertrend(1, 1);
  const seen = [
    [10, 8, 9], // range 2, bands 11 and 7, starts down
    [9, 7, 8], // range 2, bands 10 and 6: the upper falls, the lower stays
    [14, 8, 13], // range 6, bands 17 and 5 give way to 10 and 7: the close is over 10, up
    [14, 13, 14], // the close before was over the upper band: it starts again at 14.5; 12.5 raises the lower
    [13, 11, 12], // range 3: the lower stays at 12.5, and the close is under it, down
  ].map(([high = NaN, low = NaN, close = NaN]) => [line.update(high, low, close), line.side, line.upper, line.lower]);
  expect(seen).toEqual([
    [11, -1, 11, 7],
    [10, -1, 10, 7],
    [7, 1, 10, 7],
    [12.5, 1, 14.5, 12.5],
    [14.5, -1, 14.5, 12.5],
  ]);
});

test('MACD(1, 3, 1): close against the slow average', () => {
  const macd = new Macd(1, 3, 1);
  expect(fed(macd, [8, 8, 4])).toEqual([NaN, NaN, -2]);
  expect([macd.signal, macd.histogram]).toEqual([-2, 0]);
});

test('Bollinger(2, 2): two deviations to both sides', () => {
  const bands = new Bollinger(2, 2);
  expect(fed(bands, [1, 5])).toEqual([NaN, 3]);
  expect([bands.lower, bands.upper]).toEqual([-1, 7]);
});

describe('VWAP of the UTC day', () => {
  const day = 86_400_000;

  test('weighs by volume and starts afresh at midnight', () => {
    const vwap = new Vwap();
    expect(vwap.update(day, 12, 9, 9, 1)).toBe(10);
    expect(vwap.update(day + 60_000, 20, 20, 20, 3)).toBe(17.5);
    expect(vwap.update(2 * day, 30, 30, 30, 5)).toBe(30);
  });

  test('is unknown on a day that it did not see begin, and known on the next one', () => {
    const vwap = new Vwap();
    expect(vwap.update(day + 60_000, 10, 10, 10, 1)).toBeNaN();
    expect(vwap.update(2 * day + 60_000, 10, 10, 10, 1)).toBe(10);
  });

  test('is unknown until something trades', () => {
    const vwap = new Vwap();
    expect(vwap.update(day, 10, 10, 10, 0)).toBeNaN();
    expect(vwap.update(day + 60_000, 11, 11, 11, 2)).toBe(11);
  });
});

test('swings(1): a high over both neighbours is known one candle later; a tie is none', () => {
  const swings = new Swings(1);
  const seen = [
    [5, 4],
    [7, 3],
    [6, 4],
    [6, 5],
    [5, 2],
    [8, 3],
  ].map(([high = NaN, low = NaN]) => {
    swings.update(high, low);
    return [swings.high, swings.low];
  });
  expect(seen).toEqual([
    [NaN, NaN],
    [NaN, NaN],
    [7, 3],
    [7, 3],
    [7, 3],
    [7, 2],
  ]);
});

test.each([
  ['ema', () => new Ema(0)],
  ['sma', () => new Sma(2.5)],
  ['rsi', () => new Rsi(NaN)],
  ['donchian', () => new Donchian(-1)],
])('%s refuses a length that is none', (name, create) => {
  expect(create).toThrow(new RegExp(`^${name}: expected a whole number of candles from 1 to 100000, found`));
});
