import { parse } from '../../base/decimal.ts';
import { fixed } from './amounts.ts';
import { page } from './answer.ts';
import { limit, listing, must, whole, word } from './parameters.ts';
import { forOneOrAll, type Route, route, type Seat } from './route.ts';
import { orderOf, rowsOf } from './usdm-account.ts';

const TIMED = { startTime: whole, endTime: whole };
const eight = (amount: string): string => fixed(parse(amount), 8);

/** Reads of a spot account. */
export const SPOT_ACCOUNT: readonly Route[] = [
  route('GET /api/v3/account', {
    security: 'signed',
    weight: 20,
    ask: { omitZeroBalances: word },
    answer: ({ omitZeroBalances }, seat) => account(seat, omitZeroBalances === 'true'),
  }),
  route('GET /api/v3/openOrders', {
    security: 'signed',
    weight: forOneOrAll(6, 80),
    ask: { symbol: listing },
    answer: ({ symbol }, { account: { state } }) =>
      state.openOrders.filter((row) => symbol === undefined || row.symbol === symbol.id),
  }),
  route('GET /api/v3/order', {
    security: 'signed',
    weight: 4,
    ask: { symbol: must(listing), orderId: whole, origClientOrderId: word },
    answer: (asked, { account: { state } }) => orderOf([...state.openOrders, ...state.orders], asked),
  }),
  route('GET /api/v3/allOrders', {
    security: 'signed',
    weight: 20,
    ask: { ...TIMED, symbol: must(listing), limit: limit(500, 1000) },
    answer: (asked, { account: { state } }) =>
      rowsOf([...state.orders, ...state.openOrders], asked.symbol, asked, asked.limit),
  }),
  route('GET /api/v3/myTrades', {
    security: 'signed',
    weight: 20,
    ask: { ...TIMED, symbol: must(listing), fromId: whole, limit: limit(500, 1000) },
    answer: (asked, { account: { state } }) =>
      rowsOf(
        state.trades.filter((row) => Number(row.id) >= (asked.fromId ?? 0)),
        asked.symbol,
        asked,
        asked.limit,
      ),
  }),
  route('GET /api/v3/rateLimit/order', {
    security: 'signed',
    weight: 40,
    answer: () => [
      { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 100, count: 0 },
      { rateLimitType: 'ORDERS', interval: 'DAY', intervalNum: 1, limit: 200_000, count: 0 },
    ],
  }),
  route('GET /api/v3/account/commission', {
    security: 'signed',
    weight: 20,
    ask: { symbol: must(listing) },
    answer: ({ symbol }, seat) => commission(symbol.id, seat),
  }),
  // No order, no list of orders.
  route('GET /api/v3/openOrderList', { security: 'signed', weight: 6, answer: () => [] }),
  route('GET /api/v3/allOrderList', { security: 'signed', weight: 20, answer: () => [] }),
  route('GET /api/v3/myPreventedMatches', {
    security: 'signed',
    weight: 20,
    ask: { symbol: must(listing) },
    answer: () => [],
  }),
  // Retired on 2026-02-20; since then the web server before the exchange answers.
  ...['POST', 'PUT', 'DELETE'].map((method) =>
    route(`${method} /api/v3/userDataStream`, { weight: 2, answer: () => page(410, '410 Gone') }),
  ),
];

/** `omitZeroBalances` leaves out assets that are empty. */
function account({ account: { state } }: Seat, omitsZero: boolean): unknown {
  const rows = state.balances.filter((one) => !omitsZero || parse(one.free) + parse(one.locked) !== 0n);
  return {
    makerCommission: 10,
    takerCommission: 10,
    buyerCommission: 0,
    sellerCommission: 0,
    commissionRates: {
      maker: eight(state.makerRate),
      taker: eight(state.takerRate),
      buyer: '0.00000000',
      seller: '0.00000000',
    },
    canTrade: true,
    canWithdraw: true,
    canDeposit: true,
    brokered: false,
    requireSelfTradePrevention: false,
    preventSor: false,
    updateTime: state.updatedAt,
    accountType: 'SPOT',
    balances: rows.map((one) => ({ asset: one.asset, free: eight(one.free), locked: eight(one.locked) })),
    permissions: ['SPOT'],
    uid: 354_937_868,
  };
}

const NO_RATE = '0.00000000';
const NO_RATES = { maker: NO_RATE, taker: NO_RATE, buyer: NO_RATE, seller: NO_RATE };

/** What a fill costs: the standard rates alone, without a discount. */
function commission(symbol: string, { account: { state } }: Seat): unknown {
  return {
    symbol,
    standardCommission: { ...NO_RATES, maker: eight(state.makerRate), taker: eight(state.takerRate) },
    specialCommission: NO_RATES,
    taxCommission: NO_RATES,
    discount: { enabledForAccount: false, enabledForSymbol: false, discountAsset: 'BNB', discount: '0.75000000' },
  };
}
