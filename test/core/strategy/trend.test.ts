import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TIMEFRAMES } from '../../../src/core/domain/candle.ts';
import { votesMinOf } from '../../../src/core/strategy/definition.ts';
import { weightsOf } from '../../../src/core/strategy/opinion.ts';
import { defaultParams, resolveParams } from '../../../src/core/strategy/params.ts';
import { createVerdict, judge } from '../../../src/core/strategy/signal.ts';
import type { Params } from '../../../src/core/strategy/strategy.ts';
import { trend } from '../../../src/core/strategy/trend.ts';
import { columns, longer, opinions, randomCandles } from './series.ts';

const DEFAULTS = defaultParams(trend.params);
const QUARTER_MS = 900_000;
const VOTES = trend.votes(DEFAULTS).map((vote) => vote.name);
const value = (values: readonly number[], name: string): number => values[trend.values.indexOf(name)] as number;

// The shortest of everything: each number can be told from two or three candles.
const SHORT: Params = {
  ...DEFAULTS,
  emaFast: 1,
  emaSlow: 3,
  crossBars: 1,
  adx: 2,
  donchian: 2,
  breakoutBars: 1,
  supertrend: 1,
  supertrendFactor: 1,
  htfEma: 1,
  volumeSma: 2,
  atr: 2,
};

/** Rows of open, high, low, close and volume as 15m candles from instant 0. */
const quarters = (rows: readonly (readonly number[])[]) =>
  columns(
    QUARTER_MS,
    rows.map((row, i) => [i * QUARTER_MS, ...row]),
  );

describe('six voices on candles to run in the head', () => {
  // Falls to 9, turns at the third candle and rises by 2 a candle; the fourth is loud.
  const rising = quarters([
    [11, 11, 9, 10, 10],
    [10, 10, 8, 9, 10],
    [9, 12, 9, 12, 10],
    [12, 14, 12, 14, 30],
    [14, 16, 14, 16, 10],
  ]);
  const said = opinions(trend, SHORT, rising);
  const votes = (i: number) => Object.fromEntries(VOTES.map((name, k) => [name, said[i]?.votes[k]]));

  test('are in their order', () => {
    expect(VOTES).toEqual(['ema', 'di', 'donchian', 'supertrend', 'htf', 'volume']);
  });

  test('are unknown until each has seen enough', () => {
    expect(votes(0)).toEqual({ ema: NaN, di: NaN, donchian: NaN, supertrend: -1, htf: NaN, volume: NaN });
    expect(votes(1)).toMatchObject({ ema: NaN, di: NaN, donchian: NaN, volume: 0 });
  });

  test('turn with the price: the close of 12 crosses the average and breaks the high of 11', () => {
    // EMA(3): 10, 9.5, 10.75. Bands of the supertrend: 11 after the second candle.
    expect(votes(2)).toMatchObject({ ema: 1, donchian: 1, supertrend: 1, volume: 0 });
  });

  test('a loud rising candle speaks up, a quiet one is silent', () => {
    expect([votes(3).volume, votes(4).volume]).toEqual([1, 0]);
  });

  test('the cross is remembered for one close only, the breakout is renewed', () => {
    expect([votes(3), votes(4)]).toMatchObject([
      { ema: 1, donchian: 1 },
      { ema: 0, donchian: 1 },
    ]);
  });

  test('direction speaks once ADX is known and over 25', () => {
    // DX from the third candle on; up moves of 2 a candle against one down move of 1 long ago.
    expect([votes(2).di, votes(3).di, votes(4).di]).toEqual([NaN, 1, 1]);
  });

  test('the evidence is what was voted on', () => {
    const values = said[3]?.values as number[];
    expect(value(values, 'donchianHigh')).toBe(12);
    expect(value(values, 'donchianLow')).toBe(8);
    expect(value(values, 'volumeSma')).toBe(20);
    expect(value(values, 'volume')).toBe(30);
  });

  test('the stop stands as many ATR away as asked', () => {
    // Ranges 2, 2, 3, 2 in Wilder's average of two: 2, 2.5, 2.25
    expect(said.slice(0, 4).map(({ stopDistance }) => stopDistance)).toEqual([NaN, 4, 5, 4.5]);
    const far = opinions(trend, { ...SHORT, stopAtr: 3 }, rising);
    expect(far.slice(0, 4).map(({ stopDistance }) => stopDistance)).toEqual([NaN, 6, 7.5, 6.75]);
  });
});

