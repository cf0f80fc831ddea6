import { describe, expect, it } from 'vitest';
import { text } from '../../../../src/core/base/decimal.ts';
import { instrumentProblem } from '../../../../src/core/domain/instrument.ts';
import type { VenueMarket } from '../../../../src/core/venue/exchange.ts';
import { type Asked, good, type Loopback, loopback, opened, problem, send } from './loopback.ts';
import { hasRecordings, recordedHttp } from './recordings.ts';

type Row = Record<string, unknown>;
const MINUTE = 60_000;
const listOf = (answer: unknown): Row[] => {
  const { result, data } = answer as { result?: { list?: Row[] }; data?: Row[] };
  return result?.list ?? data ?? [];
};

/** Answers by one parameter of the query. */
const by = (name: string, answers: Record<string, unknown>) => (asked: Asked, response: Parameters<typeof send>[0]) =>
  send(
    response,
    200,
    JSON.stringify(answers[asked.query.get(name) ?? ''] ?? { retCode: 10001, code: '51000', msg: 'x' }),
  );

function sound(markets: readonly VenueMarket[]): readonly VenueMarket[] {
  for (const { instrument, why, symbol } of markets) {
    expect((instrument === undefined) === (why !== undefined), `${symbol}: ${why}`).toBe(true);
    if (instrument === undefined) continue;
    expect(instrumentProblem(instrument)).toBeUndefined();
    expect(instrument.qtyMin > 0n && instrument.tick > 0n, symbol).toBe(true);
  }
  return markets.filter((one) => one.instrument !== undefined);
}

const shown = (market: VenueMarket | undefined) => {
  const { instrument } = market ?? {};
  if (instrument === undefined) return market?.why;
  const { tick, step, qtyMin, qtyMax, notionalMin } = instrument;
  return [tick, step, qtyMin, qtyMax, notionalMin].map(text).join(' ');
};

