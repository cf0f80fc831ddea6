import type { Channel } from '../exchange.ts';

export type BinanceMarket = 'usdm' | 'spot';

/** What leads to a stream: a path of its own for fast and for slow channels on USDS-M, one for all on spot. */
export type Route = '/public/stream' | '/market/stream' | '/stream';

const USDM: Readonly<Record<Channel, Route>> = {
  quote: '/public/stream',
  book: '/public/stream',
  trade: '/market/stream',
  candle: '/market/stream',
  mark: '/market/stream',
};

const SPOT: Readonly<Partial<Record<Channel, Route>>> = {
  quote: '/stream',
  book: '/stream',
  trade: '/stream',
  candle: '/stream',
};

const WORDS: Readonly<Record<Channel, string>> = {
  quote: 'bookTicker',
  book: 'depth@100ms',
  trade: 'aggTrade',
  candle: 'kline_1m',
  mark: 'markPrice@1s',
};

/** Channels of a market with the route of each. */
export function routesOf(market: BinanceMarket): readonly (readonly [channel: Channel, route: Route])[] {
  return Object.entries(market === 'usdm' ? USDM : SPOT) as [Channel, Route][];
}

/** `btcusdt@bookTicker`. `id` is the venue's name: `BTCUSDT`. */
export const streamName = (id: string, channel: Channel): string => `${id.toLowerCase()}@${WORDS[channel]}`;
