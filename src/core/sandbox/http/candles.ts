import type { Kline, Listing, SandboxMarket } from '../market.ts';
import { interval, limit, listing, must, whole } from './parameters.ts';

/** What every candle route asks, but for the name of the market. */
export const CANDLES = { interval: must(interval), startTime: whole, endTime: whole };
/** USDS-M gives 1500 candles at most, spot 1000. */
export const USDM_CANDLES = { ...CANDLES, symbol: must(listing), limit: limit(500, 1500) };
export const SPOT_CANDLES = { ...CANDLES, symbol: must(listing), limit: limit(500, 1000) };

interface Wanted {
  readonly interval: number;
  readonly startTime: number | undefined;
  readonly endTime: number | undefined;
  readonly limit: number;
}

/** Candles as rows of twelve, in Binance's order. */
export function candleRows(
  market: SandboxMarket,
  { id }: Listing,
  wanted: Wanted,
  of: 'trades' | 'mark' | 'index' | 'premium' = 'trades',
): unknown[] {
  const { startTime: startAt, endTime: endAt, limit: most } = wanted;
  const query = {
    of: of === 'premium' ? ('mark' as const) : of,
    limit: most,
    ...(startAt === undefined ? {} : { startAt }),
    ...(endAt === undefined ? {} : { endAt }),
  };
  const rows = market.klines(id, wanted.interval, query);
  if (of === 'premium') return rows.map(premiumRow);
  return rows.map(of === 'trades' ? tradeRow : priceRow);
}

const tradeRow = (one: Kline): unknown[] => [
  one.openAt,
  one.open,
  one.high,
  one.low,
  one.close,
  one.volume,
  one.closeAt,
  one.quoteVolume,
  one.trades,
  one.takerBase,
  one.takerQuote,
  '0',
];

/** A candle of a price that nobody trades: the places of volume are zero. */
const priceRow = (one: Kline): unknown[] => [
  one.openAt,
  one.open,
  one.high,
  one.low,
  one.close,
  '0',
  one.closeAt,
  '0',
  one.trades,
  '0',
  '0',
  '0',
];

const EVEN = '0.00000000';

/** How far the mark is from the index, as a share: they are one price here. */
const premiumRow = (one: Kline): unknown[] => priceRow({ ...one, open: EVEN, high: EVEN, low: EVEN, close: EVEN });
