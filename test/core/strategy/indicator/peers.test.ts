import { IndicatorsSync } from '@ixjb94/indicators';
import * as peer from 'trading-signals';
import { describe, expect, test } from 'vitest';
import type { Bar, Candles } from '../../../../src/core/domain/candle.ts';
import { Adx } from '../../../../src/core/strategy/indicator/adx.ts';
import { Atr } from '../../../../src/core/strategy/indicator/atr.ts';
import { Bollinger } from '../../../../src/core/strategy/indicator/bollinger.ts';
import { Donchian } from '../../../../src/core/strategy/indicator/donchian.ts';
import { Ema } from '../../../../src/core/strategy/indicator/ema.ts';
import { Macd } from '../../../../src/core/strategy/indicator/macd.ts';
import { Rma } from '../../../../src/core/strategy/indicator/rma.ts';
import { Rsi } from '../../../../src/core/strategy/indicator/rsi.ts';
import { Sma } from '../../../../src/core/strategy/indicator/sma.ts';
import { Stddev } from '../../../../src/core/strategy/indicator/stddev.ts';
import { Supertrend } from '../../../../src/core/strategy/indicator/supertrend.ts';
import { Swings } from '../../../../src/core/strategy/indicator/swings.ts';
import { Vwap } from '../../../../src/core/strategy/indicator/vwap.ts';
import { BTC_5M, barAt, columns, randomCandles, realCandles } from '../series.ts';

type Line = readonly (number | null | undefined)[];
type Side = (candles: Candles) => Line;

interface Case {
  readonly name: string;
  readonly ours: Side;
  readonly theirs: Side;
  /** First candle to compare: later than the start where the peer seeds otherwise. */
  readonly from?: number;
  /** Relative; 1e-9 unless the peer itself is less exact. */
  readonly tolerance?: number;
}

const ix = new IndicatorsSync();
const bars = (candles: Candles) => Array.from({ length: candles.length }, (_, i) => barAt(candles, i));
const list = (column: Float64Array): number[] => [...column];
/** A peer's array that leaves out the candles before it is warm, brought back to one entry a candle. */
const late = (candles: Candles, line: readonly number[] | undefined): Line => [
  ...new Array<null>(candles.length - (line?.length ?? 0)).fill(null),
  ...(line ?? []),
];
const onClose = (create: () => { update(x: number): number }): Side => {
  return (candles) => {
    const indicator = create();
    return list(candles.close).map((close) => indicator.update(close));
  };
};
const onBar = <T>(
  create: () => T,
  update: (indicator: T, bar: Bar) => unknown,
  read?: (indicator: T) => number | null,
): Side => {
  return (candles) => {
    const indicator = create();
    return bars(candles).map((bar) => {
      const result = update(indicator, bar);
      if (read !== undefined) return read(indicator);
      return typeof result === 'number' ? result : null;
    });
  };
};
const theirsOnClose = (create: () => { add(x: number): unknown }, read = (x: unknown) => x as number | null): Side => {
  return (candles) => {
    const indicator = create();
    return list(candles.close).map((close) => read(indicator.add(close)));
  };
};

