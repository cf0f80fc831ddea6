import { expect, test } from 'vitest';
import type { Bar } from '../../../src/core/domain/candle.ts';
import type { Run } from '../../../src/core/domain/run.ts';
import { attachRun, createMarket } from '../../../src/core/engine/market.ts';
import { observe } from '../../../src/core/engine/observe.ts';
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
