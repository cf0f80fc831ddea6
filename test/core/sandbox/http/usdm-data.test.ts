import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SHORT_POSITION } from '../../../support/sandbox-market.ts';
import { type Bench, bench } from './client.ts';

let venue: Bench;
beforeAll(async () => {
  venue = await bench();
  venue.sandbox.usdm?.account.set({
    positions: [SHORT_POSITION],
  });
});
afterAll(() => venue.sandbox.close());

const data = (name: string) => venue.ask(`/futures/data/${name}?symbol=BTCUSDT&period=5m&limit=3`);

describe('statistics by period', () => {
  test('takers bought and sold what the candles say', async () => {
    const { body } = await data('takerlongshortRatio');
    const candles = await venue.ask('/fapi/v1/klines?symbol=BTCUSDT&interval=5m&limit=3');
    expect(body).toHaveLength(3);
    for (const [at, { buyVol, sellVol, timestamp }] of body.entries()) {
      const [openAt, , , , , volume, , , , takerBase] = candles.body[at];
      expect(timestamp).toBe(openAt);
      expect(Number(buyVol)).toBeCloseTo(Number(takerBase), 6);
      expect(Number(buyVol) + Number(sellVol)).toBeCloseTo(Number(volume), 6);
    }
  });

  test('open interest is a third of the day before, and worth its price', async () => {
    const { body } = await data('openInterestHist');
    expect(body).toHaveLength(3);
    const { sumOpenInterest, sumOpenInterestValue, timestamp } = body.at(-1);
    const day = await venue.ask(`/fapi/v1/klines?symbol=BTCUSDT&interval=5m&limit=288&endTime=${timestamp}`);
    const volume = day.body.reduce((sum: number, candle: readonly string[]) => sum + Number(candle[5]), 0);
    expect(Number(sumOpenInterest)).toBeCloseTo(volume / 3, 6);
    expect(Number(sumOpenInterestValue) / Number(sumOpenInterest)).toBeCloseTo(Number(day.body.at(-1)[4]), 4);
  });

  test.each(['topLongShortAccountRatio', 'topLongShortPositionRatio', 'globalLongShortAccountRatio'])(
    '%s has a row for each period',
    async (name) => {
      const { body } = await data(name);
      expect(body.map(({ timestamp }: { timestamp: number }) => timestamp % 300_000)).toEqual([0, 0, 0]);
      expect(body[0]).toMatchObject({ symbol: 'BTCUSDT', longAccount: '0.5000', shortAccount: '0.5000' });
    },
  );

  test.each([
    ['symbol=BTCUSDT', -1102],
    ['symbol=NONE&period=5m', -1121],
    ['symbol=BTCUSDT&period=5m&limit=501', -1130],
  ])('are refused where %s', async (query, code) => {
    expect(await venue.ask(`/futures/data/openInterestHist?${query}`)).toMatchObject({ status: 400, body: { code } });
  });
});

test('the premium of a mark that is the index is none', async () => {
  const { body } = await venue.ask('/fapi/v1/premiumIndexKlines?symbol=BTCUSDT&interval=1m&limit=2');
  expect(body).toHaveLength(2);
  for (const row of body)
    expect(row.slice(1, 6)).toEqual(['0.00000000', '0.00000000', '0.00000000', '0.00000000', '0']);
});

test.each<[path: string, body: unknown]>([
  ['/fapi/v1/adlQuantile', [{ symbol: 'BTCUSDT', adlQuantile: { LONG: 0, SHORT: 0, BOTH: 1 } }]],
  ['/fapi/v1/adlQuantile?symbol=ETHUSDT', []],
  ['/fapi/v1/positionMargin/history?symbol=BTCUSDT', []],
  ['/fapi/v1/allAlgoOrders?symbol=BTCUSDT', []],
  ['/fapi/v1/algoOrder?algoId=1', { code: -2013 }],
  ['/fapi/v1/feeBurn', { feeBurn: false }],
  ['/fapi/v1/apiTradingStatus', { indicators: {} }],
  ['/sapi/v1/account/status', { data: 'Normal' }],
  ['/sapi/v1/capital/deposit/hisrec', []],
  ['/sapi/v1/asset/transfer?type=MAIN_UMFUTURE', { total: 0 }],
])('%s is read with a signature, and only so', async (path, body) => {
  expect((await venue.signed(path)).body).toMatchObject(body as object);
  expect(await venue.ask(path)).toMatchObject({ status: 401, body: { code: -2014 } });
});
