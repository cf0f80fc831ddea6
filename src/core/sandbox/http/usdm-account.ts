import { toNumber } from '../../base/decimal.ts';
import type { Row } from '../account/account.ts';
import type { Listing } from '../market.ts';
import { Refusal } from './answer.ts';
import { limit, listing, must, whole, word } from './parameters.ts';
import { forOneOrAll, type Route, route, type Seat } from './route.ts';
import { USDM_POSITIONS } from './usdm-positions.ts';

const TIMED = { startTime: whole, endTime: whole };

interface Span {
  readonly startTime: number | undefined;
  readonly endTime: number | undefined;
}

/** Rows of a symbol and a span: the last `most` of them, or the first where a start is given. */
export function rowsOf(rows: readonly Row[], symbol: Listing | undefined, span: Span, most: number): readonly Row[] {
  const { startTime, endTime } = span;
  const found = rows.filter((row) => {
    const at = Number(row.time ?? row.createTime ?? 0);
    if (symbol !== undefined && row.symbol !== symbol.id) return false;
    return at >= (startTime ?? 0) && at <= (endTime ?? Number.POSITIVE_INFINITY);
  });
  return startTime === undefined ? found.slice(-most) : found.slice(0, most);
}

const NO_ORDER = new Refusal(400, -2013, 'Order does not exist.');

/** An order by its id or by the client's; Binance's answer where there is none. */
export function orderOf(
  rows: readonly Row[],
  asked: {
    readonly symbol: Listing;
    readonly orderId: number | undefined;
    readonly origClientOrderId: string | undefined;
  },
): unknown {
  const { symbol, orderId, origClientOrderId } = asked;
  if (orderId === undefined && origClientOrderId === undefined) {
    return new Refusal(400, -1102, "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!");
  }
  const found = rows.find(
    (row) =>
      row.symbol === symbol.id &&
      (orderId === undefined ? row.clientOrderId === origClientOrderId : row.orderId === orderId),
  );
  return found ?? NO_ORDER;
}

/** Reads of a USDS-M account. */
export const USDM_ACCOUNT: readonly Route[] = [
  ...USDM_POSITIONS,
  ...orderRoutes(),
  ...settingRoutes(),
  ...listenKeyRoutes(),
];

/** Orders, trades and payments are told as they were set: the stand-in makes none. */
function orderRoutes(): Route[] {
  const open = (rows: (seat: Seat) => readonly Row[]) => ({
    security: 'signed' as const,
    weight: forOneOrAll(1, 40),
    ask: { symbol: listing },
    answer: ({ symbol }: { readonly symbol: Listing | undefined }, seat: Seat) =>
      rows(seat).filter((row) => symbol === undefined || row.symbol === symbol.id),
  });
  const byId = { symbol: must(listing), orderId: whole, origClientOrderId: word };
  return [
    route(
      'GET /fapi/v1/openOrders',
      open(({ account }) => account.state.openOrders),
    ),
    route(
      'GET /fapi/v1/openAlgoOrders',
      open(({ account }) => account.state.openAlgoOrders),
    ),
    route('GET /fapi/v1/order', {
      security: 'signed',
      ask: byId,
      answer: (asked, { account }) => orderOf([...account.state.openOrders, ...account.state.orders], asked),
    }),
    route('GET /fapi/v1/openOrder', {
      security: 'signed',
      ask: byId,
      answer: (asked, { account }) => orderOf(account.state.openOrders, asked),
    }),
    route('GET /fapi/v1/allAlgoOrders', {
      security: 'signed',
      weight: 5,
      ask: { ...TIMED, symbol: must(listing), limit: limit(500, 1000) },
      answer: (asked, { account }) => rowsOf(account.state.openAlgoOrders, asked.symbol, asked, asked.limit),
    }),
    route('GET /fapi/v1/algoOrder', {
      security: 'signed',
      ask: { algoId: whole, clientAlgoId: word },
      answer: ({ algoId, clientAlgoId }, { account }) =>
        account.state.openAlgoOrders.find(
          (row) =>
            (algoId !== undefined && row.algoId === algoId) ||
            (clientAlgoId !== undefined && row.clientAlgoId === clientAlgoId),
        ) ?? NO_ORDER,
    }),
    route('GET /fapi/v1/orderAmendment', { security: 'signed', ask: { symbol: must(listing) }, answer: () => [] }),
    // Nobody is liquidated here.
    route('GET /fapi/v1/forceOrders', { security: 'signed', weight: forOneOrAll(20, 50), answer: () => [] }),
    route('GET /fapi/v1/allOrders', {
      security: 'signed',
      weight: 5,
      ask: { ...TIMED, symbol: must(listing), limit: limit(500, 1000) },
      answer: (asked, { account }) =>
        rowsOf([...account.state.orders, ...account.state.openOrders], asked.symbol, asked, asked.limit),
    }),
    route('GET /fapi/v1/userTrades', {
      security: 'signed',
      weight: 5,
      ask: { ...TIMED, symbol: must(listing), fromId: whole, limit: limit(500, 1000) },
      answer: (asked, { account }) =>
        rowsOf(
          account.state.trades.filter((row) => Number(row.id) >= (asked.fromId ?? 0)),
          asked.symbol,
          asked,
          asked.limit,
        ),
    }),
    route('GET /fapi/v1/income', {
      security: 'signed',
      weight: 30,
      ask: { ...TIMED, symbol: listing, incomeType: word, limit: limit(100, 1000) },
      answer: (asked, { account }) =>
        rowsOf(
          account.state.income.filter((row) => asked.incomeType === undefined || row.incomeType === asked.incomeType),
          asked.symbol,
          asked,
          asked.limit,
        ),
    }),
  ];
}

