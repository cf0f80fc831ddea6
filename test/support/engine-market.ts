import fc from 'fast-check';
import { ONE, type Price, price, type Qty, qty, type Rate, rate, ratio } from '../../src/core/base/decimal.ts';
import type { Candles } from '../../src/core/domain/candle.ts';
import type { CandleRow } from '../../src/core/domain/frame.ts';
import type { Instrument } from '../../src/core/domain/instrument.ts';
import { builtInInstrument } from '../../src/core/domain/instrument-table.ts';
import type { Costs, Limits, RiskSettings } from '../../src/core/domain/settings.ts';
import { columnsOf } from '../../src/core/market/columns.ts';
import type { Extra } from '../../src/core/market/feed.ts';
import type { Definition } from '../../src/core/strategy/definition.ts';
import { emaCross } from '../../src/core/strategy/ema-cross.ts';
import { defaultParams } from '../../src/core/strategy/params.ts';
import type { Params } from '../../src/core/strategy/strategy.ts';
import { trend } from '../../src/core/strategy/trend.ts';

const MINUTE_MS = 60_000;
/** 2025-01-04T23:20:00Z: the day ends after 40 minutes, the week a day later. */
const FROM = Date.UTC(2025, 0, 4, 23, 20);

/** A small market and everything that a run on it depends on. */
export interface SmallMarket {
  readonly [fc.toStringMethod]: () => string;
  readonly candles: Candles;
  readonly extras: readonly Extra[];
  readonly definition: Definition;
  readonly params: Params;
  readonly timeframeMs: number;
  readonly higherMs: number;
  readonly instrument: Instrument;
  readonly risk: RiskSettings;
  readonly costs: Costs;
  /** The answers to some orders never come. */
  readonly isLossy: boolean;
}

type Step = readonly [missing: number, gap: number, up: number, down: number, close: number];

/** Seeded steps (mulberry32): enough noise that averages cross every few candles, gaps and holes now and then. */
function stepsOf(seed: number, length: number): Step[] {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const upTo = (most: number): number => Math.floor(next() * (most + 1));
  return Array.from({ length }, () => {
    const missing = next() < 0.02 ? 1 + upTo(3) : 0;
    const gap = next() < 0.1 ? upTo(30) - 15 : 0;
    return [missing, gap, upTo(9), upTo(9), next()];
  });
}

/** Ticks of 0.1 around 100. */
function candlesOf(steps: readonly Step[], timeframeMs: number): Candles {
  const rows: CandleRow[] = [];
  let at = FROM;
  let last = 1_000;
  for (const [missing, gap, up, down, share] of steps) {
    at += missing * timeframeMs;
    const open = Math.max(20, last + gap);
    const high = open + up;
    const low = Math.max(10, open - down);
    last = Math.round(low + (high - low) * share);
    rows.push([at, open / 10, high / 10, low / 10, last / 10, 1 + up]);
    at += timeframeMs;
  }
  return columnsOf(rows, timeframeMs);
}

const share = (most: number): fc.Arbitrary<Rate> =>
  fc.integer({ min: 1, max: most }).map((bps) => ratio(BigInt(bps), 10_000n, 'down'));
const orNone = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: of });

const limits: fc.Arbitrary<Limits> = fc.record({
  dayBlock: orNone(share(150)),
  dayFlatten: orNone(share(250)),
  stopCooldownMs: orNone(fc.constantFrom(60_000, 300_000)),
  stopsInRowMax: orNone(fc.constant(2)),
  stopsInRowCooldownMs: orNone(fc.constant(600_000)),
  flipsDayMax: orNone(fc.integer({ min: 1, max: 6 })),
  entriesDayMax: orNone(fc.integer({ min: 3, max: 12 })),
  reservedAccount: orNone(share(8_000)),
  heat: orNone(share(300)),
});

const settings: fc.Arbitrary<RiskSettings> = fc.record({
  sizing: fc.oneof(
    fc.record({ by: fc.constant('fraction' as const), fraction: share(15_000) }),
    fc.record({ by: fc.constant('risk' as const), risk: share(150) }),
  ),
  leverage: fc.constantFrom(1, 2, 5, 20).map((times) => (BigInt(times) * ONE) as Rate),
  stop: fc.record({ by: fc.constant('fixed' as const), distance: share(300) }),
  target: fc.oneof(
    fc.record({ by: fc.constant('fixed' as const), distance: share(400) }),
    fc.constant({ by: 'none' as const }),
  ),
  loss: fc.oneof(
    { weight: 2, arbitrary: fc.constant({ by: 'none' as const }) },
    { weight: 1, arbitrary: fc.record({ by: fc.constant('equity' as const), fraction: share(100) }) },
  ),
  slippageCap: orNone(share(20)),
  limits,
});

const costs: fc.Arbitrary<Costs> = fc.record({
  makerRate: share(5),
  takerRate: share(10),
  spread: fc.oneof(fc.constant(rate('0')), share(6)),
  slippage: fc.oneof(fc.constant(rate('0')), share(4)),
  latencyMs: fc.constantFrom(0, 150, 150, 2_500),
});

interface Strategy {
  readonly definition: Definition;
  readonly params: Params;
  readonly own: number;
  readonly higher: number;
}

const CROSS = defaultParams(emaCross.params);
const TREND = defaultParams(trend.params);
const QUICK: Params = {
  ...TREND,
  votesMin: 2,
  emaFast: 2,
  emaSlow: 4,
  adx: 2,
  donchian: 3,
  supertrend: 2,
  htfEma: 2,
  volumeSma: 3,
  atr: 2,
  crossBars: 3,
  breakoutBars: 3,
};

