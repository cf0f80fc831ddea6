/** Names of Binance's endpoints as ccxt generates them, with their weight (API manuals of spot and USDS-M, 2026). */
export interface BinanceNames {
  readonly kind: 'usdm' | 'spot';
  readonly time: string;
  readonly klines: string;
  readonly ticker: string;
  readonly tickerWeight: number;
  readonly depth: string;
  readonly depthSteps: readonly number[];
  readonly candlesMax: number;
  readonly account: string;
  readonly openOrders: string;
  readonly openOrdersWeight: number;
}

export const USDM: BinanceNames = {
  kind: 'usdm',
  time: 'fapiPublicGetTime',
  klines: 'fapiPublicGetKlines',
  ticker: 'fapiPublicGetTickerBookTicker',
  tickerWeight: 2,
  depth: 'fapiPublicGetDepth',
  depthSteps: [5, 10, 20, 50, 100, 500, 1000],
  candlesMax: 1500,
  account: 'fapiPrivateV3GetAccount',
  openOrders: 'fapiPrivateGetOpenOrders',
  openOrdersWeight: 40,
};

export const SPOT: BinanceNames = {
  kind: 'spot',
  time: 'publicGetTime',
  klines: 'publicGetKlines',
  ticker: 'publicGetTickerBookTicker',
  tickerWeight: 2,
  depth: 'publicGetDepth',
  depthSteps: [100, 500, 1000, 5000],
  candlesMax: 1000,
  account: 'privateGetAccount',
  openOrders: 'privateGetOpenOrders',
  openOrdersWeight: 80,
};

/** Weight of a candle request by its limit. */
export function candleWeight({ kind }: BinanceNames, limit: number): number {
  if (kind === 'spot') return 2;
  if (limit < 100) return 1;
  if (limit < 500) return 2;
  return limit <= 1000 ? 5 : 10;
}

/** Weight of a book request by its limit. */
export function depthWeight({ kind }: BinanceNames, limit: number): number {
  if (kind === 'spot') return limit <= 100 ? 5 : limit <= 500 ? 25 : limit <= 1000 ? 50 : 250;
  if (limit <= 50) return 2;
  return limit <= 100 ? 5 : limit <= 500 ? 10 : 20;
}
