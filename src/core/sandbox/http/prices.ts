import { ONE, parse } from '../../base/decimal.ts';
import type { Kline, Listing, SandboxMarket, TradePrint } from '../market.ts';
import { digitsAfterPoint, digitsOfStep, fixed, product, share } from './amounts.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** The last trade, or what the last candle makes of it where the market has no trades to show. */
export function lastTrade(market: SandboxMarket, id: string): TradePrint {
  const print = market.trades(id, { limit: 1 }).at(-1);
  if (print !== undefined) return print;
  const candle = market.klines(id, MINUTE_MS, { limit: 1, of: 'trades' }).at(-1);
  return { id: 0, price: candle?.close ?? '0', qty: '0', at: market.now(), isBuyerMaker: false };
}

/** Digits of a price and of a quantity as this market prints them. */
export function digitsOf(market: SandboxMarket, one: Listing): { price: number; qty: number } {
  if (market.kind === 'spot') return { price: 8, qty: 8 };
  return { price: digitsOfStep(one.instrument.tick), qty: digitsOfStep(one.instrument.step) };
}

/** What was traded since an instant, with its sums. */
export interface Span {
  readonly openAt: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly last: TradePrint;
  readonly volume: bigint;
  readonly quoteVolume: bigint;
  readonly count: number;
}

/** The last 24 hours. */
export const dayOf = (market: SandboxMarket, id: string): Span => spanFrom(market, id, market.now() - DAY_MS);

/** Sums over the minutes that opened from an instant on; amounts at the scale of `parse`. */
export function spanFrom(market: SandboxMarket, id: string, from: number): Span {
  const limit = Math.ceil((market.now() - from) / MINUTE_MS) + 1;
  const minutes = market.klines(id, MINUTE_MS, { startAt: from, limit, of: 'trades' });
  const last = lastTrade(market, id);
  const first: Pick<Kline, 'openAt' | 'open'> = minutes[0] ?? { openAt: from, open: last.price };
  return {
    openAt: Math.max(first.openAt, from),
    open: first.open,
    high: extreme(
      minutes.map((one) => one.high),
      last.price,
      (a, b) => a > b,
    ),
    low: extreme(
      minutes.map((one) => one.low),
      last.price,
      (a, b) => a < b,
    ),
    last,
    volume: sum(minutes, (one) => one.volume),
    quoteVolume: sum(minutes, (one) => one.quoteVolume),
    count: minutes.reduce((total, one) => total + one.trades, 0),
  };
}

function extreme(texts: readonly string[], start: string, beats: (a: number, b: number) => boolean): string {
  return texts.reduce((best, one) => (beats(Number(one), Number(best)) ? one : best), start);
}

const sum = (rows: readonly Kline[], of: (row: Kline) => string): bigint =>
  rows.reduce((total, row) => total + parse(of(row)), 0n);

/** The fields of a 24-hour ticker that both markets have, in Binance's order. */
export function tickerFields(market: SandboxMarket, one: Listing, day: Span): Record<string, string | number> {
  const digits = digitsOf(market, one);
  const price = Math.max(digits.price, digitsAfterPoint(day.last.price));
  const open = parse(day.open);
  const change = parse(day.last.price) - open;
  return {
    symbol: one.id,
    priceChange: fixed(change, price),
    priceChangePercent: fixed(share(change, open) * 100n, 3),
    weightedAvgPrice: fixed(day.volume === 0n ? parse(day.last.price) : share(day.quoteVolume, day.volume), price),
    lastPrice: day.last.price,
    lastQty: day.last.qty,
    openPrice: day.open,
    highPrice: day.high,
    lowPrice: day.low,
    volume: fixed(day.volume, digits.qty),
    quoteVolume: fixed(day.quoteVolume, market.kind === 'spot' ? 8 : 2),
    openTime: day.openAt,
    closeTime: market.now(),
    firstId: Math.max(day.last.id - day.count + 1, 0),
    lastId: day.last.id,
    count: day.count,
  };
}

/** Where a trade is worth so much of the quote asset: its digits are 2 on USDS-M for most, 8 on spot. */
export function tradeRow(market: SandboxMarket, print: TradePrint): Record<string, string | number | boolean> {
  const worth = fixed(product(print.price, print.qty), market.kind === 'spot' ? 8 : 2);
  const row = {
    id: print.id,
    price: print.price,
    qty: print.qty,
    quoteQty: worth,
    time: print.at,
    isBuyerMaker: print.isBuyerMaker,
  };
  return market.kind === 'spot' ? { ...row, isBestMatch: true } : row;
}

/** A print as an aggregate of itself: the stand-in's prints are aggregates already. */
export function aggregateRow(market: SandboxMarket, print: TradePrint): Record<string, string | number | boolean> {
  const row = {
    a: print.id,
    p: print.price,
    q: print.qty,
    f: print.id,
    l: print.id,
    T: print.at,
    m: print.isBuyerMaker,
  };
  return market.kind === 'spot' ? { ...row, M: true } : row;
}

/** Prints between two instants, from an id on, or the last ones. */
export function aggregates(
  market: SandboxMarket,
  asked: {
    readonly symbol: Listing;
    readonly fromId: number | undefined;
    readonly startTime: number | undefined;
    readonly endTime: number | undefined;
    readonly limit: number;
  },
): unknown[] {
  const { symbol, fromId, startTime, endTime, limit } = asked;
  const isTimed = startTime !== undefined || endTime !== undefined;
  const prints = market.trades(symbol.id, {
    limit: isTimed ? 100_000 : limit,
    ...(fromId === undefined ? {} : { fromId }),
  });
  const within = prints.filter((one) => one.at >= (startTime ?? 0) && one.at <= (endTime ?? Number.POSITIVE_INFINITY));
  const rows = startTime === undefined && fromId === undefined ? within.slice(-limit) : within.slice(0, limit);
  return rows.map((print) => aggregateRow(market, print));
}

/** The mean of the last minutes, weighted by volume. */
export function averagePrice(market: SandboxMarket, id: string, minutes: number): string {
  const rows = market.klines(id, MINUTE_MS, { limit: minutes, of: 'trades' });
  const volume = sum(rows, (one) => one.volume);
  if (volume === 0n) return fixed(parse(lastTrade(market, id).price), 8);
  return fixed((sum(rows, (one) => one.quoteVolume) * ONE) / volume, 8);
}
