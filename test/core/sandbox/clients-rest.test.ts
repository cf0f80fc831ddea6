import { DerivativesTradingUsdsFutures } from '@binance/derivatives-trading-usds-futures';
import { MainClient, USDMClient } from 'binance';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, serveSandbox } from '../../../src/core/sandbox/server.ts';
import { SHORT_POSITION, shiftedClock, stubMarket } from '../../support/sandbox-market.ts';

/*
 * Clients that people use, as they were published: what they read from the stand-in is what they would read from Binance.
 */
const KEY = 'sandbox-trade';
const SECRET = 'sandbox-secret';

let sandbox: Sandbox;
let usdm = '';
let spot = '';

beforeAll(async () => {
  const clock = shiftedClock(Date.now());
  sandbox = await serveSandbox({ usdm: stubMarket('usdm', clock), spot: stubMarket('spot', clock), clock });
  usdm = sandbox.usdm?.base ?? '';
  spot = sandbox.spot?.base ?? '';
  sandbox.usdm?.account.set({
    balances: [{ asset: 'USDT', free: '2500.5', locked: '0' }],
    positions: [SHORT_POSITION],
    openOrders: [OPEN_ORDER],
  });
  sandbox.spot?.account.set({ balances: [{ asset: 'BTC', free: '0.5', locked: '0.1' }] });
});
afterAll(() => sandbox.close());

const OPEN_ORDER = {
  avgPrice: '0.00',
  clientOrderId: 'mine',
  cumQuote: '0',
  executedQty: '0',
  orderId: 7,
  origQty: '0.010',
  origType: 'LIMIT',
  price: '50000',
  reduceOnly: false,
  side: 'BUY',
  positionSide: 'BOTH',
  status: 'NEW',
  stopPrice: '0',
  closePosition: false,
  symbol: 'BTCUSDT',
  time: 1_579_276_756_075,
  timeInForce: 'GTC',
  type: 'LIMIT',
  updateTime: 1_579_276_756_075,
  workingType: 'CONTRACT_PRICE',
  priceProtect: false,
  priceMatch: 'NONE',
  selfTradePreventionMode: 'NONE',
  goodTillDate: 0,
};

interface Held {
  free: number;
  used: number;
  total: number;
}

/** What the tests use of ccxt: the single class file has no types of its own. */
interface Ccxt {
  urls: { api: Record<string, unknown> };
  loadMarkets(): Promise<Record<string, { active: boolean; precision: { price: number; amount: number } }>>;
  fetchTime(): Promise<number>;
  fetchOHLCV(symbol: string, span: string, since: undefined, limit: number): Promise<number[][]>;
  fetchOrderBook(symbol: string, limit: number): Promise<{ bids: number[][]; asks: number[][] }>;
  fetchTicker(symbol: string): Promise<{ last: number; high: number; low: number }>;
  fetchBidsAsks(symbols: string[]): Promise<Record<string, { bid: number; ask: number }>>;
  fetchFundingRate(symbol: string): Promise<{ fundingRate: number; markPrice: number }>;
  fetchFundingRateHistory(symbol: string, since: undefined, limit: number): Promise<{ fundingRate: number }[]>;
  fetchBalance(): Promise<{ info: object; USDT?: Held; BTC?: Held }>;
  fetchPositions(symbols: string[]): Promise<{ side: string; contracts: number; entryPrice: number }[]>;
  fetchOpenOrders(symbol: string): Promise<{ id: string; clientOrderId: string; price: number }[]>;
  fetchLeverageTiers(symbols: string[]): Promise<Record<string, { maxLeverage: number }[]>>;
  createOrder(symbol: string, type: string, side: string, amount: number, price: number): Promise<unknown>;
}

async function ccxt(file: string): Promise<Ccxt> {
  const at = new URL(`./src/${file}.js`, import.meta.resolve('ccxt')).href;
  const { default: Exchange } = (await import(at)) as { default: new (options: object) => Ccxt };
  const client = new Exchange({ apiKey: KEY, secret: SECRET, enableRateLimit: false });
  client.urls.api = rebased(client.urls.api);
  return client;
}

