import { larger } from '../../base/decimal.ts';
import type { Listing } from '../market.ts';
import { fixed } from './amounts.ts';
import { Refusal } from './answer.ts';
import { statusOf, stepsOf } from './listing-faults.ts';
import { listing, listings, word } from './parameters.ts';
import type { Seat } from './route.ts';

/** What spot's exchangeInfo asks: one market, several, or those that may be traded in a way. */
export const SPOT_INFO = { symbol: listing, symbols: listings, permissions: word, symbolStatus: word };

interface Wanted {
  readonly symbol: Listing | undefined;
  readonly symbols: readonly Listing[] | undefined;
  readonly permissions: string | undefined;
  readonly symbolStatus: string | undefined;
}

/** `GET /api/v3/exchangeInfo`, in the order of Binance's answer. */
export function spotExchangeInfo(seat: Seat, wanted: Wanted): unknown {
  const { symbol, symbols, permissions, symbolStatus } = wanted;
  const given = [symbol, symbols, permissions].filter((one) => one !== undefined).length;
  if (given > 1) return new Refusal(400, -1128, 'Combination of optional parameters invalid.');
  const named = symbol === undefined ? (symbols ?? seat.market.listings) : [symbol];
  const isListed = permissions === undefined || /\bSPOT\b/.test(permissions);
  const rows = isListed ? named : [];
  return {
    timezone: 'UTC',
    serverTime: seat.now(),
    rateLimits: [
      { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 6000 },
      { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 100 },
      { rateLimitType: 'ORDERS', interval: 'DAY', intervalNum: 1, limit: 200_000 },
      { rateLimitType: 'RAW_REQUESTS', interval: 'MINUTE', intervalNum: 5, limit: 61_000 },
    ],
    exchangeFilters: [],
    symbols: rows
      .filter((one) => symbolStatus === undefined || statusOf(seat, one) === symbolStatus)
      .map((one) => listingRow(seat, one)),
  };
}

function listingRow(seat: Seat, one: Listing): unknown {
  const { base, quote } = one.instrument;
  return {
    symbol: one.id,
    status: statusOf(seat, one),
    baseAsset: base,
    baseAssetPrecision: 8,
    quoteAsset: quote,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    baseCommissionPrecision: 8,
    quoteCommissionPrecision: 8,
    orderTypes: ['LIMIT', 'LIMIT_MAKER', 'MARKET', 'STOP_LOSS', 'STOP_LOSS_LIMIT', 'TAKE_PROFIT', 'TAKE_PROFIT_LIMIT'],
    icebergAllowed: true,
    ocoAllowed: true,
    otoAllowed: true,
    quoteOrderQtyMarketAllowed: true,
    allowTrailingStop: true,
    cancelReplaceAllowed: true,
    amendAllowed: true,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: filtersOf(seat, one),
    permissions: [],
    permissionSets: [['SPOT']],
    defaultSelfTradePreventionMode: 'EXPIRE_MAKER',
    allowedSelfTradePreventionModes: ['EXPIRE_TAKER', 'EXPIRE_MAKER', 'EXPIRE_BOTH', 'DECREMENT'],
  };
}

/** All amounts with eight digits. The market lot size has no step of its own on spot: 0 is what Binance says. */
function filtersOf(seat: Seat, one: Listing): unknown[] {
  const { tick, step, notionalMin } = stepsOf(seat.faults, one);
  const { qtyMin, qtyMax } = one.instrument;
  const size = fixed(step, 8);
  const most = qtyMax > 0n ? fixed(qtyMax, 8) : '9000.00000000';
  const least = fixed(larger<bigint>(qtyMin, step), 8);
  const tickSize = fixed(tick, 8);
  return [
    { filterType: 'PRICE_FILTER', minPrice: tickSize, maxPrice: '1000000.00000000', tickSize },
    { filterType: 'LOT_SIZE', minQty: least, maxQty: most, stepSize: size },
    { filterType: 'ICEBERG_PARTS', limit: 10 },
    { filterType: 'MARKET_LOT_SIZE', minQty: '0.00000000', maxQty: most, stepSize: '0.00000000' },
    {
      filterType: 'TRAILING_DELTA',
      minTrailingAboveDelta: 10,
      maxTrailingAboveDelta: 2000,
      minTrailingBelowDelta: 10,
      maxTrailingBelowDelta: 2000,
    },
    {
      filterType: 'PERCENT_PRICE_BY_SIDE',
      bidMultiplierUp: '5',
      bidMultiplierDown: '0.2',
      askMultiplierUp: '5',
      askMultiplierDown: '0.2',
      avgPriceMins: 5,
    },
    {
      filterType: 'NOTIONAL',
      minNotional: fixed(notionalMin, 8),
      applyMinToMarket: true,
      maxNotional: '9000000.00000000',
      applyMaxToMarket: false,
      avgPriceMins: 5,
    },
    { filterType: 'MAX_NUM_ORDERS', maxNumOrders: 200 },
    { filterType: 'MAX_NUM_ALGO_ORDERS', maxNumAlgoOrders: 5 },
  ];
}
