import type { VenueMarket } from '../exchange.ts';
import type { CcxtMarket, Json } from './client.ts';
import type { Listed } from './dialect.ts';
import { isJson, listOf, numberOf, textOf } from './fields.ts';
import { drawInstrument, isPositive, type Rules } from './instrument.ts';

const HOUR = 3_600_000;
/** Symbols that Binance's funding information leaves out settle each eight hours. */
const FUNDING_MS = 8 * HOUR;

const STATUS: Readonly<Record<string, VenueMarket['status']>> = {
  TRADING: 'trading',
  SETTLING: 'delisted',
  CLOSE: 'delisted',
  DELIVERING: 'delisted',
  DELIVERED: 'delisted',
};

/** Hours between settlements by the venue's name of a symbol, in ms. */
export function fundingIntervals(info: unknown): ReadonlyMap<string, number> {
  const rows = listOf(info, 'funding information');
  return new Map(rows.map((row) => [String(row.symbol), (numberOf(row, 'fundingIntervalHours') ?? 8) * HOUR]));
}

/** One of Binance's markets; `intervals` is undefined where the venue did not tell them. */
export function binanceMarket(market: CcxtMarket, intervals: ReadonlyMap<string, number> | undefined): Listed {
  const { info, symbol, id } = market;
  const statusText = textOf(info, 'status') ?? textOf(info, 'contractStatus') ?? '';
  const isPerpetual = market.swap === true;
  return {
    unit: 1,
    market: {
      symbol,
      id,
      type: isPerpetual ? 'perpetual' : market.spot === true ? 'spot' : market.future === true ? 'future' : 'other',
      status: STATUS[statusText] ?? 'halted',
      statusText,
      ...drawInstrument(market, () => rulesOf(market)),
      fundingMs: isPerpetual && intervals !== undefined ? (intervals.get(id) ?? FUNDING_MS) : null,
    },
  };
}

/** Filters of a symbol, as text. The largest market order is what may be traded at once. */
function rulesOf({ info }: CcxtMarket): Rules {
  const filters = filtersOf(info);
  const lot = filters.get('LOT_SIZE');
  const marketMax = textIn(filters.get('MARKET_LOT_SIZE'), 'maxQty');
  const notional = filters.get('NOTIONAL') ?? filters.get('MIN_NOTIONAL');
  return {
    tick: textIn(filters.get('PRICE_FILTER'), 'tickSize') ?? '0',
    step: textIn(lot, 'stepSize') ?? '0',
    qtyMin: textIn(lot, 'minQty'),
    qtyMax: isPositive(marketMax) ? marketMax : textIn(lot, 'maxQty'),
    notionalMin: textIn(notional, 'notional') ?? textIn(notional, 'minNotional'),
    contractSize: '1',
    assetDigits: numberOf(info, 'quoteAssetPrecision') ?? numberOf(info, 'quotePrecision'),
  };
}

const textIn = (filter: Json | undefined, name: string): string | null =>
  filter === undefined ? null : textOf(filter, name);

function filtersOf(info: Json): ReadonlyMap<string, Json> {
  const filters: unknown = info.filters;
  const rows = Array.isArray(filters) ? filters.filter(isJson) : [];
  return new Map(rows.map((row) => [String(row.filterType), row]));
}