/** Every address of the exchange, on the stand-in: scheme and host are replaced, the path is kept. */
function rebased(urls: Record<string, unknown>): Record<string, unknown> {
  const moved = Object.entries(urls).map(([name, url]) => {
    const base = name.startsWith('fapi') ? usdm : spot;
    return [name, typeof url === 'string' ? url.replace(/^https?:\/\/[^/]+/, base) : url];
  });
  return Object.fromEntries(moved);
}

describe('ccxt', () => {
  test('holds a session with USDS-M', async () => {
    const client = await ccxt('binanceusdm');
    const markets = await client.loadMarkets();
    expect(markets['BTC/USDT:USDT']).toMatchObject({ active: true, precision: { price: 0.1, amount: 0.001 } });
    expect(Math.abs((await client.fetchTime()) - Date.now())).toBeLessThan(2000);
    const candles = await client.fetchOHLCV('BTC/USDT:USDT', '1m', undefined, 3);
    expect(candles).toHaveLength(3);
    expect((candles[1]?.[0] ?? 0) - (candles[0]?.[0] ?? 0)).toBe(60_000);
    const book = await client.fetchOrderBook('BTC/USDT:USDT', 5);
    expect(book.bids).toHaveLength(5);
    expect(book.bids[0]?.[0]).toBeLessThan(book.asks[0]?.[0] ?? 0);
    const ticker = await client.fetchTicker('BTC/USDT:USDT');
    expect(ticker.low).toBeLessThan(ticker.last);
    const touch = (await client.fetchBidsAsks(['ETH/USDT:USDT']))['ETH/USDT:USDT'];
    expect(touch?.bid).toBeLessThan(touch?.ask ?? 0);
    expect(await client.fetchFundingRate('BTC/USDT:USDT')).toMatchObject({ fundingRate: 0.0001 });
    expect(await client.fetchFundingRateHistory('BTC/USDT:USDT', undefined, 2)).toHaveLength(2);
  });

  test('reads a USDS-M account', async () => {
    const client = await ccxt('binanceusdm');
    const balance = await client.fetchBalance();
    expect(balance.info).toMatchObject({ totalWalletBalance: '2500.50000000' });
    expect(balance.USDT?.used).toBeGreaterThan(59);
    expect(balance.USDT?.free).toBeGreaterThan(2400);
    expect(await client.fetchPositions(['BTC/USDT:USDT'])).toMatchObject([
      { side: 'short', contracts: 0.01, entryPrice: 60_000 },
    ]);
    expect(await client.fetchOpenOrders('BTC/USDT:USDT')).toMatchObject([
      { id: '7', clientOrderId: 'mine', price: 50_000 },
    ]);
    expect((await client.fetchLeverageTiers(['BTC/USDT:USDT']))['BTC/USDT:USDT']?.[0]).toMatchObject({
      maxLeverage: 125,
    });
  });

  test('is told that no orders are taken', async () => {
    const client = await ccxt('binanceusdm');
    await expect(client.createOrder('BTC/USDT:USDT', 'limit', 'buy', 0.01, 50_000)).rejects.toThrow(/takes no orders/);
  });

  test('holds a session with spot', async () => {
    const client = await ccxt('binance');
    const markets = await client.loadMarkets();
    expect(markets['BTC/USDT']).toMatchObject({ active: true, precision: { price: 0.1, amount: 0.00001 } });
    expect(await client.fetchOHLCV('BTC/USDT', '5m', undefined, 2)).toHaveLength(2);
    expect((await client.fetchOrderBook('BTC/USDT', 5)).asks).toHaveLength(5);
    expect((await client.fetchTicker('BTC/USDT')).last).toBeGreaterThan(0);
    expect((await client.fetchBalance()).BTC).toEqual({ free: 0.5, used: 0.1, total: 0.6 });
    expect(await client.fetchOpenOrders('BTC/USDT')).toEqual([]);
  });
});

