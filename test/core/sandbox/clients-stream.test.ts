import { DerivativesTradingUsdsFutures } from '@binance/derivatives-trading-usds-futures';
import { WebsocketClient } from 'binance';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Sandbox, serveSandbox } from '../../../src/core/sandbox/server.ts';
import { openCandles } from '../../../src/core/sandbox/source/candles.ts';
import { waveSeries } from '../../support/sandbox-candles.ts';
import { shiftedClock } from '../../support/sandbox-market.ts';

/*
 * Clients that people use, as they were published: they follow the streams of the stand-in as they would follow Binance's.
 */
const KEY = 'sandbox-trade';
const SECRET = 'sandbox-secret';
const START_AT = Date.UTC(2025, 4, 5);

let sandbox: Sandbox;
let usdm = '';
let spot = '';

beforeAll(async () => {
  const clock = shiftedClock(Date.now());
  const market = (kind: 'usdm' | 'spot', suffix: string) =>
    openCandles({
      kind,
      series: [
        waveSeries(`BTC/USDT${suffix}`, { base: 60_000, startAt: START_AT }),
        waveSeries(`ETH/USDT${suffix}`, { base: 3_000, startAt: START_AT }),
      ],
      clock,
      from: START_AT + 100 * 60_000,
      speed: 4,
    });
  sandbox = await serveSandbox({ usdm: market('usdm', ':USDT'), spot: market('spot', ''), clock });
  usdm = sandbox.usdm?.base ?? '';
  spot = sandbox.spot?.base ?? '';
});
afterAll(() => sandbox.close());

interface Book {
  readonly nonce: number;
  readonly bids: number[][];
  readonly asks: number[][];
}

/** What the tests use of ccxt: the single class file has no types of its own. */
interface Ccxt {
  urls: { api: Record<string, unknown> };
  loadMarkets(): Promise<unknown>;
  loadHttpProxyAgent(): Promise<unknown>;
  watchOrderBook(symbol: string): Promise<Book>;
  watchTrades(symbol: string): Promise<{ price: number; timestamp: number; side: string }[]>;
  watchOHLCV(symbol: string, span: string): Promise<number[][]>;
  watchBidsAsks(symbols: string[]): Promise<Record<string, { bid: number; ask: number }>>;
  watchTicker(symbol: string): Promise<{ last: number }>;
  watchBalance(): Promise<Record<string, { total: number }>>;
  close(): Promise<void>;
}

async function ccxt(file: string): Promise<Ccxt> {
  const at = new URL(`./src/pro/${file}.js`, import.meta.resolve('ccxt')).href;
  const { default: Exchange } = (await import(at)) as { default: new (options: object) => Ccxt };
  const client = new Exchange({
    apiKey: KEY,
    secret: SECRET,
    enableRateLimit: false,
    options: { fetchMarkets: { types: ['spot', 'linear'] } },
  });
  client.urls.api = rebased(client.urls.api);
  // Without it a watch refuses addresses that are not encrypted.
  await client.loadHttpProxyAgent();
  onTestFinished(() => client.close());
  await client.loadMarkets();
  return client;
}

/** Every address of the exchange, on the stand-in: spot's streams are told by "/stream" in their address. */
function rebased(urls: Record<string, unknown>): Record<string, unknown> {
  const moved = Object.entries(urls).map(([name, url]) => {
    const base = name.startsWith('fapi') ? usdm : spot;
    return [name, typeof url === 'string' ? url.replace(/^https?:\/\/[^/]+/, base) : url];
  });
  const [ws, spotWs] = [usdm.replace('http', 'ws'), spot.replace('http', 'ws')];
  const api = { spot: `${spotWs}/ws-api/v3`, future: `${ws}/ws-fapi/v1` };
  return { ...Object.fromEntries(moved), ws: { spot: `${spotWs}/stream.spot/ws`, future: `${ws}/ws`, 'ws-api': api } };
}

