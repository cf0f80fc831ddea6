import { parse } from '../../base/decimal.ts';
import type { Listing } from '../market.ts';
import { digitsAfterPoint, fixed } from './amounts.ts';
import { Refusal } from './answer.ts';
import { CANDLES, candleRows, USDM_CANDLES } from './candles.ts';
import { usdmExchangeInfo } from './listings-usdm.ts';
import { depthLimit, limit, listing, must, whole, word } from './parameters.ts';
import { aggregates, dayOf, digitsOf, lastTrade, tickerFields, tradeRow } from './prices.ts';
import { byLimit, forOneOrAll, type Route, route, type Seat } from './route.ts';

/** Weights as Binance documents them for USDS-M: by `limit`, up to and with the number. */
const CANDLE_WEIGHT = byLimit(500, [
  [99, 1],
  [499, 2],
  [1000, 5],
  [1500, 10],
]);
const DEPTH_WEIGHT = byLimit(500, [
  [50, 2],
  [100, 5],
  [500, 10],
  [1000, 20],
]);
const PAIR_CANDLES = { ...CANDLES, pair: must(listing), limit: limit(500, 1500) };
const CONTRACT_TYPES = ['PERPETUAL', 'CURRENT_QUARTER', 'NEXT_QUARTER', 'TRADIFI_PERPETUAL'];

/** One row where a market is named, else a list of all. */
function oneOrAll(seat: Seat, symbol: Listing | undefined, row: (one: Listing) => unknown): unknown {
  return symbol === undefined ? seat.market.listings.map(row) : row(symbol);
}

/** The public half of USDS-M: what it lists and how it trades. */
export const USDM_MARKET: readonly Route[] = [
  route('GET /fapi/v1/ping', { answer: () => ({}) }),
  route('GET /fapi/v1/time', { answer: (_, seat) => ({ serverTime: seat.now() }) }),
  route('GET /fapi/v1/exchangeInfo', { answer: (_, seat) => usdmExchangeInfo(seat) }),
  route('GET /fapi/v1/depth', {
    weight: DEPTH_WEIGHT,
    ask: { symbol: must(listing), limit: depthLimit },
    answer({ symbol, limit: levels }, { market }) {
      const book = market.depth(symbol.id, levels ?? 500);
      return { lastUpdateId: book.lastUpdateId, E: book.eventAt, T: book.eventAt, bids: book.bids, asks: book.asks };
    },
  }),
  route('GET /fapi/v1/trades', {
    weight: 5,
    ask: { symbol: must(listing), limit: limit(500, 1000) },
    answer: (asked, { market }) =>
      market.trades(asked.symbol.id, { limit: asked.limit }).map((print) => tradeRow(market, print)),
  }),
  route('GET /fapi/v1/historicalTrades', {
    security: 'key',
    weight: 20,
    ask: { symbol: must(listing), limit: limit(100, 500), fromId: whole },
    answer({ symbol, limit: most, fromId }, { market }) {
      const prints = market.trades(symbol.id, { limit: most, ...(fromId === undefined ? {} : { fromId }) });
      return prints.map((print) => tradeRow(market, print));
    },
  }),
  route('GET /fapi/v1/aggTrades', {
    weight: 20,
    ask: { symbol: must(listing), fromId: whole, startTime: whole, endTime: whole, limit: limit(500, 1000) },
    answer: (asked, { market }) => aggregates(market, asked),
  }),
  ...candleRoutes(),
  ...priceRoutes(),
  ...fundingRoutes(),
];

/** Candles of trades, of the mark, of the index, and of the contract that follows a pair. */
function candleRoutes(): Route[] {
  return [
    route('GET /fapi/v1/klines', {
      weight: CANDLE_WEIGHT,
      ask: USDM_CANDLES,
      answer: (asked, { market }) => candleRows(market, asked.symbol, asked),
    }),
    route('GET /fapi/v1/markPriceKlines', {
      weight: CANDLE_WEIGHT,
      ask: USDM_CANDLES,
      answer: (asked, { market }) => candleRows(market, asked.symbol, asked, 'mark'),
    }),
    route('GET /fapi/v1/premiumIndexKlines', {
      weight: CANDLE_WEIGHT,
      ask: USDM_CANDLES,
      // Mark and index are one price here.
      answer: (asked, { market }) => candleRows(market, asked.symbol, asked, 'premium'),
    }),
    route('GET /fapi/v1/indexPriceKlines', {
      weight: CANDLE_WEIGHT,
      ask: PAIR_CANDLES,
      answer: (asked, { market }) => candleRows(market, asked.pair, asked, 'index'),
    }),
    route('GET /fapi/v1/continuousKlines', {
      weight: CANDLE_WEIGHT,
      ask: { ...PAIR_CANDLES, contractType: must(word) },
      answer(asked, { market }) {
        if (!CONTRACT_TYPES.includes(asked.contractType))
          return new Refusal(400, -1130, "Data sent for parameter 'contractType' is not valid.");
        return asked.contractType === 'PERPETUAL' ? candleRows(market, asked.pair, asked) : [];
      },
    }),
  ];
}