describe('the higher time frame', () => {
  const candles = randomCandles(200, 5, QUARTER_MS);
  const params = { ...SHORT, htfEma: 2 };
  const hours = longer(candles, 4);

  test('is unknown without its candles', () => {
    expect(opinions(trend, params, candles).every(({ votes }) => Number.isNaN(votes[4]))).toBe(true);
  });

  test('is that of the last closed hour until the next one closes', () => {
    const said = opinions(trend, params, candles, hours);
    for (let i = 7; i < said.length; i++) {
      const closed = Math.floor((i + 1) / 4) - 1;
      const { votes, values } = said[i] as (typeof said)[number];
      expect(value(values, 'htfClose')).toBe(hours.close[closed]);
      expect(votes[4]).toBe(Math.sign(value(values, 'htfClose') - value(values, 'htfEma')));
    }
  });
});

describe('with the defaults', () => {
  const { bars, higherBars } = trend.warmup(DEFAULTS);
  const candles = randomCandles(higherBars * 4 + 400, 11, QUARTER_MS);
  const hours = longer(candles, 4);
  const said = opinions(trend, DEFAULTS, candles, hours);
  const first = Math.max(bars, higherBars * 4);

  test('the warm-up is ten Wilder averages, five EMA and five higher EMA', () => {
    expect({ bars, higherBars }).toEqual({ bars: 140, higherBars: 250 });
    expect(trend.warmup({ ...DEFAULTS, emaSlow: 100 }).bars).toBe(500);
    expect(trend.warmup({ ...DEFAULTS, supertrend: 40 }).bars).toBe(400);
  });

  test('no vote and no value is unknown after it, and both sides are taken', () => {
    const warm = said.slice(first);
    expect(warm.length).toBeGreaterThan(300);
    expect(warm.every(({ votes, values }) => ![...votes, ...values].some(Number.isNaN))).toBe(true);
    const weights = weightsOf(trend, DEFAULTS);
    const votesMin = votesMinOf(trend, DEFAULTS);
    const sides = warm.map(({ votes }) => judge(Float64Array.from(votes), weights, createVerdict(), votesMin).side);
    expect(new Set(sides)).toEqual(new Set([-1, 0, 1]));
  });

  test('the same candles give the same opinions', () => {
    expect(opinions(trend, DEFAULTS, candles, hours)).toEqual(said);
  });

  test('no later candle changes an opinion', () => {
    const cut = columns(
      QUARTER_MS,
      Array.from({ length: 700 }, (_, i) => row(i)),
    );
    expect(opinions(trend, DEFAULTS, cut, longer(cut, 4))).toEqual(said.slice(0, 700));
  });

  function row(i: number): number[] {
    const { openAt, open, high, low, close, volume } = candles;
    return [openAt, open, high, low, close, volume].map((column) => column[i] as number);
  }
});

test('turning the market upside down turns every vote', () => {
  const mirror = (price: number): number => 120_000 - price;
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const candles = randomCandles(120, seed, QUARTER_MS);
      const upsideDown = {
        ...candles,
        open: candles.open.map(mirror),
        high: candles.low.map(mirror),
        low: candles.high.map(mirror),
        close: candles.close.map(mirror),
      };
      const params = { ...SHORT, supertrend: 5, adx: 5 };
      const [up, down] = [candles, upsideDown].map((each) => opinions(trend, params, each, longer(each, 4)));
      // The supertrend starts down either way: from its first turn on it mirrors, too.
      up?.slice(60).forEach(({ votes }, i) => {
        const other = down?.[60 + i]?.votes as number[];
        expect(votes.map((vote, k) => vote + (other[k] as number))).toEqual([0, 0, 0, 0, 0, 0]);
      });
    }),
    { numRuns: 30 },
  );
});

describe('parameters', () => {
  test.each([
    [{ emaFast: '26' }, 'emaFast', 'less than emaSlow (26)'],
    [{ adxExit: '30' }, 'adxExit', 'at most adxEnter (25)'],
    [
      { votesMin: '4', weightDi: '0', weightHtf: '0', weightEma: '0' },
      'votesMin',
      'at most 3, the votes with a weight',
    ],
    [{ timeframe: '1h' }, 'higherTimeframe', 'longer than timeframe, and a multiple of it (1h)'],
    [{ timeframe: '4h', higherTimeframe: '6h' }, 'higherTimeframe', 'longer than timeframe, and a multiple of it (4h)'],
  ])('%o contradict', (given, param, expected) => {
    expect(resolveParams(trend, given)).toMatchObject({ ok: false, error: { param, expected } });
  });

  test('name the time frames and the weights', () => {
    const resolved = resolveParams(trend, { timeframe: '5m', weightDonchian: '2.5' });
    if (!resolved.ok) throw new Error(resolved.error.expected);
    expect(trend.timeframes(resolved.params)).toEqual({ own: '5m', higher: '1h' });
    expect([...weightsOf(trend, resolved.params)]).toEqual([1, 1, 2.5, 1, 1, 1]);
    expect(Object.keys(TIMEFRAMES)).toEqual(expect.arrayContaining(['5m', '1h']));
  });
});
