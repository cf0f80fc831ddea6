import type { Kline, Levels, MarkRow, TradePrint } from '../market.ts';
import type { Cell } from './cell.ts';

/** Data of the streams that are derived, in the venue's own fields and order. Instants are ms UTC. */

/** The candle of a kline stream. */
export function klineData(of: {
  readonly kind: 'usdm' | 'spot';
  readonly id: string;
  readonly interval: string;
  readonly eventAt: number;
  readonly kline: Kline;
  readonly cell: Cell;
  readonly isClosed: boolean;
}): string {
  return `{"e":"kline","E":${of.eventAt},"s":"${of.id}","k":{${candleFields(of, `"s":"${of.id}",`)}}}`;
}

/** The candle of a continuous contract's stream. */
export function continuousData(of: Parameters<typeof klineData>[0]): string {
  const { eventAt, id } = of;
  return `{"e":"continuous_kline","E":${eventAt},"ps":"${id}","ct":"PERPETUAL","k":{${candleFields(of, '')}}}`;
}

function candleFields({ interval, kline, cell, isClosed }: Parameters<typeof klineData>[0], symbol: string): string {
  const { openAt, closeAt, open, high, low, close, volume, quoteVolume, trades, takerBase, takerQuote } = kline;
  return (
    `"t":${openAt},"T":${closeAt},${symbol}"i":"${interval}","f":${cell.firstId},"L":${cell.lastId},` +
    `"o":"${open}","c":"${close}","h":"${high}","l":"${low}","v":"${volume}","n":${trades},"x":${isClosed},` +
    `"q":"${quoteVolume}","V":"${takerBase}","Q":"${takerQuote}","B":"0"`
  );
}

const levelsText = (levels: Levels): string => `[${levels.map(([price, qty]) => `["${price}","${qty}"]`).join(',')}]`;

/** The best levels of a book. */
export function partialDepthData(
  kind: 'usdm' | 'spot',
  of: { readonly id: string; readonly at: number; readonly previousId: number; readonly lastUpdateId: number },
  bids: Levels,
  asks: Levels,
): string {
  const { id, at, previousId, lastUpdateId } = of;
  if (kind === 'spot') {
    return `{"lastUpdateId":${lastUpdateId},"bids":${levelsText(bids)},"asks":${levelsText(asks)}}`;
  }
  const ids = `"U":${previousId + 1},"u":${lastUpdateId},"pu":${previousId}`;
  return `{"e":"depthUpdate","E":${at},"T":${at},"s":"${id}",${ids},"b":${levelsText(bids)},"a":${levelsText(asks)}}`;
}

/** A diff of the book; `previousId` is told on USDS-M only. */
export function depthData(
  kind: 'usdm' | 'spot',
  of: {
    readonly id: string;
    readonly at: number;
    readonly firstId: number;
    readonly lastId: number;
    readonly previousId: number;
  },
  bids: Levels,
  asks: Levels,
): string {
  const { id, at, firstId, lastId, previousId } = of;
  const sides = `"b":${levelsText(bids)},"a":${levelsText(asks)}`;
  if (kind === 'spot') return `{"e":"depthUpdate","E":${at},"s":"${id}","U":${firstId},"u":${lastId},${sides}}`;
  return `{"e":"depthUpdate","E":${at},"T":${at},"s":"${id}","U":${firstId},"u":${lastId},"pu":${previousId},${sides}}`;
}

/** Best bid and ask. */
export function quoteData(
  kind: 'usdm' | 'spot',
  of: { readonly id: string; readonly at: number; readonly updateId: number },
  [bid, bidQty]: readonly [string, string],
  [ask, askQty]: readonly [string, string],
): string {
  const best = `"s":"${of.id}","b":"${bid}","B":"${bidQty}","a":"${ask}","A":"${askQty}"`;
  if (kind === 'spot') return `{"u":${of.updateId},${best}}`;
  return `{"e":"bookTicker","u":${of.updateId},${best},"T":${of.at},"E":${of.at}}`;
}

/** A trade. */
export function tradeData(
  kind: 'usdm' | 'spot',
  of: {
    readonly id: string;
    readonly at: number;
    readonly tradeId: number;
    readonly price: string;
    readonly qty: string;
    readonly isBuyerMaker: boolean;
  },
): string {
  const { id, at, tradeId, price, qty, isBuyerMaker } = of;
  const print = `"s":"${id}","t":${tradeId},"p":"${price}","q":"${qty}"`;
  if (kind === 'spot') return `{"e":"trade","E":${at},${print},"T":${at},"m":${isBuyerMaker},"M":true}`;
  return `{"e":"trade","E":${at},"T":${at},${print},"X":"MARKET","m":${isBuyerMaker}}`;
}

/** The mark price. */
export function markData(id: string, eventAt: number, row: MarkRow): string {
  const { mark, index, fundingRate, nextFundingAt } = row;
  return (
    `{"e":"markPriceUpdate","E":${eventAt},"s":"${id}","p":"${mark}","ap":"${mark}","i":"${index}","P":"${mark}",` +
    `"r":"${fundingRate}","T":${nextFundingAt}}`
  );
}

/** An aggregate trade for each trade, under its id: no recording tells which ones the venue put together. */
export function aggTradeData(kind: 'usdm' | 'spot', id: string, eventAt: number, trade: TradePrint): string {
  const { price, qty, at, isBuyerMaker } = trade;
  return (
    `{"e":"aggTrade","E":${eventAt},"s":"${id}","a":${trade.id},"p":"${price}","q":"${qty}",` +
    `${kind === 'usdm' ? `"nq":"${qty}",` : ''}"f":${trade.id},"l":${trade.id},"T":${at},"m":${isBuyerMaker}${kind === 'spot' ? ',"M":true' : ''}}`
  );
}

/** What the last 24 hours were; amounts as text. */
export interface DayStats {
  readonly openAt: number;
  readonly closeAt: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly last: string;
  readonly lastQty: string;
  readonly change: string;
  readonly changePct: string;
  readonly average: string;
  readonly volume: string;
  readonly quoteVolume: string;
  readonly firstId: number;
  readonly lastId: number;
  readonly trades: number;
}

export function miniTickerData(id: string, eventAt: number, day: DayStats): string {
  const { last, open, high, low, volume, quoteVolume } = day;
  return (
    `{"e":"24hrMiniTicker","E":${eventAt},"s":"${id}","c":"${last}","o":"${open}","h":"${high}","l":"${low}",` +
    `"v":"${volume}","q":"${quoteVolume}"}`
  );
}

/** `book`: what spot tells besides, the trade before the window and the best prices. */
export function tickerData(
  id: string,
  eventAt: number,
  day: DayStats,
  book?: { readonly bid: readonly [string, string]; readonly ask: readonly [string, string] },
): string {
  const best =
    book === undefined ? '' : `"b":"${book.bid[0]}","B":"${book.bid[1]}","a":"${book.ask[0]}","A":"${book.ask[1]}",`;
  const before = book === undefined ? '' : `"x":"${day.open}",`;
  return (
    `{"e":"24hrTicker","E":${eventAt},"s":"${id}","p":"${day.change}","P":"${day.changePct}","w":"${day.average}",` +
    `${before}"c":"${day.last}","Q":"${day.lastQty}",${best}"o":"${day.open}","h":"${day.high}","l":"${day.low}",` +
    `"v":"${day.volume}","q":"${day.quoteVolume}","O":${day.openAt},"C":${day.closeAt},"F":${day.firstId},"L":${day.lastId},"n":${day.trades}}`
  );
}