/** Tickers, the touch, open interest. Without a market all are told, for more weight. */
function priceRoutes(): Route[] {
  const price = (one: Listing, { market }: Seat) => {
    const last = lastTrade(market, one.id);
    return { symbol: one.id, price: last.price, time: last.at };
  };
  const one = { symbol: listing };
  return [
    route('GET /fapi/v1/ticker/24hr', {
      weight: forOneOrAll(1, 40),
      ask: one,
      answer: ({ symbol }, seat) =>
        oneOrAll(seat, symbol, (each) => tickerFields(seat.market, each, dayOf(seat.market, each.id))),
    }),
    route('GET /fapi/v1/ticker/price', {
      weight: forOneOrAll(1, 2),
      ask: one,
      answer: ({ symbol }, seat) => oneOrAll(seat, symbol, (each) => price(each, seat)),
    }),
    route('GET /fapi/v2/ticker/price', {
      weight: forOneOrAll(1, 2),
      ask: one,
      answer: ({ symbol }, seat) => oneOrAll(seat, symbol, (each) => price(each, seat)),
    }),
    route('GET /fapi/v1/ticker/bookTicker', {
      weight: forOneOrAll(2, 5),
      ask: one,
      answer: ({ symbol }, seat) => oneOrAll(seat, symbol, (each) => bestRow(each, seat)),
    }),
    route('GET /fapi/v1/symbolAdlRisk', {
      ask: one,
      answer: ({ symbol }, seat) =>
        oneOrAll(seat, symbol, ({ id }) => ({ symbol: id, adlRisk: 'LOW', updateTime: seat.market.now() })),
    }),
    // An index of one exchange, and none of several assets.
    route('GET /fapi/v1/constituents', {
      weight: 2,
      ask: { symbol: must(listing) },
      answer: ({ symbol: { id } }, { market }) => ({
        symbol: id,
        time: market.now(),
        constituents: [
          { exchange: 'binance', symbol: id, price: padded(lastTrade(market, id).price), weight: '1.00000000' },
        ],
      }),
    }),
    route('GET /fapi/v1/indexInfo', { weight: forOneOrAll(1, 10), ask: one, answer: () => [] }),
    route('GET /fapi/v1/openInterest', {
      ask: { symbol: must(listing) },
      // The market has none: a third of the day's volume is of the right size.
      answer({ symbol }, { market }) {
        const { qty } = digitsOf(market, symbol);
        const openInterest = fixed(dayOf(market, symbol.id).volume / 3n, qty);
        return { openInterest, symbol: symbol.id, time: market.now() };
      },
    }),
  ];
}

/** The touch. An empty side is told as zero, as Binance does. */
function bestRow(one: Listing, { market }: Seat): unknown {
  const book = market.depth(one.id, 1);
  const [bidPrice, bidQty] = book.bids[0] ?? ['0', '0'];
  const [askPrice, askQty] = book.asks[0] ?? ['0', '0'];
  return { lastUpdateId: book.lastUpdateId, symbol: one.id, bidPrice, bidQty, askPrice, askQty, time: book.eventAt };
}

/** Marks and settlements. Their history weighs nothing here: Binance counts it apart, 500 in five minutes. */
function fundingRoutes(): Route[] {
  return [
    route('GET /fapi/v1/premiumIndex', {
      weight: forOneOrAll(1, 10),
      ask: { symbol: listing },
      answer: ({ symbol }, seat) => oneOrAll(seat, symbol, (each) => markRow(each, seat)),
    }),
    route('GET /fapi/v1/fundingRate', {
      weight: 0,
      ask: { symbol: listing, startTime: whole, endTime: whole, limit: limit(100, 1000) },
      answer: (asked, seat) => fundingRows(seat, asked),
    }),
    route('GET /fapi/v1/fundingInfo', {
      weight: 0,
      answer: (_, { market }) =>
        market.listings.map((one) => ({
          symbol: one.id,
          adjustedFundingRateCap: '0.02000000',
          adjustedFundingRateFloor: '-0.02000000',
          fundingIntervalHours: one.fundingHours,
          disclaimer: false,
          updateTime: one.onboardAt,
        })),
    }),
  ];
}

/** A market that knows no mark is told at its last price. */
function markRow(one: Listing, { market }: Seat): unknown {
  const row = market.mark(one.id);
  const last = lastTrade(market, one.id).price;
  return {
    symbol: one.id,
    markPrice: padded(row?.mark ?? last),
    indexPrice: padded(row?.index ?? last),
    estimatedSettlePrice: padded(row?.index ?? last),
    lastFundingRate: padded(row?.fundingRate ?? '0'),
    nextFundingTime: row?.nextFundingAt ?? 0,
    interestRate: '0.00010000',
    time: row?.at ?? market.now(),
  };
}

/** Marks and rates have eight digits. */
const padded = (amount: string): string => (digitsAfterPoint(amount) === 8 ? amount : fixed(parse(amount), 8));

/** Settlements of one market or of all, oldest first. */
function fundingRows(
  { market }: Seat,
  asked: {
    readonly symbol: Listing | undefined;
    readonly startTime: number | undefined;
    readonly endTime: number | undefined;
    readonly limit: number;
  },
): unknown[] {
  const { symbol, startTime: startAt, endTime: endAt, limit: most } = asked;
  const query = {
    limit: most,
    ...(startAt === undefined ? {} : { startAt }),
    ...(endAt === undefined ? {} : { endAt }),
  };
  return (symbol === undefined ? market.listings : [symbol])
    .flatMap((one) =>
      market.funding(one.id, query).map((row) => ({
        symbol: one.id,
        fundingTime: row.at,
        fundingRate: padded(row.rate),
        markPrice: padded(row.mark),
      })),
    )
    .sort((a, b) => a.fundingTime - b.fundingTime);
}
