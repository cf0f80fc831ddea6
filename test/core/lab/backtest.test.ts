import { expect, test } from 'vitest';
import { summarize } from '../../../src/core/analytics/summary.ts';
import { money, rate } from '../../../src/core/base/decimal.ts';
import type { Candles } from '../../../src/core/domain/candle.ts';
import { createMemoryJournal } from '../../../src/core/journal/memory.ts';
import { type Backtest, createBacktest } from '../../../src/core/lab/backtest.ts';
import { NO_EXTRAS } from '../../../src/core/market/feed.ts';
import { emaCross } from '../../../src/core/strategy/ema-cross.ts';
import { noisyCandles } from '../../support/engine-market.ts';
import { BTC, FREE, startRun } from '../../support/engine-scene.ts';

const MINUTE_MS = 60_000;

function wired(candles: Candles): Backtest {
  // Many small wins and few losses: equity comes back to its peak again and again, and waits there for the next cross.
  const risk = {
    stop: { by: 'fixed', distance: rate('0.03') },
    target: { by: 'fixed', distance: rate('0.004') },
  } as const;
  const run = { ...startRun({ risk }, MINUTE_MS), strategy: 'ema-cross', params: { fast: 5, slow: 60 } };
  return createBacktest({
    account: { name: 'open_account', account: 'paper', asset: 'USDT', balance: money('10000'), costs: FREE },
    run,
    definition: emaCross,
    series: { symbol: BTC, source: 'replay', candles, tradeFrom: 0, extras: NO_EXTRAS },
    journal: createMemoryJournal(),
    build: 'test',
  });
}

/** Where nothing is held, many closes are marked at once: a fall and a recovery are told at their own instants all the same. */
test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'what is told of equity does not depend on how many candles run at once, seed %d',
  (seed) => {
    const candles = noisyCandles(seed, 12_000, MINUTE_MS);
    const atOnce = wired(candles);
    while (atOnce.advance(65_536));
    const oneByOne = wired(candles);
    while (oneByOne.advance(1));
    expect(summarize(atOnce.record())).toEqual(summarize(oneByOne.record()));
  },
);