/** Strategies that change their mind every few candles; `own` and `higher` in candles of the feed. */
const strategies: fc.Arbitrary<Strategy> = fc.constantFrom<Strategy>(
  { definition: emaCross, params: { ...CROSS, fast: 1, slow: 3 }, own: 1, higher: 0 },
  { definition: emaCross, params: { ...CROSS, fast: 2, slow: 4 }, own: 3, higher: 0 },
  { definition: trend, params: { ...QUICK, confirmations: 1 }, own: 1, higher: 4 },
  { definition: trend, params: { ...QUICK, confirmations: 2, votesMin: 1 }, own: 2, higher: 6 },
);

function extrasOf(candles: Candles, symbol: string, everyMs: number, rates: readonly number[]): Extra[] {
  const from = candles.openAt[0] ?? 0;
  const to = (candles.openAt[candles.length - 1] ?? 0) + candles.timeframeMs;
  const extras: Extra[] = [];
  for (let at = Math.ceil(from / everyMs) * everyMs, i = 0; at <= to; at += everyMs, i++) {
    const bps = rates[i % rates.length] ?? 1;
    extras.push({ kind: 'funding', symbol, at, rate: ((BigInt(bps) * ONE) / 10_000n) as Rate });
  }
  return extras;
}

/** Two quotes a candle, inside its reach; sizes that are often too small for an order, or endless. */
function quotesOf(candles: Candles, symbol: string, sizes: 'endless' | 'thin'): Extra[] {
  const quotes: Extra[] = [];
  for (let i = 0; i < candles.length; i++) {
    const at = candles.openAt[i] ?? 0;
    const prices = [candles.open[i] ?? 0, i % 2 === 0 ? (candles.high[i] ?? 0) : (candles.low[i] ?? 0)];
    prices.forEach((mid, place) => {
      const qty = sizes === 'endless' ? Number.POSITIVE_INFINITY : ((i * 7 + place * 3) % 11) * 0.75;
      const spread = 0.1 * ((i + place) % 3);
      const shown = { bid: Math.round((mid - spread) * 10) / 10, ask: mid, bidQty: qty, askQty: qty };
      quotes.push({ kind: 'quote', symbol, at: at + (place * candles.timeframeMs) / 2, ...shown, source: 'replay' });
    });
  }
  return quotes;
}

/** Of one instant the settlement comes first. */
const inTime = (settlements: readonly Extra[], quotes: readonly Extra[]): Extra[] =>
  [...settlements, ...quotes].sort((a, b) => a.at - b.at);

/** Seeded candles with gaps and holes, in ticks of 0.1 around 100. */
export const noisyCandles = (seed: number, length: number, timeframeMs: number): Candles =>
  candlesOf(stepsOf(seed, length), timeframeMs);

/** Small random markets with a strategy, settings and costs; on candles alone or with quotes of their own. */
export const marketWith = (
  quotes: readonly ('none' | 'endless' | 'thin')[],
  timeframes: readonly number[] = [MINUTE_MS, MINUTE_MS, 1_000, 4 * 3_600_000],
): fc.Arbitrary<SmallMarket> =>
  fc
    .record({
      quotes: fc.constantFrom(...quotes),
      isLossy: fc.constantFrom(false, false, true),
      seed: fc.nat(),
      length: fc.integer({ min: 20, max: 160 }),
      timeframeMs: fc.constantFrom(...timeframes),
      strategy: strategies,
      kind: fc.constantFrom('perpetual' as const, 'perpetual' as const, 'spot' as const),
      risk: settings,
      costs,
      fundingEvery: fc.constantFrom(7, 20),
      rates: fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 4 }),
    })
    .map(({ isLossy, quotes, seed, length, timeframeMs, strategy, kind, risk, costs: models, fundingEvery, rates }) => {
      const candles = candlesOf(stepsOf(seed, length), timeframeMs);
      const symbol = kind === 'spot' ? 'SOL/USDT' : 'SOL/USDT:USDT';
      const built = builtInInstrument(symbol, { tick: price('0.1') as Price, step: qty('0.01') as Qty });
      if (built === undefined) throw new TypeError('expected a symbol');
      const shown = {
        isLossy,
        quotes,
        seed,
        length,
        timeframeMs,
        strategy: strategy.definition.name,
        kind,
        risk,
        models,
        fundingEvery,
      };
      return {
        [fc.toStringMethod]: () => fc.stringify(shown),
        candles,
        extras: inTime(
          kind === 'spot' ? [] : extrasOf(candles, symbol, (fundingEvery * timeframeMs) / 2, rates),
          quotes === 'none' ? [] : quotesOf(candles, symbol, quotes),
        ),
        definition: strategy.definition,
        params: strategy.params,
        timeframeMs: strategy.own * timeframeMs,
        higherMs: strategy.higher * timeframeMs,
        instrument: built,
        risk: kind === 'spot' ? { ...risk, leverage: rate('1') } : risk,
        costs: models,
        isLossy,
      };
    });

/** The same market where each settlement is told so many candles after it was. */
export const toldLate = (market: SmallMarket, candles: number): SmallMarket => ({
  ...market,
  extras: market.extras.map((extra) =>
    extra.kind === 'funding' ? { ...extra, settledAt: extra.at - candles * market.candles.timeframeMs } : extra,
  ),
});

/** The same market under another name. */
export function renamed(market: SmallMarket, base: string): SmallMarket {
  const symbol = market.instrument.symbol.replace('SOL', base);
  return {
    ...market,
    extras: market.extras.map((extra) => ({ ...extra, symbol })),
    instrument: { ...market.instrument, symbol, base },
  };
}
