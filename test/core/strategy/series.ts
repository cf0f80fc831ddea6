import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Bar, Candles } from '../../../src/core/domain/candle.ts';
import type { Definition } from '../../../src/core/strategy/definition.ts';
import { createOpinion } from '../../../src/core/strategy/opinion.ts';
import type { Params } from '../../../src/core/strategy/strategy.ts';

const DATA = resolve(import.meta.dirname, '../../../../shared/data/candles');
export const BTC_1M = 'binance-usdm-BTCUSDT-1m-20250504_20250603.csv.gz';
export const BTC_5M = 'binance-spot-BTCUSDT-5m-20240101_20240630.csv.gz';

/** Candles of the shared data, or undefined where the checkout stands alone. */
export function realCandles(name: string, timeframeMs: number): Candles | undefined {
  const path = resolve(DATA, name);
  if (!existsSync(path)) return undefined;
  const rows = gunzipSync(readFileSync(path)).toString('ascii').trim().split('\n').slice(1);
  return columns(
    timeframeMs,
    rows.map((row) => row.split(',').map(Number)),
  );
}

/** Candles from rows of open time, open, high, low, close and volume. */
export function columns(timeframeMs: number, rows: readonly (readonly number[])[]): Candles {
  const column = (k: number): Float64Array => Float64Array.from(rows, (row) => row[k] as number);
  const [openAt, open, high, low, close, volume] = [0, 1, 2, 3, 4, 5].map(column) as Float64Array[] as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  return { timeframeMs, length: rows.length, openAt, open, high, low, close, volume };
}

/** Numbers in [0, 1) from a seed: mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A seeded random walk around 60,000; no two moves tie. */
export function randomCandles(length: number, seed: number, timeframeMs = 60_000): Candles {
  const random = seeded(seed);
  let price = 60_000;
  const rows = Array.from({ length }, (_, i) => {
    const open = price;
    price *= 1 + (random() - 0.5) * 0.004;
    const high = Math.max(open, price) * (1 + random() * 0.001);
    const low = Math.min(open, price) * (1 - random() * 0.001);
    return [i * timeframeMs, open, high, low, price, 1 + random() * 100];
  });
  return columns(timeframeMs, rows);
}

/** Candles that open where the last one closed and reach no further than open and close. */
export function closes(prices: readonly number[], timeframeMs = 60_000): Candles {
  const rows = prices.map((close, i) => {
    const open = prices[i - 1] ?? close;
    return [i * timeframeMs, open, Math.max(open, close), Math.min(open, close), close, 1];
  });
  return columns(timeframeMs, rows);
}

/** Candle `i` as an object of its own. */
export function barAt(candles: Candles, i: number): Bar {
  const at = (column: Float64Array): number => column[i] as number;
  const openAt = at(candles.openAt);
  return {
    openAt,
    closeAt: openAt + candles.timeframeMs,
    open: at(candles.open),
    high: at(candles.high),
    low: at(candles.low),
    close: at(candles.close),
    volume: at(candles.volume),
  };
}

/** Whole candles of a longer time frame. */
export function longer(candles: Candles, factor: number): Candles {
  const rows: number[][] = [];
  for (let i = 0; i + factor <= candles.length; i += factor) {
    const bars = Array.from({ length: factor }, (_, k) => barAt(candles, i + k));
    const [first, last] = [bars[0] as Bar, bars[factor - 1] as Bar];
    const high = Math.max(...bars.map((bar) => bar.high));
    const low = Math.min(...bars.map((bar) => bar.low));
    const volume = bars.reduce((sum, bar) => sum + bar.volume, 0);
    rows.push([first.openAt, first.open, high, low, last.close, volume]);
  }
  return columns(candles.timeframeMs * factor, rows);
}

export interface Said {
  readonly votes: number[];
  readonly values: number[];
  readonly stopDistance: number;
}

/** What a strategy says of each candle; higher candles are shown as they close. */
export function opinions(definition: Definition, params: Params, candles: Candles, higher?: Candles): Said[] {
  const strategy = definition.create(params);
  const opinion = createOpinion(definition, params);
  let next = 0;
  return Array.from({ length: candles.length }, (_, i) => {
    const bar = barAt(candles, i);
    for (; higher !== undefined && next < higher.length; next++) {
      const above = barAt(higher, next);
      if (above.closeAt > bar.closeAt) break;
      strategy.closeHigher?.(above);
    }
    strategy.close(bar, opinion);
    return { votes: [...opinion.votes], values: [...opinion.values], stopDistance: opinion.stopDistance };
  });
}
