import type { VenueMarket } from '../exchange.ts';
import type { CcxtMarket, Json } from './client.ts';
import type { Listed } from './dialect.ts';
import { exactText, isJson, numberOf, plain, textOf } from './fields.ts';
import { drawInstrument, isPositive, type Rules } from './instrument.ts';

const MINUTE = 60_000;
/** ccxt's `precisionMode`s: digits after the point, and a step. A third, significant digits, is no step. */
const DECIMAL_PLACES = 2;
const TICK_SIZE = 4;

/**
 * One market for each symbol: some exchanges list a second one under it, such as Kraken's dark pools (`XXBTZUSD.d`). The
 * one that is active holds, then the one with the shorter name.
 */
export function oneOfEach(markets: readonly CcxtMarket[]): readonly CcxtMarket[] {
  const bySymbol = new Map<string, CcxtMarket>();
  const rank = ({ active, id }: CcxtMarket): number => (active === false ? 1_000 : 0) + id.length;
  for (const market of markets) {
    const before = bySymbol.get(market.symbol);
    if (before === undefined || rank(market) < rank(before)) bySymbol.set(market.symbol, market);
  }
  return [...bySymbol.values()];
}

/** One market in ccxt's unified words. Amounts are the venue's own text where `info` holds them. */
export function unifiedMarket(market: CcxtMarket, precisionMode: number): Listed {
  const { info, symbol, id } = market;
  const statusText =
    textOf(info, 'status') ?? textOf(info, 'state') ?? (market.active === false ? 'inactive' : 'active');
  return {
    unit: market.spot === true ? 1 : (market.contractSize ?? 1),
    market: {
      symbol,
      id,
      type: typeOf(market),
      status: statusOf(market, statusText),
      statusText,
      ...drawInstrument(market, () => rulesOf(market, precisionMode)),
      fundingMs: market.swap === true ? fundingMs(info) : null,
    },
  };
}

/** What kind of market ccxt takes it for. */
function typeOf({ swap, spot, future, option }: CcxtMarket): VenueMarket['type'] {
  if (swap === true) return 'perpetual';
  if (spot === true) return 'spot';
  return future === true ? 'future' : option === true ? 'option' : 'other';
}

/** ccxt only tells whether it is active; the venue's word tells why not. */
function statusOf({ active }: CcxtMarket, statusText: string): VenueMarket['status'] {
  if (/deliver|settl|delist|closed|expired/i.test(statusText)) return 'delisted';
  return active === false ||
    /suspend|preopen|prelaunch|halt|cancel_only|post_only|limit_only|maintenance/i.test(statusText)
    ? 'halted'
    : 'trading';
}

/** Bybit tells it, in minutes; 0 is none. */
function fundingMs(info: Json): number | null {
  const minutes = numberOf(info, 'fundingInterval');
  return minutes === null || minutes <= 0 ? null : minutes * MINUTE;
}

/** Limits as ccxt found them, in the text that they have in `info`. */
function rulesOf(market: CcxtMarket, precisionMode: number): Rules {
  const { info, precision, limits } = market;
  return {
    tick: stepText(info, precision.price, precisionMode),
    step: stepText(info, precision.amount, precisionMode),
    qtyMin: limitText(info, limits.amount?.min),
    qtyMax: marketMax(info) ?? limitText(info, limits.amount?.max),
    notionalMin: limitText(info, limits.cost?.min),
    // The size of a contract of spot is one.
    contractSize: market.spot === true ? '1' : exactText(info, market.contractSize ?? 1),
    assetDigits: null,
  };
}

/** A tick or a step as text; `0`, which no instrument may have, where ccxt does not tell one. */
function stepText(info: Json, step: number | undefined, precisionMode: number): string {
  if (step === undefined) return '0';
  if (precisionMode === TICK_SIZE) return exactText(info, step);
  return precisionMode === DECIMAL_PLACES ? plain(10 ** -step) : '0';
}

const limitText = (info: Json, limit: number | undefined): string | null =>
  limit === undefined ? null : exactText(info, limit);

/** The largest market order: Bybit's contracts and spot, OKX. */
function marketMax(info: Json): string | null {
  const lot = isJson(info.lotSizeFilter) ? info.lotSizeFilter : {};
  const told = [textOf(lot, 'maxMktOrderQty'), textOf(lot, 'maxMarketOrderQty'), textOf(info, 'maxMktSz')];
  // OKX counts spot market orders in the quote asset.
  return info.instType === 'SPOT' ? null : (told.find(isPositive) ?? null);
}
