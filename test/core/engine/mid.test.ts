import { expect, test } from 'vitest';
import type { Bar } from '../../../src/core/domain/candle.ts';
import type { CandleRow } from '../../../src/core/domain/frame.ts';
import type { Run } from '../../../src/core/domain/run.ts';
import { attachRun, createMarket, isWarm, missingOf } from '../../../src/core/engine/market.ts';
import { observe } from '../../../src/core/engine/observe.ts';
import { isBlockedByGap } from '../../../src/core/engine/safety.ts';
import type { Definition } from '../../../src/core/strategy/definition.ts';

const SYMBOL = 'BTC/USDT:USDT';

/** A strategy that only remembers the candles that it was shown. */
function remembering(seen: Bar[]): Definition {
  return {
    ...{ name: 'memory', version: 1, title: 'Memory', about: 'Remembers.', params: {}, values: [] },
    votes: () => [{ name: 'none', weight: 1, about: 'never votes' }],
    confirmations: () => 1,
    warmup: () => ({ bars: 0, higherBars: 0 }),
    timeframes: () => ({ own: 'feed' }),
    create: () => ({ close: (bar) => void seen.push({ ...bar }) }),
  };
}

test.each([
  ['trade', { open: 100, high: 120, low: 90, close: 110 }],
  ['mid', { open: 101, high: 106, low: 99, close: 104 }],
])('a run with price=%s analyses those candles of a streamed market', (price, expected) => {
  const seen: Bar[] = [];
  const market = createMarket();
  const run = {
    run: 1,
    symbol: SYMBOL,
    params: { price },
    timeframeMs: 60_000,
    higherMs: 0,
    orders: [],
  } as unknown as Run;
  attachRun(market, run, remembering(seen), 60_000);
  for (const [at, mid] of [101, 106, 99, 104].entries()) {
    const touch = { bid: mid - 1, ask: mid + 1, bidQty: 1, askQty: 1, source: 'stream' } as const;
    observe(market, { kind: 'quote', symbol: SYMBOL, at, ...touch });
  }
  const bar = { openAt: 0, closeAt: 60_000, open: 100, high: 120, low: 90, close: 110, volume: 5 };
  observe(market, { kind: 'close', symbol: SYMBOL, at: 60_000, bar });
  expect(seen).toEqual([{ ...bar, ...expected }]);
  // Without a quote in the next candle there is no mid to analyse: the trades are.
  observe(market, { kind: 'close', symbol: SYMBOL, at: 120_000, bar: { ...bar, openAt: 60_000, closeAt: 120_000 } });
  expect(seen[1]).toMatchObject({ open: 100, close: 110 });
});

const runOfMids = (limits: object = {}): Run =>
  ({
    ...{ run: 1, symbol: SYMBOL, params: { price: 'mid' }, timeframeMs: 60_000, higherMs: 0, orders: [] },
    risk: { limits },
  }) as unknown as Run;

test('where mids are told apart a run hears nothing else, and a minute without one is a gap that blocks its entries', () => {
  const seen: Bar[] = [];
  const market = createMarket();
  const definition = { ...remembering(seen), warmup: () => ({ bars: 3, higherBars: 0 }) };
  const held = attachRun(market, runOfMids({ gapBlock: true }), definition, 60_000);
  const told = { market, feedMsOf: () => 60_000 };
  const minute = (i: number): number => 1_000_000 * 60_000 + i * 60_000;
  const rows = (...at: readonly number[]): CandleRow[] => at.map((i) => [minute(i), 7, 7, 7, 7, 1]);
  const history = { kind: 'history', symbol: SYMBOL, at: minute(5), timeframeMs: 60_000 } as const;
  const seenMinutes = (): readonly number[] => seen.map(({ openAt }) => openAt / 60_000 - 1_000_000);
  observe(market, { ...history, rows: rows(0, 1, 2), price: 'mid' });
  held.excursionFrom = minute(4);
  const trades = rows(0, 1, 2, 3, 4).map(([at]): CandleRow => [at, 7, 7, 3, 7, 1]);
  observe(market, { ...history, rows: trades });
  expect(seenMinutes()).toEqual([0, 1, 2]);
  // How far price went while a position was held is no opinion: that is told by trades, too.
  expect(held.low).toBe(3);
  expect(isBlockedByGap(told, held)).toBe(false);
  const pass = (i: number, isQuoted: boolean): void => {
    const touch = { bid: 6, ask: 8, bidQty: 1, askQty: 1, source: 'stream' } as const;
    if (isQuoted) observe(market, { kind: 'quote', symbol: SYMBOL, at: minute(i) + 1, ...touch });
    const bar = { openAt: minute(i), closeAt: minute(i + 1), open: 9, high: 9, low: 9, close: 9, volume: 5 };
    observe(market, { kind: 'close', symbol: SYMBOL, at: bar.closeAt, bar });
  };
  for (const i of [5, 6]) pass(i, true);
  expect(held.closed?.openAt).toBe(minute(6));
  expect(isBlockedByGap(told, held)).toBe(true);
  pass(7, true);
  expect(isBlockedByGap(told, held)).toBe(false);
  pass(8, false);
  // Nothing closed for it: it decides nothing.
  expect(held.closed).toBeUndefined();
  pass(9, true);
  expect(isBlockedByGap(told, held)).toBe(true);
  // Mids from before a gap of the venue are not of the minute that closes after it.
  const touch = { bid: 1, ask: 3, bidQty: 1, askQty: 1, source: 'stream' } as const;
  observe(market, { kind: 'quote', symbol: SYMBOL, at: minute(10) + 1, ...touch });
  observe(market, { kind: 'gap', symbol: SYMBOL, at: minute(12), from: minute(10), missing: 1 });
  pass(11, false);
  expect(seenMinutes()).toEqual([0, 1, 2, 5, 6, 7, 9]);
});

test('what is missing of a warm-up counts the higher time frame, too', () => {
  const market = createMarket();
  const definition = { ...remembering([]), warmup: () => ({ bars: 3, higherBars: 2 }) };
  const held = attachRun(market, { ...runOfMids(), higherMs: 300_000 }, definition, 60_000);
  expect(missingOf(held)).toBe(10);
  held.higherBars = 2;
  held.bars = 1;
  expect([missingOf(held), isWarm(held)]).toEqual([2, false]);
  held.bars = 3;
  expect([missingOf(held), isWarm(held)]).toEqual([0, true]);
});