// Theirs is RMA seeded with the first value; WSMA has our seed, the mean of the first ones.
const SIGNALS: readonly Case[] = [
  { name: 'EMA', ours: onClose(() => new Ema(26)), theirs: theirsOnClose(() => new peer.EMA(26)) },
  { name: 'SMA', ours: onClose(() => new Sma(20)), theirs: theirsOnClose(() => new peer.SMA(20)) },
  { name: 'RMA', ours: onClose(() => new Rma(14)), theirs: theirsOnClose(() => new peer.WSMA(14)) },
  {
    name: 'RMA, other seed',
    ours: onClose(() => new Rma(14)),
    theirs: theirsOnClose(() => new peer.RMA(14)),
    from: 400,
  },
  { name: 'RSI', ours: onClose(() => new Rsi(14)), theirs: theirsOnClose(() => new peer.RSI(14)) },
  {
    name: 'ATR',
    ours: onBar(
      () => new Atr(14),
      (atr, bar) => atr.update(bar.high, bar.low, bar.close),
    ),
    theirs: onBar(
      () => new peer.ATR(14),
      (atr, bar) => atr.add(bar),
    ),
  },
  // Theirs counts the first candle as one without direction, ours (and Wilder's) begins with the second.
  {
    name: 'ADX',
    ours: onBar(
      () => new Adx(14),
      (adx, bar) => adx.update(bar.high, bar.low, bar.close),
    ),
    theirs: onBar(
      () => new peer.ADX(14),
      (adx, bar) => adx.add(bar),
    ),
    from: 700,
  },
  {
    name: '+DI',
    ours: onBar(
      () => new Adx(14),
      (adx, bar) => adx.update(bar.high, bar.low, bar.close),
      (adx) => adx.plusDi,
    ),
    theirs: onBar(
      () => new peer.ADX(14),
      (adx, bar) => adx.add(bar),
      (adx) => 100 * Number(adx.pdi),
    ),
    from: 500,
  },
  {
    name: '-DI',
    ours: onBar(
      () => new Adx(14),
      (adx, bar) => adx.update(bar.high, bar.low, bar.close),
      (adx) => adx.minusDi,
    ),
    theirs: onBar(
      () => new peer.ADX(14),
      (adx, bar) => adx.add(bar),
      (adx) => 100 * Number(adx.mdi),
    ),
    from: 500,
  },
  // Theirs includes the current candle: its channel is ours one candle later.
  {
    name: 'Donchian high',
    ours: onBar(
      () => new Donchian(20),
      (donchian, bar) => donchian.update(bar.high, bar.low),
      (donchian) => donchian.high,
    ),
    theirs: (candles) => {
      const channel = new peer.DonchianChannels(20);
      return [null, ...bars(candles).map((bar) => channel.add(bar)?.upper)].slice(0, candles.length);
    },
  },
  {
    name: 'Donchian low',
    ours: onBar(
      () => new Donchian(20),
      (donchian, bar) => donchian.update(bar.high, bar.low),
      (donchian) => donchian.low,
    ),
    theirs: (candles) => {
      const channel = new peer.DonchianChannels(20);
      return [null, ...bars(candles).map((bar) => channel.add(bar)?.lower)].slice(0, candles.length);
    },
  },
  {
    name: 'Supertrend',
    ours: onBar(
      () => new Supertrend(10, 3),
      (line, bar) => line.update(bar.high, bar.low, bar.close),
    ),
    theirs: onBar(
      () => new peer.SuperTrend(),
      (line, bar) => line.add(bar)?.supertrend ?? null,
    ),
  },
  {
    name: 'Supertrend side',
    ours: onBar(
      () => new Supertrend(10, 3),
      (line, bar) => line.update(bar.high, bar.low, bar.close),
      (line) => line.side,
    ),
    theirs: onBar(
      () => new peer.SuperTrend(),
      (line, bar) => ({ BULLISH: 1, BEARISH: -1 })[String(line.add(bar)?.trend)] ?? null,
    ),
  },
  {
    name: 'MACD',
    ours: onClose(() => new Macd(12, 26, 9)),
    theirs: theirsOnClose(
      () => new peer.MACD(new peer.EMA(12), new peer.EMA(26), new peer.EMA(9)),
      (result) => (result as { macd: number } | null)?.macd ?? null,
    ),
  },
  {
    name: 'MACD signal',
    ours: onBar(
      () => new Macd(12, 26, 9),
      (macd, bar) => macd.update(bar.close),
      (macd) => macd.signal,
    ),
    theirs: theirsOnClose(
      () => new peer.MACD(new peer.EMA(12), new peer.EMA(26), new peer.EMA(9)),
      (result) => (result as { signal: number } | null)?.signal ?? null,
    ),
    from: 33,
  },
  {
    name: 'Bollinger upper',
    ours: onBar(
      () => new Bollinger(20, 2),
      (bands, bar) => bands.update(bar.close),
      (bands) => bands.upper,
    ),
    theirs: theirsOnClose(
      () => new peer.BollingerBands(20, 2),
      (bands) => (bands as { upper: number } | null)?.upper ?? null,
    ),
  },
  {
    name: 'Bollinger lower',
    ours: onBar(
      () => new Bollinger(20, 2),
      (bands, bar) => bands.update(bar.close),
      (bands) => bands.lower,
    ),
    theirs: theirsOnClose(
      () => new peer.BollingerBands(20, 2),
      (bands) => (bands as { lower: number } | null)?.lower ?? null,
    ),
  },
  // Theirs has no session: a new one each UTC day.
  {
    name: 'VWAP',
    ours: onBar(
      () => new Vwap(),
      (vwap, bar) => vwap.update(bar.openAt, bar.high, bar.low, bar.close, bar.volume),
    ),
    theirs: (candles) => {
      let vwap = new peer.VWAP();
      return bars(candles).map((bar) => {
        if (bar.openAt % 86_400_000 === 0) vwap = new peer.VWAP();
        return vwap.add(bar) ?? vwap.getResult();
      });
    },
  },
  {
    name: 'swing high',
    ours: onBar(
      () => new Swings(3),
      (swings, bar) => swings.update(bar.high, bar.low),
      (swings) => swings.high,
    ),
    theirs: onBar(
      () => new peer.SwingHigh({ lookback: 3 }),
      (swing, bar) => swing.add(bar),
      (swing) => swing.getResult(),
    ),
  },
  {
    name: 'swing low',
    ours: onBar(
      () => new Swings(3),
      (swings, bar) => swings.update(bar.high, bar.low),
      (swings) => swings.low,
    ),
    theirs: onBar(
      () => new peer.SwingLow({ lookback: 3 }),
      (swing, bar) => swing.add(bar),
      (swing) => swing.getResult(),
    ),
  },
];