describe.skipIf(!hasRecordings)('other exchanges by their recorded answers (../shared/data/protocol)', () => {
  const bybit = (): Promise<Loopback> => {
    const file = 'cryptofeed-bybit-session.jsonl.gz';
    const linear = recordedHttp(file, 'category=linear');
    const spot = recordedHttp(file, 'category=spot');
    return loopback({ '/v5/market/instruments-info': by('category', { linear, spot }) });
  };

  it('Bybit: every market is exact or says why it is not traded', async () => {
    await using server = await bybit();
    await using rest = await opened({ base: server.base, exchange: 'bybit' });
    const markets = good(await rest.markets());
    expect(markets.length).toBe(800 + 557);
    expect(sound(markets).length).toBeGreaterThan(1_300);
    const told = listOf(recordedHttp('cryptofeed-bybit-session.jsonl.gz', 'category=linear'));
    const perpetuals = new Map(markets.filter((one) => one.type === 'perpetual').map((one) => [one.id, one]));
    for (const row of told.filter((one) => one.contractType === 'LinearPerpetual')) {
      const market = perpetuals.get(String(row.symbol));
      const lot = row.lotSizeFilter as Record<string, string>;
      const price = row.priceFilter as Record<string, string>;
      expect(market?.fundingMs).toBe(Number(row.fundingInterval) * MINUTE);
      if (market?.instrument === undefined) continue;
      const { tick, step, qtyMin, qtyMax, notionalMin } = market.instrument;
      expect(
        [tick, step, qtyMin, qtyMax, notionalMin].map((value) => Number(text(value))),
        market.id,
      ).toEqual([price.tickSize, lot.qtyStep, lot.minOrderQty, lot.maxMktOrderQty, lot.minNotionalValue].map(Number));
    }
    expect(shown(markets.find((one) => one.symbol === 'BTC/USDT'))).toBe('0.1 0.000001 0.000001 120 5');
  });

  it('Bybit: closed candles, a quote with mark and funding, a book, and its own words for trouble', async () => {
    await using server = await bybit();
    const now = Math.floor(Date.now() / MINUTE) * MINUTE;
    const result = (value: object) => ({ retCode: 0, retMsg: 'OK', result: value, time: now });
    const kline = (at: number) => [String(at), '61000.1', '61010', '60990', '61005', '12.5', '762562.5'];
    Object.assign(server.answers, {
      '/v5/market/time': result({ timeSecond: String((now + 5_000) / 1_000), timeNano: `${now + 5_000}000000` }),
      '/v5/market/kline': result({
        symbol: 'BTCUSDT',
        category: 'linear',
        list: [0, 1, 1, 2].map((back) => kline(now - back * MINUTE)),
      }),
      '/v5/market/tickers': result({
        category: 'linear',
        list: [
          {
            symbol: 'BTCUSDT',
            bid1Price: '61000.1',
            bid1Size: '2',
            ask1Price: '61000.2',
            ask1Size: '3',
            markPrice: '61000.15',
            fundingRate: '0.0001',
            nextFundingTime: String(now + MINUTE),
            lastPrice: '61000.1',
          },
        ],
      }),
      '/v5/market/orderbook': result({
        s: 'BTCUSDT',
        b: [['61000.1', '2']],
        a: [['61000.2', '3']],
        u: 77,
        seq: 99,
        ts: now,
      }),
    });
    await using rest = await opened({ base: server.base, exchange: 'bybit' });
    const query = { timeframeMs: MINUTE, from: now - 5 * MINUTE, limit: 10, of: 'trades' as const };
    const rows = good(await rest.candles('BTC/USDT:USDT', query));
    expect(rows.map((row) => row[0])).toEqual([now - 2 * MINUTE, now - MINUTE]);
    expect(good(await rest.poll('BTC/USDT:USDT'))).toMatchObject({
      bid: 61000.1,
      ask: 61000.2,
      bidQty: 2,
      mark: 61000.15,
      fundingRate: 0.0001,
      nextFundingAt: now + MINUTE,
    });
    expect(good(await rest.book('BTC/USDT:USDT', 5))).toMatchObject({ updateId: 0, bids: [[61000.1, 2]] });
    server.answers['/v5/market/tickers'] = { retCode: 10006, retMsg: 'Too many visits!', result: {} };
    expect(problem(await rest.poll('BTC/USDT:USDT'))).toMatchObject({
      problem: 'RATE_LIMITED',
      silentUntil: expect.any(Number),
    });
    const asked = server.asked.length;
    expect(problem(await rest.poll('BTC/USDT:USDT')).problem).toBe('RATE_LIMITED');
    expect(server.asked.length).toBe(asked);
  });

  it('OKX: spot is exact; inverse contracts and contracts of another size say why they are not traded', async () => {
    const file = 'cryptofeed-okx-session.jsonl.gz';
    const SPOT = recordedHttp(file, 'instType=SPOT');
    const SWAP = recordedHttp(file, 'instType=SWAP');
    await using server = await loopback({ '/api/v5/public/instruments': by('instType', { SPOT, SWAP }) });
    await using rest = await opened({ base: server.base, exchange: 'okx' });
    const markets = good(await rest.markets());
    expect(markets.length).toBe(513 + 166);
    const traded = sound(markets);
    expect(traded.filter((one) => one.type === 'spot').length).toBeGreaterThan(500);
    expect(shown(markets.find((one) => one.symbol === 'BTC/USDT'))).toBe('0.1 0.00000001 0.00001 9999999999 0');
    expect(shown(markets.find((one) => one.symbol === 'BTC/USD:BTC'))).toContain('an inverse contract');
    expect(shown(markets.find((one) => one.symbol === 'BTC/USDT:USDT'))).toContain('found 0.01');
    server.answers['/api/v5/public/time'] = { code: '50001', msg: 'Service temporarily unavailable', data: [] };
    expect(problem(await rest.measureClock()).problem).toBe('MAINTENANCE');
  });

  it('Kraken: every pair of spot is exact, its candles are closed, its words are understood', async () => {
    const pairs = recordedHttp('cryptofeed-kraken-session.jsonl.gz', 'AssetPairs') as { result: Record<string, Row> };
    const now = Math.floor(Date.now() / MINUTE) * MINUTE;
    const kline = (at: number) => [at / 1_000, '51000.1', '51010.0', '50990.0', '51005.0', '51001.0', '1.5', 9];
    await using server = await loopback({
      '/0/public/AssetPairs': pairs,
      '/0/public/Time': { error: [], result: { unixtime: (now + 3_000) / 1_000 } },
      '/0/public/OHLC': {
        error: [],
        result: { XXBTZUSD: [2, 1, 0].map((back) => kline(now - back * MINUTE)), last: 1 },
      },
    });
    await using rest = await opened({ base: server.base, exchange: 'kraken' });
    const markets = good(await rest.markets());
    const traded = sound(markets);
    expect(traded.length).toBeGreaterThan(250);
    const byId = new Map(markets.map((one) => [one.id, one]));
    // A dark pool has the same symbol.
    expect([byId.has('XXBTZUSD'), byId.has('XXBTZUSD.d'), pairs.result['XXBTZUSD.d'] !== undefined]).toEqual([
      true,
      false,
      true,
    ]);
    for (const [id, row] of Object.entries(pairs.result)) {
      const { instrument } = byId.get(id) ?? {};
      if (instrument === undefined) continue;
      const told = [10 ** -Number(row.pair_decimals), 10 ** -Number(row.lot_decimals), Number(row.ordermin ?? 1e-8)];
      const { tick, step, qtyMin } = instrument;
      expect(
        [tick, step, qtyMin].map((value) => Number(text(value))),
        id,
      ).toEqual(told.map((value) => Number(value.toPrecision(9))));
    }
    const query = { timeframeMs: MINUTE, from: now - 10 * MINUTE, limit: 10, of: 'trades' as const };
    expect(good(await rest.candles('BTC/USD', query)).map((row) => row[0])).toEqual([now - 2 * MINUTE, now - MINUTE]);
    server.answers['/0/public/OHLC'] = { error: ['EQuery:Unknown asset pair'] };
    expect(problem(await rest.candles('BTC/USD', query)).problem).toBe('UNKNOWN_SYMBOL');
    expect(problem(await rest.fundingRates('BTC/USD', 0, 1)).problem).toBe('NOT_SUPPORTED');
  });
});

