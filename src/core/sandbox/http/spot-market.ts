import type { Listing } from '../market.ts';
import { candleRows, SPOT_CANDLES } from './candles.ts';
import { SPOT_INFO, spotExchangeInfo } from './listings-spot.ts';
import { depthLimit, limit, listing, listings, must, whole } from './parameters.ts';
import { aggregates, averagePrice, dayOf, lastTrade, tickerFields, tradeRow } from './prices.ts';
import { byLimit, type Route, route, type Seat, some, type Weight } from './route.ts';
import { SPOT_WINDOWS } from './spot-windows.ts';

/** Weights as Binance documents them for spot: by `limit`, up to and with the number. */
const DEPTH_WEIGHT = byLimit(100, [
  [100, 5],
  [500, 25],
  [1000, 50],
  [5000, 250],
]);

/** A ticker of one market, of some, or of all: each weighs differently. */
const tickers =
  (one: number, all: number, many: number = all): Weight =>
  (query) =>
    query.has('symbol') ? one : query.has('symbols') ? many : all;

/** The public half of spot. */
export const SPOT_MARKET: readonly Route[] = [
  route('GET /api/v3/ping', { answer: () => ({}) }),
  route('GET /api/v3/time', { answer: (_, seat) => ({ serverTime: seat.now() }) }),
  route('GET /api/v3/exchangeInfo', {
    weight: 20,
    ask: SPOT_INFO,
    answer: (asked, seat) => spotExchangeInfo(seat, asked),
  }),
  route('GET /api/v3/depth', {
    weight: DEPTH_WEIGHT,
    ask: { symbol: must(listing), limit: depthLimit },
    answer({ symbol, limit: levels }, { market }) {
      const { lastUpdateId, bids, asks } = market.depth(symbol.id, levels ?? 100);
      return { lastUpdateId, bids, asks };
    },
  }),
  ...['trades', 'historicalTrades'].map((name) =>
    route(`GET /api/v3/${name}`, {
      weight: 25,
      ask: { symbol: must(listing), limit: limit(500, 1000), fromId: whole },
      answer({ symbol, limit: most, fromId }, { market }) {
        const from = name === 'trades' || fromId === undefined ? {} : { fromId };
        return market.trades(symbol.id, { limit: most, ...from }).map((print) => tradeRow(market, print));
      },
    }),
  ),
  route('GET /api/v3/aggTrades', {
    weight: 4,
    ask: { symbol: must(listing), fromId: whole, startTime: whole, endTime: whole, limit: limit(500, 1000) },
    answer: (asked, { market }) => aggregates(market, asked),
  }),
  ...['klines', 'uiKlines'].map((name) =>
    route(`GET /api/v3/${name}`, {
      weight: 2,
      ask: SPOT_CANDLES,
      answer: (asked, { market }) => candleRows(market, asked.symbol, asked),
    }),
  ),
  ...priceRoutes(),
  ...SPOT_WINDOWS,
];

/** Prices: the mean of five minutes, the last, the touch, and the day. */
function priceRoutes(): Route[] {
  const ask = { symbol: listing, symbols: listings };
  return [
    route('GET /api/v3/avgPrice', {
      weight: 2,
      ask: { symbol: must(listing) },
      answer: ({ symbol }, { market }) => ({
        mins: 5,
        price: averagePrice(market, symbol.id, 5),
        closeTime: lastTrade(market, symbol.id).at,
      }),
    }),
    route('GET /api/v3/ticker/24hr', {
      weight: tickers(2, 80, 2),
      ask,
      answer: (asked, seat) => some(seat, asked, (one) => dayRow(one, seat)),
    }),
    route('GET /api/v3/ticker/price', {
      weight: tickers(2, 4),
      ask,
      answer: (asked, seat) =>
        some(seat, asked, (one) => ({ symbol: one.id, price: lastTrade(seat.market, one.id).price })),
    }),
    route('GET /api/v3/ticker/bookTicker', {
      weight: tickers(2, 4),
      ask,
      answer: (asked, seat) => some(seat, asked, (one) => ({ symbol: one.id, ...best(one, seat) })),
    }),
  ];
}

/** The touch; an empty side is told as zero. */
function best(one: Listing, { market }: Seat): Record<string, string> {
  const book = market.depth(one.id, 1);
  const [bidPrice, bidQty] = book.bids[0] ?? ['0.00000000', '0.00000000'];
  const [askPrice, askQty] = book.asks[0] ?? ['0.00000000', '0.00000000'];
  return { bidPrice, bidQty, askPrice, askQty };
}

/** Spot's ticker has the price before the day and the touch, between the fields of USDS-M. */
function dayRow(one: Listing, seat: Seat): unknown {
  const day = dayOf(seat.market, one.id);
  const { symbol, priceChange, priceChangePercent, weightedAvgPrice, lastPrice, lastQty, ...rest } = tickerFields(
    seat.market,
    one,
    day,
  );
  const head = { symbol, priceChange, priceChangePercent, weightedAvgPrice, prevClosePrice: day.open };
  return { ...head, lastPrice, lastQty, ...best(one, seat), ...rest };
}