describe('binance', () => {
  test('USDMClient holds a session', async () => {
    const client = new USDMClient({ api_key: KEY, api_secret: SECRET, baseUrl: usdm });
    const info = await client.getExchangeInfo();
    expect(info.symbols.map((one) => one.symbol)).toEqual(['BTCUSDT', 'ETHUSDT']);
    expect(Math.abs((await client.getServerTime()) - Date.now())).toBeLessThan(2000);
    expect(await client.getKlines({ symbol: 'BTCUSDT', interval: '1m', limit: 4 })).toHaveLength(4);
    expect((await client.getOrderBook({ symbol: 'BTCUSDT', limit: 5 })).bids).toHaveLength(5);
    expect(await client.getMarkPrice({ symbol: 'BTCUSDT' })).toMatchObject({ symbol: 'BTCUSDT' });
    expect(await client.getFundingRateHistory({ symbol: 'BTCUSDT', limit: 3 })).toHaveLength(3);
    expect(await client.getBalanceV3()).toMatchObject([{ asset: 'USDT', balance: '2500.50000000' }]);
    expect(await client.getPositionsV3({ symbol: 'BTCUSDT' })).toMatchObject([{ positionAmt: '-0.010' }]);
    expect(await client.getAllOpenOrders({ symbol: 'BTCUSDT' })).toMatchObject([{ orderId: 7 }]);
    const { listenKey } = await client.getFuturesUserDataListenKey();
    expect(listenKey).toHaveLength(64);
    await client.keepAliveFuturesUserDataListenKey();
    await client.closeFuturesUserDataListenKey();
    await expect(client.keepAliveFuturesUserDataListenKey()).rejects.toMatchObject({ code: -1125 });
  });

  test('MainClient holds a session', async () => {
    const client = new MainClient({ api_key: KEY, api_secret: SECRET, baseUrl: spot });
    expect((await client.getExchangeInfo({ symbols: ['ETHUSDT'] })).symbols).toHaveLength(1);
    expect(await client.getKlines({ symbol: 'BTCUSDT', interval: '1m', limit: 2 })).toHaveLength(2);
    expect((await client.getOrderBook({ symbol: 'BTCUSDT', limit: 5 })).asks).toHaveLength(5);
    expect(await client.getSymbolOrderBookTicker({ symbol: 'BTCUSDT' })).toMatchObject({ symbol: 'BTCUSDT' });
    expect((await client.getAccountInformation()).balances).toMatchObject([{ asset: 'BTC', free: '0.50000000' }]);
    expect(await client.getOpenOrders({ symbol: 'BTCUSDT' })).toEqual([]);
    expect(await client.getApiKeyPermissions()).toMatchObject({ enableWithdrawals: false, ipRestrict: true });
  });
});

test('the official USDS-M client holds a session', async () => {
  const { restAPI } = new DerivativesTradingUsdsFutures({
    configurationRestAPI: { apiKey: KEY, apiSecret: SECRET, basePath: usdm },
  });
  expect((await (await restAPI.exchangeInformation()).data()).symbols).toHaveLength(2);
  expect((await (await restAPI.checkServerTime()).data()).serverTime).toBeGreaterThan(0);
  const candles = await restAPI.klineCandlestickData({ symbol: 'BTCUSDT', interval: '1m' as never, limit: 2 });
  expect(await candles.data()).toHaveLength(2);
  expect((await (await restAPI.orderBook({ symbol: 'BTCUSDT', limit: 10 })).data()).bids).toHaveLength(10);
  expect(await (await restAPI.futuresAccountBalanceV3()).data()).toMatchObject([{ asset: 'USDT' }]);
  expect(await (await restAPI.positionInformationV3({ symbol: 'BTCUSDT' })).data()).toMatchObject([
    { positionAmt: '-0.010' },
  ]);
  expect(await (await restAPI.currentAllOpenOrders({ symbol: 'BTCUSDT' })).data()).toMatchObject([{ orderId: 7 }]);
  expect((await (await restAPI.startUserDataStream()).data()).listenKey).toHaveLength(64);
});