describe('ccxt.pro', () => {
  test.each([
    ['binanceusdm', 'BTC/USDT:USDT', 'ETH/USDT:USDT'],
    ['binance', 'BTC/USDT', 'ETH/USDT'],
  ])('%s follows book, trades, candles, best prices and tickers', async (file, symbol, other) => {
    const client = await ccxt(file);
    const first = await client.watchOrderBook(symbol);
    expect(first.bids[0]?.[0]).toBeLessThan(first.asks[0]?.[0] ?? 0);
    const nonce = first.nonce;
    const next = await client.watchOrderBook(symbol);
    expect(next.nonce).toBeGreaterThanOrEqual(nonce);
    const [trade] = await client.watchTrades(symbol);
    expect(trade?.price).toBeGreaterThan(59_000);
    const [candle] = await client.watchOHLCV(symbol, '1m');
    expect(candle?.[0]).toBe(Math.floor((candle?.[0] ?? 1) / 60_000) * 60_000);
    expect(candle?.[2]).toBeGreaterThanOrEqual(candle?.[3] ?? Number.POSITIVE_INFINITY);
    const touch = (await client.watchBidsAsks([other]))[other];
    expect(touch?.bid).toBeLessThan(touch?.ask ?? 0);
    expect((await client.watchTicker(other)).last).toBeGreaterThan(2_900);
  });

  test.each([
    ['binanceusdm', 'usdm'],
    ['binance', 'spot'],
  ] as const)('%s hears of its account', async (file, kind) => {
    const client = await ccxt(file);
    const heard = client.watchBalance();
    const timer = setInterval(
      () => sandbox[kind]?.account.set({ balances: [{ asset: 'USDT', free: '42', locked: '0' }] }),
      300,
    );
    onTestFinished(() => clearInterval(timer));
    expect((await heard).USDT?.total).toBe(42);
  });
});

describe('binance', () => {
  test('WebsocketClient follows streams and user data of USDS-M', async () => {
    const client = new WebsocketClient(
      {
        api_key: KEY,
        api_secret: SECRET,
        beautify: false,
        wsUrl: usdm.replace('http', 'ws'),
        restOptions: { baseUrl: usdm },
      },
      { trace: () => undefined, info: () => undefined, error: () => undefined },
    );
    onTestFinished(() => client.closeAll(true));
    client.on('exception', () => undefined);
    const seen = new Map<string, unknown>();
    const heard = new Promise<void>((resolve) => {
      client.on('message', (message) => {
        const e = 'e' in message ? String(message.e) : '';
        seen.set(e, message);
        if (['bookTicker', 'kline', 'ACCOUNT_UPDATE'].every((name) => seen.has(name))) resolve();
      });
    });
    await client.subscribe(['btcusdt@bookTicker', 'btcusdt@kline_1m'], 'usdm');
    await client.subscribeUsdFuturesUserDataStream();
    const timer = setInterval(
      () => sandbox.usdm?.account.set({ balances: [{ asset: 'USDT', free: '7', locked: '0' }] }),
      300,
    );
    onTestFinished(() => clearInterval(timer));
    await heard;
    expect(seen.get('bookTicker')).toMatchObject({ streamName: 'btcusdt@bookTicker', s: 'BTCUSDT' });
  });
});

describe('the official USDS-M client', () => {
  test('subscribes with ids of text, follows streams and its account', async () => {
    const client = new DerivativesTradingUsdsFutures({
      configurationRestAPI: { apiKey: KEY, apiSecret: SECRET, basePath: usdm },
      configurationWebsocketStreams: { wsURL: usdm.replace('http', 'ws') },
    });
    const connection = await client.websocketStreams.connect();
    onTestFinished(() => connection.disconnect());
    const book = connection.individualSymbolBookTickerStreams({ symbol: 'btcusdt' });
    const candles = connection.klineCandlestickStreams({ symbol: 'btcusdt', interval: '1m' as never });
    const { listenKey = '' } = await (await client.restAPI.startUserDataStream()).data();
    const user = connection.userData(listenKey);
    const touch = new Promise<unknown>((resolve) => book.on('message', resolve));
    const candle = new Promise<unknown>((resolve) => candles.on('message', resolve));
    const event = new Promise<unknown>((resolve) => user.on('message', resolve));
    const timer = setInterval(
      () => sandbox.usdm?.account.set({ balances: [{ asset: 'USDT', free: '8', locked: '0' }] }),
      300,
    );
    onTestFinished(() => clearInterval(timer));
    expect(await touch).toMatchObject({ e: 'bookTicker', s: 'BTCUSDT' });
    expect(await candle).toMatchObject({ e: 'kline', s: 'BTCUSDT' });
    expect(await event).toMatchObject({ e: 'ACCOUNT_UPDATE' });
  });

  test('asks the WebSocket API', async () => {
    const client = new DerivativesTradingUsdsFutures({
      configurationWebsocketAPI: { apiKey: KEY, apiSecret: SECRET, wsURL: `${usdm.replace('http', 'ws')}/ws-fapi/v1` },
    });
    const connection = await client.websocketAPI.connect();
    onTestFinished(() => connection.disconnect());
    const { data } = await connection.orderBook({ symbol: 'BTCUSDT', limit: 5 });
    expect((data as { bids?: unknown[] }).bids).toHaveLength(5);
    const account = await connection.futuresAccountBalanceV2();
    expect(account.data).toMatchObject([{ asset: 'USDT' }]);
  });
});
