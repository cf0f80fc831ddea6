import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bench, bench } from './client.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
let venue: Bench;
beforeAll(async () => {
  venue = await bench();
});
afterAll(() => venue.sandbox.close());

type Candle = readonly [openAt: number, open: string, high: string, low: string, close: string, volume: string];

/** Minutes of the same market since an instant, by another question. */
async function minutesFrom(from: number): Promise<readonly Candle[]> {
  const { body } = await venue.ask(`/api/v3/klines?symbol=BTCUSDT&interval=1m&startTime=${from}&limit=1000`);
  return body as Candle[];
}

test.each([
  ['ticker?symbol=BTCUSDT&windowSize=5m', (now: number) => Math.floor(now / MINUTE_MS) * MINUTE_MS - 5 * MINUTE_MS],
  ['ticker?symbol=BTCUSDT&windowSize=2h', (now: number) => Math.floor(now / MINUTE_MS) * MINUTE_MS - 120 * MINUTE_MS],
  ['ticker/tradingDay?symbol=BTCUSDT', (now: number) => Math.floor(now / DAY_MS) * DAY_MS],
])('%s tells what the candles since then say', async (path, begins) => {
  const { body } = await venue.ask(`/api/v3/${path}`);
  const minutes = (await minutesFrom(begins(body.closeTime))).filter(([openAt]) => openAt <= body.closeTime);
  const volume = minutes.reduce((sum, minute) => sum + Number(minute[5]), 0);
  expect(body).toMatchObject({ symbol: 'BTCUSDT', openTime: minutes[0]?.[0], openPrice: minutes[0]?.[1] });
  expect(Number(body.volume)).toBeCloseTo(volume, 6);
  expect(Number(body.highPrice)).toBe(Math.max(...minutes.map((minute) => Number(minute[2])), Number(body.lastPrice)));
  expect(Number(body.priceChange)).toBeCloseTo(Number(body.lastPrice) - Number(body.openPrice), 6);
});

test('a short one leaves the change out, and several markets are a list', async () => {
  const { body } = await venue.ask('/api/v3/ticker?symbols=["BTCUSDT"]&type=MINI');
  expect(body).toHaveLength(1);
  expect(Object.keys(body[0])).toEqual([
    ...['symbol', 'openPrice', 'highPrice', 'lowPrice', 'lastPrice', 'volume', 'quoteVolume'],
    ...['openTime', 'closeTime', 'firstId', 'lastId', 'count'],
  ]);
});

test.each([
  ['', -1102],
  ['symbol=BTCUSDT&windowSize=60m', -1130],
  ['symbol=BTCUSDT&windowSize=8d', -1130],
  ['symbol=BTCUSDT&windowSize=0h', -1130],
  ['symbol=BTCUSDT&windowSize=', -1130],
  ['symbol=BTCUSDT&type=HALF', -1130],
  ['symbol=NONE', -1121],
])('a window that there is not is refused: %s', async (query, code) => {
  expect(await venue.ask(`/api/v3/ticker?${query}`)).toMatchObject({ status: 400, body: { code } });
});

test('what a fill costs is told by market, to a key alone', async () => {
  const { body } = await venue.signed('/api/v3/account/commission?symbol=BTCUSDT');
  const account = await venue.signed('/api/v3/account');
  expect(body.standardCommission).toEqual(account.body.commissionRates);
  expect((await venue.ask('/api/v3/account/commission?symbol=BTCUSDT')).body).toMatchObject({ code: -2014 });
});

test('lists of orders and liquidations are empty, and an open order that is not there is said to be none', async () => {
  expect((await venue.signed('/api/v3/openOrderList')).body).toEqual([]);
  expect((await venue.signed('/api/v3/allOrderList')).body).toEqual([]);
  expect((await venue.signed('/fapi/v1/forceOrders')).body).toEqual([]);
  expect((await venue.signed('/fapi/v1/openOrder?symbol=BTCUSDT&orderId=5')).body).toMatchObject({ code: -2013 });
});
