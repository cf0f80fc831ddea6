import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rate } from '../../../src/core/base/decimal.ts';
import type { Candles } from '../../../src/core/domain/candle.ts';
import { aggregate } from '../../../src/core/market/aggregate.ts';
import { buildCandles } from '../../../src/core/market/build.ts';
import { checkCandles } from '../../../src/core/market/candle-check.ts';
import { SYNTHETIC_EPOCH_AT as EPOCH, SyntheticMarket } from '../../../src/core/market/synthetic.ts';
import { MINUTE_MS, rowsOf } from './fixtures.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const SYMBOL = 'BTC/USDT:USDT';
const month = new SyntheticMarket(SYMBOL, 7).candles(EPOCH, EPOCH + 30 * DAY_MS);

/** A market that nobody has asked anything yet. */
const fresh = (): SyntheticMarket => new SyntheticMarket(SYMBOL, 7);
const instant = fc.integer({ min: 0, max: 30 * DAY_MS - 1 }).map((ms) => EPOCH + ms);

describe('a pure function of symbol, seed and time', () => {
  test('any instant can be asked for in any order, with the same answer', () => {
    const asked = fresh();
    fc.assert(
      fc.property(instant, (at) => {
        const index = Math.floor((at - EPOCH) / MINUTE_MS);
        expect(asked.quote(at)).toEqual(fresh().quote(at));
        expect(asked.depth(at, 3)).toEqual(fresh().depth(at, 3));
        expect(asked.candle(index)).toEqual({
          ...fresh().candle(index),
          close: month.close[index],
          high: month.high[index],
        });
      }),
    );
  });

  test('the bits are those of every other machine', () => {
    const index = 20_000;
    expect(rowsOf(month)[index]).toEqual([EPOCH + index * MINUTE_MS, ...PINNED]);
  });

  test('another seed is another market, and so is another symbol', () => {
    const closes = [7, 8].flatMap((seed) =>
      [SYMBOL, 'ETH/USDT:USDT', 'ABC/USDT'].map((symbol) => new SyntheticMarket(symbol, seed)),
    );
    const moves = closes.map((market) => market.candle(1_000).close / market.candle(0).open);
    expect(new Set(moves).size).toBe(6);
  });
});

/** Candle 20,000 of seed 7: open, high, low, close, volume. */
const PINNED = [57_509.8, 57_539.4, 57_504.7, 57_504.7, 44.566];

describe('candles and quotes tell one story', () => {
  test('every mid of a minute lies within its candle, which opens and closes on its first and last', () => {
    const market = fresh();
    for (let index = 0; index < 2_000; index++) {
      const openAt = EPOCH + index * MINUTE_MS;
      const mids = Array.from({ length: 12 }, (_, step) => market.quote(openAt + step * 5_000).mid);
      const between = market.quote(openAt + ((index * 7_919) % MINUTE_MS)).mid;
      expect(mids[0]).toBe(month.open[index]);
      expect(market.quote(openAt + 59_999).mid).toBe(month.close[index]);
      expect(Math.max(...mids, between)).toBeLessThanOrEqual(month.high[index] as number);
      expect(Math.min(...mids, between)).toBeGreaterThanOrEqual(month.low[index] as number);
    }
  });

  test('candles made of its trades are its candles', () => {
    const to = EPOCH + DAY_MS;
    const built = buildCandles(fresh().trades(EPOCH, to), MINUTE_MS, to);
    expect(rowsOf(built.candles)).toEqual(rowsOf(month).slice(0, 1_440));
    expect(built.isFirstPartial).toBe(false);
  });

  test('bid, mid and ask are on the tick and in order; the best of the book is the quote', () => {
    const market = fresh();
    fc.assert(
      fc.property(instant, (at) => {
        const { bid, ask, mid, bidQty, askQty } = market.quote(at);
        const { bidPrice, bidQty: bids, askPrice, askQty: asks } = market.depth(at, 5);
        expect(bid < mid && mid < ask).toBe(true);
        expect([bid, mid, ask].every((price) => Math.round(price * 10) / 10 === price)).toBe(true);
        expect([bidPrice[0], bids[0], askPrice[0], asks[0]]).toEqual([bid, bidQty, ask, askQty]);
        expect((bidPrice[4] as number) < bid && (askPrice[4] as number) > ask).toBe(true);
        expect(Math.abs(market.mark(at) / mid - 1)).toBeLessThan(0.02);
      }),
    );
  });

  test('parts of the history join without a seam', () => {
    const market = fresh();
    const at = EPOCH + 3 * HOUR_MS;
    const parts = [market.candles(at, EPOCH + 5 * HOUR_MS), fresh().candles(EPOCH, at)].flatMap(rowsOf);
    expect(parts.sort(([a = 0], [b = 0]) => a - b)).toEqual(rowsOf(month).slice(0, 300));
  });
});

