import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, bench } from './client.ts';

let venue: Bench;
beforeAll(async () => {
  venue = await bench();
});
afterAll(() => venue.sandbox.close());

describe('a request that Binance refuses', () => {
  test.each([
    ['/fapi/v1/klines?interval=1m', -1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed."],
    [
      '/fapi/v1/klines?symbol=&interval=1m',
      -1102,
      "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed.",
    ],
    [
      '/fapi/v1/klines?symbol=BTCUSDT',
      -1102,
      "Mandatory parameter 'interval' was not sent, was empty/null, or malformed.",
    ],
    ['/fapi/v1/klines?symbol=BTCUSDT&interval=7m', -1120, 'Invalid interval.'],
    ['/fapi/v1/klines?symbol=BTCUSDT&interval=1s', -1120, 'Invalid interval.'],
    ['/fapi/v1/klines?symbol=BTCUSDT&interval=toString', -1120, 'Invalid interval.'],
    ['/fapi/v1/ticker/24hr?symbol=BTCUSD_201225', -1121, 'Invalid symbol.'],
    ['/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=1501', -1130, "Data sent for parameter 'limit' is not valid."],
    ['/fapi/v1/trades?symbol=BTCUSDT&limit=0', -1130, "Data sent for parameter 'limit' is not valid."],
    ['/fapi/v1/depth?symbol=BTCUSDT&limit=7', -4021, '7 is not valid depth limit.'],
    [
      '/fapi/v1/klines?symbol=BTCUSDT&interval=1m&startTime=now',
      -1100,
      "Illegal characters found in parameter 'startTime'; legal range is '^[0-9]{1,20}$'.",
    ],
    [
      '/api/v3/klines?symbol=BTC%2FUSDT&interval=1m',
      -1100,
      "Illegal characters found in parameter 'symbol'; legal range is '^[A-Z0-9-_.]{1,20}$'.",
    ],
    ['/api/v3/exchangeInfo?symbols=["NONE"]', -1121, 'Invalid symbol.'],
    ['/api/v3/ticker/price?symbol=BTCUSDT&symbols=["ETHUSDT"]', -1128, 'Combination of optional parameters invalid.'],
  ])('%s', async (path, code, msg) => {
    expect(await venue.ask(path)).toMatchObject({ status: 400, body: { code, msg } });
  });

  test('an unknown path is 404, in the way of each market', async () => {
    const usdm = await venue.ask('/fapi/v1/nothing');
    expect(usdm).toMatchObject({
      status: 404,
      body: { code: -5000, msg: 'Path /fapi/v1/nothing, Method GET is invalid' },
    });
    const spot = await venue.ask('/api/v3/nothing');
    expect([spot.status, spot.headers.get('content-type')]).toEqual([404, 'text/html']);
  });

  test.each([
    '/fapi/v1/order',
    '/fapi/v1/algoOrder',
    '/fapi/v1/leverage',
    '/api/v3/order',
    '/sapi/v1/capital/withdraw/apply',
  ])('POST %s says that nothing is traded here', async (path) => {
    const reply = await venue.ask(path, { method: 'POST' });
    expect(reply).toMatchObject({ status: 400, body: { code: -1020 } });
    expect(reply.body.msg).toMatch(/takes no orders and moves no money/);
  });
});

describe('how many and which rows', () => {
  test('spot gives as many as it has where more are asked for', async () => {
    expect((await venue.ask('/api/v3/klines?symbol=BTCUSDT&interval=1m&limit=5000')).body).toHaveLength(1000);
  });

  test('candles from a start come oldest first, and the forming one is the last', async () => {
    const now = venue.market.now();
    const minute = Math.floor(now / 60_000) * 60_000;
    const span = `startTime=${minute - 180_000}&endTime=${minute - 60_000}`;
    const { body } = await venue.ask(`/fapi/v1/klines?symbol=BTCUSDT&interval=1m&${span}`);
    expect(body.map((row: number[]) => row[0])).toEqual([minute - 180_000, minute - 120_000, minute - 60_000]);
    const last = await venue.ask('/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=1');
    expect(last.body[0][6]).toBeGreaterThan(now);
  });

  test('aggregate trades of a span lie within it', async () => {
    const from = venue.market.now() - 10_000;
    const { body } = await venue.ask(`/fapi/v1/aggTrades?symbol=BTCUSDT&startTime=${from}&endTime=${from + 5000}`);
    expect(body.length).toBeGreaterThan(3);
    expect(body.every((row: { T: number }) => row.T >= from && row.T <= from + 5000)).toBe(true);
  });

  test('spot lists one market, some, or none that may be traded on margin', async () => {
    const names = async (query: string) =>
      (await venue.ask(`/api/v3/exchangeInfo?${query}`)).body.symbols.map((one: { symbol: string }) => one.symbol);
    expect(await names('symbol=ETHUSDT')).toEqual(['ETHUSDT']);
    expect(await names('symbols=["BTCUSDT","ETHUSDT"]')).toEqual(['BTCUSDT', 'ETHUSDT']);
    expect(await names('permissions=SPOT')).toHaveLength(2);
    expect(await names('permissions=MARGIN')).toEqual([]);
  });

  test('a ticker of 24 hours is that of its minutes', async () => {
    const { body } = await venue.ask('/fapi/v1/ticker/24hr?symbol=BTCUSDT');
    expect(body).toMatchObject({ highPrice: '60101.0', lowPrice: '59998.0', volume: '14400.000' });
    expect(body.lastId - body.firstId + 1).toBe(body.count);
    expect(Number(body.priceChange)).toBeCloseTo(Number(body.lastPrice) - Number(body.openPrice), 6);
  });
});

test('the listenKey of spot is gone, as since February 2026', async () => {
  const reply = await venue.ask('/api/v3/userDataStream', { method: 'POST' });
  expect(reply.status).toBe(410);
  expect(reply.text).toContain('<h1>410 Gone</h1>');
});