it('says what each exchange can give', async () => {
  const abilities = async (exchange: string) => {
    await using rest = await opened({ base: 'http://127.0.0.1:9', exchange });
    return rest.abilities;
  };
  expect(await abilities('binanceusdm')).toMatchObject({
    candles: true,
    markCandles: true,
    fundingRates: true,
    leverageTiers: false,
  });
  expect(await abilities('binance')).toMatchObject({ candles: true, markCandles: false, fundingRates: false });
  expect(await abilities('bybit')).toMatchObject({
    candles: true,
    markCandles: true,
    fundingRates: true,
    leverageTiers: true,
  });
  expect(await abilities('okx')).toMatchObject({ candles: true, markCandles: true, fundingRates: true });
  expect(await abilities('kraken')).toMatchObject({
    candles: true,
    markCandles: false,
    fundingRates: false,
    leverageTiers: false,
  });
});

it('tells the channels of each stream', async () => {
  const streams = async (exchange: string) => {
    await using rest = await opened({ base: 'http://127.0.0.1:9', exchange });
    const { quote, book, trade, candle, mark } = rest.abilities.streams;
    return [quote, book, trade, candle, mark];
  };
  expect(await streams('binanceusdm')).toEqual([true, true, true, true, true]);
  expect(await streams('binance')).toEqual([true, true, true, true, false]);
  expect(await streams('kraken')).toEqual([true, true, true, true, false]);
  // Its streams are not read by ccxt.
  expect(await streams('btcmarkets')).toEqual([false, false, false, false, false]);
});
