import type { Bar } from '../src/core/domain/candle.ts';
import type { Definition } from '../src/core/strategy/definition.ts';
import { emaCross } from '../src/core/strategy/ema-cross.ts';
import { Adx } from '../src/core/strategy/indicator/adx.ts';
import { Atr } from '../src/core/strategy/indicator/atr.ts';
import { Donchian } from '../src/core/strategy/indicator/donchian.ts';
import { Ema } from '../src/core/strategy/indicator/ema.ts';
import { Rsi } from '../src/core/strategy/indicator/rsi.ts';
import { Sma } from '../src/core/strategy/indicator/sma.ts';
import { Supertrend } from '../src/core/strategy/indicator/supertrend.ts';
import { createOpinion } from '../src/core/strategy/opinion.ts';
import { defaultParams } from '../src/core/strategy/params.ts';
import type { Opinion, Strategy } from '../src/core/strategy/strategy.ts';
import { trend } from '../src/core/strategy/trend.ts';
import type { Row } from './row.ts';

/** Takes candles `from` to `to` and gives a number that depends on all of them, so that nothing is optimised away. */
type Kernel = (from: number, to: number) => number;

const LENGTH = 262_144;
const CHUNK = 4_096;
const ROUNDS = 15;
const high = new Float64Array(LENGTH);
const low = new Float64Array(LENGTH);
const close = new Float64Array(LENGTH);
let sink = 0;

/** A seeded random walk; the same numbers everywhere. */
function fill(): void {
  let seed = 42;
  let price = 60_000;
  const random = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 4_294_967_296;
  };
  for (let i = 0; i < LENGTH; i++) {
    const open = price;
    price *= 1 + (random() - 0.5) * 0.002;
    high[i] = Math.max(open, price) * (1 + random() * 0.0005);
    low[i] = Math.min(open, price) * (1 - random() * 0.0005);
    close[i] = price;
  }
}

/** Best of several passes, ns a candle. A kernel is entered once a chunk: one long loop would be measured in OSR code. */
function measure(create: () => Kernel): number {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const kernel = create();
    const startedAt = process.hrtime.bigint();
    for (let from = 0; from < LENGTH; from += CHUNK) sink += kernel(from, from + CHUNK);
    best = Math.min(best, Number(process.hrtime.bigint() - startedAt) / LENGTH);
  }
  return best;
}

// One literal loop for each indicator: a shared one would be megamorphic and measure the call.
const KERNELS: readonly (readonly [name: string, most: number | undefined, create: () => Kernel])[] = [
  ['EMA(26)', 5, () => over(new Ema(26), ema)],
  ['RSI(14)', 15, () => over(new Rsi(14), rsi)],
  ['ATR(14)', 15, () => over(new Atr(14), atr)],
  ['SMA(20)', undefined, () => over(new Sma(20), sma)],
  ['ADX(14)', undefined, () => over(new Adx(14), adx)],
  ['Donchian(20)', undefined, () => over(new Donchian(20), donchian)],
  ['Supertrend(10, 3)', undefined, () => over(new Supertrend(10, 3), supertrend)],
  ['strategy ema-cross', undefined, () => strategy(emaCross)],
  ['strategy trend', undefined, () => strategy(trend)],
];

function over<T>(indicator: T, run: (indicator: T, from: number, to: number) => number): Kernel {
  return (from, to) => run(indicator, from, to);
}

function ema(indicator: Ema, from: number, to: number): number {
  for (let i = from; i < to; i++) indicator.update(close[i] as number);
  return indicator.value;
}

function rsi(indicator: Rsi, from: number, to: number): number {
  for (let i = from; i < to; i++) indicator.update(close[i] as number);
  return indicator.value;
}

function sma(indicator: Sma, from: number, to: number): number {
  for (let i = from; i < to; i++) indicator.update(close[i] as number);
  return indicator.value;
}

function atr(indicator: Atr, from: number, to: number): number {
  for (let i = from; i < to; i++) indicator.update(high[i] as number, low[i] as number, close[i] as number);
  return indicator.value;
}

function adx(indicator: Adx, from: number, to: number): number {
  for (let i = from; i < to; i++) indicator.update(high[i] as number, low[i] as number, close[i] as number);
  return indicator.value;
}

function donchian(indicator: Donchian, from: number, to: number): number {
  for (let i = from; i < to; i++) indicator.update(high[i] as number, low[i] as number);
  return indicator.high;
}

function supertrend(indicator: Supertrend, from: number, to: number): number {
  for (let i = from; i < to; i++) indicator.update(high[i] as number, low[i] as number, close[i] as number);
  return indicator.value;
}

// Born with fractions, as the engine's own: a field that once held a small integer is kept in another form.
const BAR: Bar = { openAt: 0, closeAt: 0, open: 0.5, high: 0.5, low: 0.5, close: 0.5, volume: 0.5 };

function strategy(definition: Definition): Kernel {
  const params = defaultParams(definition.params);
  const opinion = createOpinion(definition, params);
  const made = definition.create(params);
  return (from, to) => closes(made, opinion, from, to);
}

function closes(made: Strategy, opinion: Opinion, from: number, to: number): number {
  for (let i = from; i < to; i++) {
    BAR.high = high[i] as number;
    BAR.low = low[i] as number;
    BAR.close = close[i] as number;
    made.close(BAR, opinion);
  }
  return opinion.values[0] as number;
}

/** Measures the incremental indicators and what a strategy costs on a close, in ns a candle. */
export async function run(): Promise<Row[]> {
  fill();
  const rows = KERNELS.map(([name, most, create]): Row => {
    const value = measure(create);
    const row = { name, value, unit: 'ns/candle' };
    return most === undefined ? row : { ...row, limit: `< ${most}`, isGood: value < most };
  });
  if (Number.isNaN(sink)) throw new Error('bench: expected warm indicators, found NaN');
  return rows;
}
