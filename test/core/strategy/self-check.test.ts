import { describe, expect, test } from 'vitest';
import type { Definition } from '../../../src/core/strategy/definition.ts';
import { emaCross } from '../../../src/core/strategy/ema-cross.ts';
import { Ema } from '../../../src/core/strategy/indicator/ema.ts';
import { Sma } from '../../../src/core/strategy/indicator/sma.ts';
import { defaultParams } from '../../../src/core/strategy/params.ts';
import { selfCheck } from '../../../src/core/strategy/self-check.ts';
import { trend } from '../../../src/core/strategy/trend.ts';
import { closes, longer, randomCandles } from './series.ts';

const candles = randomCandles(2_000, 9, 900_000);

/** A strategy whose one value is a function of the closes so far, with a vote on its sign. */
function telling(bars: number, create: () => (close: number) => number): Definition {
  return {
    ...emaCross,
    name: 'telling',
    params: {},
    values: ['told'],
    warmup: () => ({ bars, higherBars: 0 }),
    check: () => undefined,
    create() {
      const tell = create();
      return {
        close(bar, opinion) {
          opinion.values[0] = tell(bar.close);
          opinion.votes[0] = Math.sign(opinion.values[0] - 60_000);
        },
      };
    },
  };
}

const sma = (bars: number) => () => {
  const line = new Sma(bars);
  return (close: number) => line.update(close);
};
const ema = (bars: number) => () => {
  const line = new Ema(bars);
  return (close: number) => line.update(close);
};

describe('a value that depends on where the history began', () => {
  test('a window is the same from everywhere', () => {
    const told = selfCheck(telling(20, sma(20)), {}, candles);
    expect(told.compared).toBeGreaterThan(1_000);
    expect(told.values.told).toBeLessThan(1e-13);
    expect(told.votes).toEqual({ cross: 0 });
  });

  test('an average is nearly the same after five of its lengths, and is not after one', () => {
    const [long, short] = [5 * 26, 26].map((bars) => selfCheck(telling(bars, ema(26)), {}, candles).values.told);
    expect(long).toBeLessThan(1e-5);
    expect(short).toBeGreaterThan(1e-4);
  });

  test('what remembers for ever shows, in votes as well', () => {
    const counting = () => {
      let count = 0;
      return () => 59_000 + count++;
    };
    const told = selfCheck(telling(10, counting), {}, candles);
    expect(told.values.told).toBeGreaterThan(0.005);
    expect(told.votes.cross).toBeGreaterThan(100);
  });

  test('what is warm in one run only is endlessly different', () => {
    expect(selfCheck(telling(10, sma(20)), {}, candles).values.told).toBe(Infinity);
  });
});

test('a later start has no more higher candles than its warm-up asks for', () => {
  const onHigher = (higherBars: number): Definition => ({
    ...telling(10, () => () => 0),
    warmup: () => ({ bars: 10, higherBars }),
    timeframes: () => ({ own: '15m', higher: '1h' }),
    create() {
      const line = new Ema(20);
      return {
        closeHigher: (bar) => void line.update(bar.close),
        close: (_, opinion) => {
          opinion.votes[0] = 0;
          opinion.values[0] = line.value;
        },
      };
    },
  });
  const hours = longer(candles, 4);
  const [long, short, none] = [100, 20, 19].map((bars) => selfCheck(onHigher(bars), {}, candles, hours).values.told);
  expect(long).toBeLessThan(1e-5);
  expect(short).toBeGreaterThan(1e-4);
  expect(none).toBe(Infinity);
});

describe('the built-in strategies', () => {
  test('trend: its warm-up is long enough', () => {
    const history = randomCandles(4_000, 21, 900_000);
    const told = selfCheck(trend, defaultParams(trend.params), history, longer(history, 4));
    expect(told.compared).toBeGreaterThan(5_000);
    expect(Math.max(...Object.values(told.values))).toBeLessThan(2e-3);
    expect(Object.values(told.votes).reduce((sum, count) => sum + count, 0)).toBeLessThan(told.compared / 1_000);
  });

  test('trend: it is as long as the memory of a cross', () => {
    const turns = Array.from({ length: 4_000 }, (_, i) => 1_000 + Math.abs((i % 1_400) - 700));
    const history = closes(turns, 900_000);
    const params = { ...defaultParams(trend.params), crossBars: 600 };
    const told = selfCheck(trend, params, history, longer(history, 4));
    expect(told.compared).toBeGreaterThan(5_000);
    expect(told.votes.ema).toBeLessThan(told.compared / 1_000);
  });

  test('trend: its higher candles are asked for', () => {
    expect(() => selfCheck(trend, defaultParams(trend.params), candles)).toThrow(
      'trend: expected candles of its higher',
    );
  });

  test('ema-cross acts after one slow average, as the reference does: its averages are 1e-3 apart then', () => {
    const told = selfCheck(emaCross, defaultParams(emaCross.params), candles);
    expect(told.values.fast).toBeLessThan(1e-3);
    expect(told.values.slow).toBeLessThan(1e-2);
  });
});

test('a history shorter than the warm-up compares nothing, and says so', () => {
  expect(selfCheck(telling(5_000, sma(20)), {}, candles)).toEqual({
    compared: 0,
    values: { told: 0 },
    votes: { cross: 0 },
  });
});