// Its ADX seeds otherwise, too. Its running sums of squares lose digits after a wild hour: 1e-5 is its own error, as the
// Bollinger bands above, measured with two passes, show.
const ARRAYS: readonly Case[] = [
  { name: 'EMA', ours: onClose(() => new Ema(26)), theirs: (c) => late(c, ix.ema(list(c.close), 26)) },
  { name: 'SMA', ours: onClose(() => new Sma(20)), theirs: (c) => late(c, ix.sma(list(c.close), 20)) },
  { name: 'RMA', ours: onClose(() => new Rma(14)), theirs: (c) => late(c, ix.wilders(list(c.close), 14)) },
  { name: 'RSI', ours: onClose(() => new Rsi(14)), theirs: (c) => late(c, ix.rsi(list(c.close), 14)) },
  {
    name: 'ATR',
    ours: onBar(
      () => new Atr(14),
      (atr, bar) => atr.update(bar.high, bar.low, bar.close),
    ),
    theirs: (c) => late(c, ix.atr(list(c.high), list(c.low), list(c.close), 14)),
  },
  {
    name: 'ADX',
    ours: onBar(
      () => new Adx(14),
      (adx, bar) => adx.update(bar.high, bar.low, bar.close),
    ),
    theirs: (c) => late(c, ix.adx(list(c.high), list(c.low), 14)),
    from: 700,
  },
  {
    name: 'MACD signal',
    ours: onBar(
      () => new Macd(12, 26, 9),
      (macd, bar) => macd.update(bar.close),
      (macd) => macd.signal,
    ),
    theirs: (c) => late(c, ix.macd(list(c.close), 12, 26, 9)[1]),
    from: 33,
  },
  {
    name: 'standard deviation',
    ours: onClose(() => new Stddev(20)),
    theirs: (c) => late(c, ix.stddev(list(c.close), 20)),
    tolerance: 1e-5,
  },
];

/** The candles on which one side is off by more than allowed, or warm while ours is not ready from `from` on. */
function differing({ ours, theirs, from = 0, tolerance = 1e-9 }: Case, candles: Candles): string[] {
  const [left, right] = [ours(candles), theirs(candles)];
  const wrong: string[] = [];
  for (let i = from; i < candles.length; i++) {
    const [a, b] = [left[i] ?? NaN, right[i] ?? NaN];
    const isUnknown = Number.isNaN(a) && (Number.isNaN(b) || i < 40);
    // One is the floor of the scale: averages of 60,000 that nearly cancel keep no more than 1e-9 of the price unit.
    if (!isUnknown && !(Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b))))
      wrong.push(`${i}: ${a} ${b}`);
  }
  return wrong;
}

/** Both peers give a tie of up and down moves to both sides, Wilder and we to neither: a candle that ties is left out. */
function withoutTies(candles: Candles): Candles {
  const rows: number[][] = [];
  for (const bar of bars(candles)) {
    const [, , high = NaN, low = NaN] = rows.at(-1) ?? [];
    const isTie = bar.high - high === low - bar.low && bar.high > high;
    if (!isTie) rows.push([bar.openAt, bar.open, bar.high, bar.low, bar.close, bar.volume]);
  }
  return columns(candles.timeframeMs, rows);
}

const real = realCandles(BTC_5M, 300_000);
const market = real === undefined ? undefined : withoutTies(real);

describe.each([
  ['trading-signals', SIGNALS],
  ['@ixjb94/indicators', ARRAYS],
])('against %s', (_, cases) => {
  test.each(cases)('$name on a seeded walk', (each) => {
    expect(differing(each, randomCandles(5_000, 7, 300_000))).toEqual([]);
  });

  test.skipIf(market === undefined).each(cases)('$name on real candles (skipped without ../shared/data)', (each) => {
    expect(differing(each, market as Candles)).toEqual([]);
  });
});

test('a comparison can fail', () => {
  const [ema] = SIGNALS as [Case];
  const other = { ...ema, theirs: theirsOnClose(() => new peer.EMA(27)) };
  expect(differing(other, randomCandles(200, 7)).length).toBeGreaterThan(100);
});
