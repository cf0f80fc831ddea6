import { describe, expect, test } from 'vitest';
import { type Bench, bench } from './client.ts';

const used = (reply: { headers: Headers }): number => Number(reply.headers.get('x-mbx-used-weight-1m'));

async function withBench(run: (venue: Bench) => Promise<void>, limits = {}): Promise<void> {
  const venue = await bench({ weightLimits: limits });
  try {
    await run(venue);
  } finally {
    await venue.sandbox.close();
  }
}

describe('the weight of a request', () => {
  test.each([
    ['/fapi/v1/time', 1],
    ['/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=99', 1],
    ['/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=499', 2],
    ['/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=1000', 5],
    ['/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=1500', 10],
    ['/fapi/v1/depth?symbol=BTCUSDT&limit=50', 2],
    ['/fapi/v1/depth?symbol=BTCUSDT&limit=1000', 20],
    ['/fapi/v1/ticker/24hr?symbol=BTCUSDT', 1],
    ['/fapi/v1/ticker/24hr', 40],
    ['/fapi/v1/premiumIndex', 10],
    ['/fapi/v1/fundingRate?symbol=BTCUSDT', 0],
    ['/api/v3/exchangeInfo', 20],
    ['/api/v3/depth?symbol=BTCUSDT&limit=5000', 250],
    ['/api/v3/ticker/bookTicker', 4],
    ['/api/v3/ticker/24hr?symbols=["BTCUSDT"]', 2],
    ['/api/v3/trades?symbol=BTCUSDT', 25],
  ])('%s is %i', (path, weight) =>
    withBench(async (venue) => {
      const clock = path.startsWith('/fapi') ? '/fapi/v1/time' : '/api/v3/time';
      const before = used(await venue.ask(clock));
      expect(used(await venue.ask(path)) - before).toBe(weight);
    }),
  );

  test('is forgotten when the minute turns', () =>
    withBench(async (venue) => {
      await venue.ask('/fapi/v1/ticker/24hr');
      venue.clock.shift(60_000);
      expect(used(await venue.ask('/fapi/v1/time'))).toBe(1);
    }));
});

describe('too much weight', () => {
  test('is refused until the minute turns', () =>
    withBench(
      async (venue) => {
        for (let turn = 0; turn < 3; turn++) expect((await venue.ask('/fapi/v1/time')).status).toBe(200);
        const refused = await venue.ask('/fapi/v1/time');
        expect(refused).toMatchObject({ status: 429, body: { code: -1003 } });
        expect(refused.body.msg).toContain('current limit is 3 requests per minute');
        const waitS = Number(refused.headers.get('retry-after'));
        expect(waitS).toBeGreaterThan(0);
        expect(waitS).toBeLessThanOrEqual(60);
        venue.clock.shift(waitS * 1000);
        expect((await venue.ask('/fapi/v1/time')).status).toBe(200);
      },
      { usdm: 3 },
    ));

  test('turns into a ban for who goes on, and the second ban is longer', () =>
    withBench(
      async (venue) => {
        const banned = async () => {
          for (let turn = 0; turn < 20; turn++) {
            const reply = await venue.ask('/api/v3/time');
            if (reply.status === 418) return reply;
          }
          throw new Error('expected a ban within twenty requests');
        };
        const first = await banned();
        expect(first.body.msg).toMatch(/banned until \d{13}\. Please use the websocket/);
        expect(Number(first.headers.get('retry-after'))).toBe(120);
        venue.clock.shift(119_000);
        expect((await venue.ask('/api/v3/time')).status).toBe(418);
        venue.clock.shift(2000);
        expect((await venue.ask('/api/v3/time')).status).toBe(200);
        expect(Number((await banned()).headers.get('retry-after'))).toBe(480);
      },
      { spot: 3 },
    ));

  test('of one market is not that of the other', () =>
    withBench(
      async (venue) => {
        await venue.ask('/fapi/v1/time');
        expect((await venue.ask('/fapi/v1/time')).status).toBe(429);
        expect((await venue.ask('/api/v3/time')).status).toBe(200);
      },
      { usdm: 1 },
    ));
});
