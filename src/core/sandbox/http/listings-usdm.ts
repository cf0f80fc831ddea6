import { larger, text } from '../../base/decimal.ts';
import type { Listing } from '../market.ts';
import { digitsOfStep, fixed } from './amounts.ts';
import { statusOf, stepsOf } from './listing-faults.ts';
import type { Seat } from './route.ts';

/** The delivery date of a perpetual: 2100-12-25, as Binance tells it. */
const NEVER = 4_133_404_800_000;
const ORDER_TYPES = [
  'LIMIT',
  'MARKET',
  'STOP',
  'STOP_MARKET',
  'TAKE_PROFIT',
  'TAKE_PROFIT_MARKET',
  'TRAILING_STOP_MARKET',
];

/** `GET /fapi/v1/exchangeInfo`, in the order of Binance's answer. */
export function usdmExchangeInfo(seat: Seat): unknown {
  const assets = [...new Set(seat.market.listings.map((one) => one.instrument.quote))];
  return {
    timezone: 'UTC',
    serverTime: seat.now(),
    futuresType: 'U_MARGINED',
    rateLimits: [
      { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 2400 },
      { rateLimitType: 'ORDERS', interval: 'MINUTE', intervalNum: 1, limit: 1200 },
      { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 300 },
    ],
    exchangeFilters: [],
    assets: assets.map((asset) => ({ asset, marginAvailable: true, autoAssetExchange: '-10000' })),
    symbols: seat.market.listings.map((one) => listingRow(seat, one)),
  };
}

function listingRow(seat: Seat, one: Listing): unknown {
  const { instrument } = one;
  const steps = stepsOf(seat.faults, one);
  const status = statusOf(seat, one);
  return {
    symbol: one.id,
    pair: one.id,
    contractType: 'PERPETUAL',
    deliveryDate: status === 'SETTLING' ? seat.now() : NEVER,
    onboardDate: one.onboardAt,
    status,
    maintMarginPercent: '2.5000',
    requiredMarginPercent: '5.0000',
    baseAsset: instrument.base,
    quoteAsset: instrument.quote,
    marginAsset: instrument.quote,
    pricePrecision: digitsOfStep(steps.tick),
    quantityPrecision: digitsOfStep(steps.step),
    baseAssetPrecision: 8,
    quotePrecision: 8,
    underlyingType: 'COIN',
    underlyingSubType: [],
    triggerProtect: '0.0500',
    liquidationFee: '0.012500',
    marketTakeBound: '0.05',
    maxMoveOrderLimit: 10_000,
    filters: filtersOf(one, steps),
    orderTypes: ORDER_TYPES,
    timeInForce: ['GTC', 'IOC', 'FOK', 'GTX', 'GTD'],
    permissionSets: ['GRID', 'COPY'],
  };
}

/** In the order of a recorded session, where `filterType` has no fixed place. */
function filtersOf({ instrument }: Listing, { tick, step, notionalMin }: ReturnType<typeof stepsOf>): unknown[] {
  const digits = digitsOfStep(tick);
  const most = instrument.qtyMax > 0n ? text(instrument.qtyMax) : '1000000';
  const least = text(larger<bigint>(instrument.qtyMin, step));
  const size = { maxQty: most, minQty: least };
  const stepSize = text(step);
  const tickSize = fixed(tick, digits);
  return [
    { minPrice: tickSize, maxPrice: '4529764', filterType: 'PRICE_FILTER', tickSize },
    { stepSize, filterType: 'LOT_SIZE', ...size },
    { stepSize, filterType: 'MARKET_LOT_SIZE', ...size },
    { limit: 200, filterType: 'MAX_NUM_ORDERS' },
    { limit: 10, filterType: 'MAX_NUM_ALGO_ORDERS' },
    { notional: text(notionalMin), filterType: 'MIN_NOTIONAL' },
    { multiplierDown: '0.9500', multiplierUp: '1.0500', multiplierDecimal: '4', filterType: 'PERCENT_PRICE' },
    { filterType: 'POSITION_RISK_CONTROL', positionControlSide: 'NONE' },
  ];
}