/** Changes of sign of EMA(12) - EMA(26) a day. */
function crossesADay(candles: Candles): number {
  let [fast, slow, side, crosses] = [candles.close[0] as number, candles.close[0] as number, 0, 0];
  for (const close of candles.close) {
    fast += ((close - fast) * 2) / 13;
    slow += ((close - slow) * 2) / 27;
    const now = Math.sign(fast - slow);
    if (side !== 0 && now !== 0 && now !== side) crosses++;
    if (now !== 0) side = now;
  }
  return crosses / ((candles.length * candles.timeframeMs) / DAY_MS);
}

describe('a market worth trading', () => {
  test('its candles are sound and on the tick', () => {
    const { counts, gaps } = checkCandles(month);
    expect([counts, gaps]).toEqual([{ unsorted: 0, duplicate: 0, impossible: 0, uneven: 0 }, []]);
    expect(month.close.every((close) => Math.round(close * 10) / 10 === close)).toBe(true);
    expect(month.volume.every((volume) => volume > 0 && Math.round(volume * 1_000) / 1_000 === volume)).toBe(true);
  });

  test('one-minute returns deviate by about 0.05 %, and a candle opens where the last one closed', () => {
    let squares = 0;
    for (let row = 1; row < month.length; row++) {
      squares += ((month.close[row] as number) / (month.close[row - 1] as number) - 1) ** 2;
      expect(Math.abs((month.open[row] as number) / (month.close[row - 1] as number) - 1)).toBeLessThan(0.000_05);
    }
    const deviation = Math.sqrt(squares / (month.length - 1));
    expect(deviation).toBeGreaterThan(0.000_3);
    expect(deviation).toBeLessThan(0.001);
  });

  test('a cross of averages on 15m trades a few times a day', () => {
    const perDay = crossesADay(aggregate(month, 15 * MINUTE_MS));
    expect(perDay).toBeGreaterThan(1.5);
    expect(perDay).toBeLessThan(8);
  });

  test('trend, range and shock take turns, each for hours', () => {
    const market = fresh();
    const regimes = Array.from({ length: 60 * 24 }, (_, hour) => market.regime(EPOCH + hour * HOUR_MS));
    const changes = regimes.filter((regime, hour) => hour > 0 && regime !== regimes[hour - 1]).length;
    expect(new Set(regimes)).toEqual(new Set(['trend', 'range', 'shock']));
    expect(changes).toBeGreaterThan(30);
    expect(changes).toBeLessThan(180);
  });

  test('prices stay near their base for years, and every symbol has a tick and a lot that suit it', () => {
    for (const [symbol, base] of [
      [SYMBOL, 60_000],
      ['ETH/USDT', 3_000],
      ['DOGE/USDT', 0.12],
    ] as const) {
      const market = new SyntheticMarket(symbol, 3);
      const days = Array.from({ length: 3 * 365 }, (_, day) => market.quote(EPOCH + day * DAY_MS).mid / base);
      expect(Math.min(...days)).toBeGreaterThan(0.5);
      expect(Math.max(...days)).toBeLessThan(2);
      expect(market.tick / base).toBeLessThan(0.000_02);
      expect(market.lot * base).toBeLessThan(200);
    }
  });

  test('funding is exact text within its bounds, at 8 h instants only', () => {
    const market = fresh();
    const rates = Array.from({ length: 90 }, (_, turn) => market.fundingRate(EPOCH + turn * 8 * HOUR_MS));
    expect(rates.every((text) => Math.abs(Number(rate(text))) <= 7.5e14)).toBe(true);
    expect(new Set(rates).size).toBeGreaterThan(50);
    expect(() => market.fundingRate(EPOCH + HOUR_MS)).toThrow(/00:00, 08:00 or 16:00/);
    expect(() => market.quote(EPOCH - 1)).toThrow(/from its beginning on/);
  });
});
