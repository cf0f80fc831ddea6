import { expect, test } from 'vitest';
import { SyntheticMarket } from '../../../../src/core/market/synthetic.ts';
import { openSynthetic, type SyntheticSource } from '../../../../src/core/sandbox/source/synthetic.ts';
import { handTimers } from '../../../support/hand-timers.ts';
import { sandboxListing } from '../../../support/sandbox-candles.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const NOW = Date.UTC(2026, 10, 20, 9, 30, 17);

function sourceOf(market: SyntheticMarket, fundingHours: number): SyntheticSource {
  return {
    listing: { ...sandboxListing(market.symbol, market.priceDigits), fundingHours },
    priceDigits: market.priceDigits,
    qtyDigits: market.qtyDigits,
    stepMs: 1_000,
    oldestAt: Date.UTC(2024, 0, 1),
    depth: (at, levels) => market.depth(at, levels),
    trades: (from, to) => market.trades(from, to),
    candles: (from, to) => market.candles(from, to),
    mark: (at) => market.mark(at),
    fundingRate: (at) => market.fundingRate(at),
  };
}

test('the computed market is the same over the wire as where it is computed', () => {
  const computed = new SyntheticMarket('ETH/USDT:USDT', 7);
  const clock = handTimers(NOW);
  const market = openSynthetic({ kind: 'usdm', symbols: [sourceOf(computed, 4)], clock });
  clock.pass(3 * MINUTE_MS);
  market.play();
  const from = Math.floor(NOW / MINUTE_MS) * MINUTE_MS - 2 * MINUTE_MS;
  const klines = market.klines('ETHUSDT', MINUTE_MS, {
    startAt: from,
    endAt: from + 4 * MINUTE_MS,
    limit: 9,
    of: 'trades',
  });
  const { open, high, low, close, volume } = computed.candles(from, from + 5 * MINUTE_MS);
  expect(klines.map((kline) => [kline.open, kline.high, kline.low, kline.close, kline.volume].map(Number))).toEqual(
    Array.from(open, (_, row) => [open, high, low, close, volume].map((column) => column[row])),
  );
  const quote = computed.quote(market.now());
  expect(Number(market.depth('ETHUSDT', 1).bids[0]?.[0])).toBe(quote.bid);
  expect(Number(market.mark('ETHUSDT')?.mark)).toBe(computed.mark(market.now()));
});

test('it settles as often as it is listed to', () => {
  const market = openSynthetic({
    kind: 'usdm',
    symbols: [sourceOf(new SyntheticMarket('SOL/USDT:USDT', 7), 4)],
    clock: handTimers(NOW),
  });
  const rows = market.funding('SOLUSDT', { limit: 3 });
  expect(rows.map(({ at }) => at)).toEqual([0, 4, 8].map((hours) => Date.UTC(2026, 10, 20) + hours * HOUR_MS));
  expect(market.mark('SOLUSDT')?.nextFundingAt).toBe(Date.UTC(2026, 10, 20, 12));
});