/** How the account trades and what it pays. */
function settingRoutes(): Route[] {
  const signed = { security: 'signed' as const };
  return [
    route('GET /fapi/v1/multiAssetsMargin', {
      ...signed,
      weight: 30,
      answer: (_, { account }) => ({ multiAssetsMargin: account.state.multiAssets }),
    }),
    route('GET /fapi/v1/feeBurn', { ...signed, weight: 30, answer: () => ({ feeBurn: false }) }),
    route('GET /fapi/v1/apiTradingStatus', {
      ...signed,
      weight: forOneOrAll(1, 10),
      answer: (_, { market }) => ({ indicators: {}, updateTime: market.now() }),
    }),
    route('GET /fapi/v1/positionSide/dual', {
      ...signed,
      weight: 30,
      answer: (_, { account }) => ({ dualSidePosition: account.state.dualSide }),
    }),
    route('GET /fapi/v1/commissionRate', {
      ...signed,
      weight: 20,
      ask: { symbol: must(listing) },
      answer: ({ symbol }, { account }) => ({
        symbol: symbol.id,
        makerCommissionRate: account.state.makerRate,
        takerCommissionRate: account.state.takerRate,
      }),
    }),
    route('GET /fapi/v1/rateLimit/order', {
      ...signed,
      answer: () => [
        { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 300 },
        { rateLimitType: 'ORDERS', interval: 'MINUTE', intervalNum: 1, limit: 1200 },
      ],
    }),
    route('GET /fapi/v1/leverageBracket', {
      ...signed,
      ask: { symbol: listing },
      // A list even for one symbol, as Binance answers.
      answer: ({ symbol }, { market }) => (symbol === undefined ? market.listings : [symbol]).map(bracketRow),
    }),
  ];
}

/** Tiers as numbers, as Binance tells them; the last one has no cap of its own. */
function bracketRow({ id, instrument: { tiers } }: Listing): unknown {
  const brackets = tiers.map((tier, at) => {
    const next = tiers[at + 1];
    return {
      bracket: at + 1,
      initialLeverage: toNumber(tier.leverageMax),
      notionalCap: next === undefined ? 1_000_000_000 : toNumber(next.floor),
      notionalFloor: toNumber(tier.floor),
      maintMarginRatio: toNumber(tier.maintenanceRate),
      cum: toNumber(tier.cum),
    };
  });
  return { symbol: id, brackets };
}

const NO_LISTEN_KEY = new Refusal(400, -1125, 'This listenKey does not exist.');

/** One listen key for each API key; it lives for 60 minutes. */
function listenKeyRoutes(): Route[] {
  const owner = (seat: Seat): string => seat.key?.name ?? '';
  const path = '/fapi/v1/listenKey';
  return [
    route(`POST ${path}`, {
      security: 'key',
      answer: (_, seat) => ({ listenKey: seat.listenKeys.create(owner(seat)) }),
    }),
    route(`PUT ${path}`, {
      security: 'key',
      answer: (_, seat) =>
        seat.listenKeys.extend(owner(seat)) ? { listenKey: seat.listenKeys.create(owner(seat)) } : NO_LISTEN_KEY,
    }),
    route(`DELETE ${path}`, {
      security: 'key',
      answer: (_, seat) => (seat.listenKeys.remove(owner(seat)) ? {} : NO_LISTEN_KEY),
    }),
  ];
}
