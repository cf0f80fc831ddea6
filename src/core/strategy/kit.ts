import type { Definition } from './definition.ts';
import { Adx } from './indicator/adx.ts';
import { Atr } from './indicator/atr.ts';
import { Bollinger } from './indicator/bollinger.ts';
import { Donchian } from './indicator/donchian.ts';
import { Ema } from './indicator/ema.ts';
import { Macd } from './indicator/macd.ts';
import { Rma } from './indicator/rma.ts';
import { RollingMax } from './indicator/rolling-max.ts';
import { Rsi } from './indicator/rsi.ts';
import { Sma } from './indicator/sma.ts';
import { Stddev } from './indicator/stddev.ts';
import { Supertrend } from './indicator/supertrend.ts';
import { Swings } from './indicator/swings.ts';
import { Vwap } from './indicator/vwap.ts';
import { choiceOf, numberOf } from './params.ts';
import type { Params } from './strategy.ts';

/**
 * What a user's strategy file is handed, so that it needs no import: `export default (kit) => kit.define({ ... })`.
 * Make indicators in `create`, one set per strategy; each takes one candle per `update` and is NaN until it is warm.
 * One may be fed with another: a NaN is not counted.
 * Lengths are candles; a length that is none throws a RangeError.
 * @example
 * export default (kit) => kit.define({
 *   name: 'dip', version: 1, title: 'Dip', about: 'Buys weakness, sells strength.',
 *   params: { bars: { type: 'int', default: 14, min: 2, max: 100, about: 'candles of RSI' } },
 *   votes: () => [{ name: 'rsi', weight: 1, about: 'RSI below 30 buys, above 70 sells' }],
 *   values: ['rsi'],
 *   confirmations: () => 1,
 *   warmup: (params) => ({ bars: 10 * kit.number(params, 'bars'), higherBars: 0 }),
 *   timeframes: () => ({ own: '15m' }),
 *   create(params) {
 *     const rsi = kit.rsi(kit.number(params, 'bars'))
 *     return {
 *       close(bar, opinion) {
 *         const value = rsi.update(bar.close)
 *         opinion.votes[0] = value < 30 ? 1 : value > 70 ? -1 : value === value ? 0 : NaN
 *         opinion.values[0] = value
 *         opinion.stopDistance = NaN
 *       },
 *     }
 *   },
 * })
 */
export interface Kit {
  ema(bars: number): Ema;
  sma(bars: number): Sma;
  rma(bars: number): Rma;
  rsi(bars: number): Rsi;
  atr(bars: number): Atr;
  adx(bars: number): Adx;
  donchian(bars: number): Donchian;
  supertrend(bars: number, factor: number): Supertrend;
  macd(fast: number, slow: number, signal: number): Macd;
  bollinger(bars: number, factor: number): Bollinger;
  stddev(bars: number): Stddev;
  rollingMax(bars: number): RollingMax;
  vwap(): Vwap;
  swings(bars: number): Swings;
  /** A resolved parameter as a number. */
  number(params: Params, name: string): number;
  /** A resolved parameter as one of its choices. */
  choice(params: Params, name: string): string;
  /** Gives the definition back: for the editor, which then knows its type. */
  define(definition: Definition): Definition;
}

/** The one kit. */
export const KIT: Kit = Object.freeze({
  ema: (bars: number) => new Ema(bars),
  sma: (bars: number) => new Sma(bars),
  rma: (bars: number) => new Rma(bars),
  rsi: (bars: number) => new Rsi(bars),
  atr: (bars: number) => new Atr(bars),
  adx: (bars: number) => new Adx(bars),
  donchian: (bars: number) => new Donchian(bars),
  supertrend: (bars: number, factor: number) => new Supertrend(bars, factor),
  macd: (fast: number, slow: number, signal: number) => new Macd(fast, slow, signal),
  bollinger: (bars: number, factor: number) => new Bollinger(bars, factor),
  stddev: (bars: number) => new Stddev(bars),
  rollingMax: (bars: number) => new RollingMax(bars),
  vwap: () => new Vwap(),
  swings: (bars: number) => new Swings(bars),
  number: numberOf,
  choice: choiceOf,
  define: (definition: Definition) => definition,
});
