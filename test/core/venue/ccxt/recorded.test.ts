import { describe, expect, it } from 'vitest';
import { good, loopback, opened } from './loopback.ts';
import { hasRecordings, recordedHttp, recordedPair } from './recordings.ts';

const DAY = 86_400_000;
const USDM = 'binance-usdm-rest.jsonl.gz';
const SPOT = 'binance-spot-rest.jsonl.gz';
const BTC = 'BTC/USDT:USDT';

describe.skipIf(!hasRecordings)('answers of Binance as they were recorded (../shared/data/protocol)', () => {
  it('candles of a year, number by number', async () => {
    const query = 'endTime=1577836799000&interval=1d&limit=1000&startTime=1546300800000&symbol=BTCUSDT';
    const recorded = recordedPair(SPOT, '/api/v3/klines', query) as [number, ...string[]][];
    await using server = await loopback({
      '/api/v3/exchangeInfo': recordedPair(SPOT, '/api/v3/exchangeInfo') as object,
      '/api/v3/time': { serverTime: Date.UTC(2020, 0, 1) - 2_000 },
      '/api/v3/klines': recorded,
    });
    await using rest = await opened({ base: server.base, exchange: 'binance' });
    const from = 1_546_300_800_000;
    const rows = good(await rest.candles('BTC/USDT', { timeframeMs: DAY, from, limit: 1_000, of: 'trades' }));
    // The last day of 2019 is not over: its clock stands two seconds before midnight.
    expect(rows).toEqual(recorded.slice(0, 364).map((row) => row.slice(0, 6).map(Number)));
    const asked = server.asked.at(-1)?.query;
    expect([asked?.get('interval'), asked?.get('startTime')]).toEqual(['1d', String(from)]);
  });

  it('best bid and ask with the mark price, a book, and settled funding', async () => {
    const depth = recordedPair(USDM, '/fapi/v1/depth', 'limit=100&symbol=BTCUSDT') as {
      bids: string[][];
      lastUpdateId: number;
    };
    const rates = recordedPair(USDM, '/fapi/v1/fundingRate', 'symbol=BTCUSDT') as {
      fundingRate: string;
      fundingTime: number;
    }[];
    await using server = await loopback({
      '/fapi/v1/exchangeInfo': recordedPair(USDM, '/fapi/v1/exchangeInfo') as object,
      '/fapi/v1/fundingInfo': recordedPair(USDM, '/fapi/v1/fundingInfo') as object,
      '/fapi/v1/ticker/bookTicker': recordedPair(USDM, '/fapi/v1/ticker/bookTicker', 'symbol=BTCUSDT') as object,
      '/fapi/v1/premiumIndex': recordedPair(USDM, '/fapi/v1/premiumIndex', 'symbol=BTCUSDT') as object,
      '/fapi/v1/depth': depth,
      '/fapi/v1/fundingRate': rates,
    });
    await using rest = await opened({ base: server.base });
    expect(good(await rest.poll(BTC))).toEqual({
      symbol: BTC,
      bid: 19115.95,
      ask: 19116.5,
      bidQty: 0.274,
      askQty: 0.384,
      mark: 26780.82240476,
      fundingRate: 0.00001226,
      nextFundingAt: 1_687_248_000_000,
      venueAt: 1_607_294_182_164,
    });
    const book = good(await rest.book(BTC, 100));
    expect(book.updateId).toBe(depth.lastUpdateId);
    expect(book.bids).toEqual(depth.bids.map((row) => row.map(Number)));
    const told = good(await rest.fundingRates(BTC, 0, 500));
    expect(told.map((row) => row.rate)).toEqual(rates.map((row) => row.fundingRate));
    // Some were stamped a few ms late.
    expect(rates.some((row) => row.fundingTime % 1_000 !== 0)).toBe(true);
    expect(told.every((row) => row.at % 28_800_000 === 0)).toBe(true);
  });

  it('a book of a whole session, best first and as deep as it was asked for', async () => {
    const file = 'cryptofeed-binance_futures-session.jsonl.gz';
    const depth = recordedHttp(file, 'depth?symbol=SUSHIUSDT') as { lastUpdateId: number };
    await using server = await loopback({
      '/fapi/v1/exchangeInfo': recordedHttp(file, 'exchangeInfo') as object,
      '/fapi/v1/depth': depth,
    });
    await using rest = await opened({ base: server.base });
    const book = good(await rest.book('SUSHI/USDT:USDT', 700));
    expect([book.updateId, book.bids.length, book.asks.length]).toEqual([depth.lastUpdateId, 700, 700]);
    expect(book.bids.every(([price], row) => row === 0 || price < (book.bids[row - 1]?.[0] ?? 0))).toBe(true);
    expect(book.asks.every(([price], row) => row === 0 || price > (book.asks[row - 1]?.[0] ?? 0))).toBe(true);
    expect(server.asked.at(-1)?.query.get('limit')).toBe('1000');
  });
});
