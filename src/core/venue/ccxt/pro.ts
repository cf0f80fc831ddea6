import { timeframeName } from '../../domain/candle.ts';
import type { BookTick, CandleTick, Channel, MarkTick, QuoteTick, StreamSink, TradeTick } from '../exchange.ts';
import type { CcxtBook, CcxtClient, CcxtTicker } from './client.ts';

/** A trade as ccxt gives it. */
interface CcxtTrade {
  readonly id?: string | undefined;
  readonly price?: number | undefined;
  readonly amount?: number | undefined;
  readonly side?: string | undefined;
  readonly timestamp?: number | undefined;
}

interface TimedBook extends CcxtBook {
  readonly timestamp?: number | undefined;
}

type Row = readonly [at: number, open: number, high: number, low: number, close: number, volume: number];

/** What is used of a ccxt pro 4.5.84 object beside the questions. */
export interface ProClient extends CcxtClient {
  newUpdates: boolean;
  wssProxy?: string | undefined;
  readonly clients: Readonly<Record<string, unknown>>;
  loadHttpProxyAgent(): Promise<unknown>;
  close(): Promise<unknown>;
  watchBidsAsks(symbols: readonly string[]): Promise<Readonly<Record<string, CcxtTicker>>>;
  watchTicker(symbol: string): Promise<CcxtTicker>;
  watchOrderBook(symbol: string, limit?: number): Promise<TimedBook>;
  watchTrades(symbol: string): Promise<readonly CcxtTrade[]>;
  watchOHLCV(symbol: string, timeframe: string): Promise<readonly Row[]>;
  watchMarkPrice(symbol: string): Promise<CcxtTicker>;
}

/** Tells a sink what came; how many of it were bad and dropped. */
type Tell = (sink: StreamSink, at: number) => number;

/** A channel and how the next of it is awaited. */
export interface Watched {
  readonly channel: Channel;
  watch(symbol: string): Promise<Tell>;
}

/** The channels that an exchange has, each by the best of its ways. */
export function watchesOf(client: ProClient, timeframeMs: number, levels: number): readonly Watched[] {
  const { has } = client;
  const watches: Watched[] = [];
  const quotes = quoteWatch(client);
  if (quotes !== undefined) watches.push({ channel: 'quote', watch: quotes });
  if (has.watchOrderBook === true) {
    watches.push({
      channel: 'book',
      watch: async (symbol) => bookTold(symbol, await client.watchOrderBook(symbol), levels),
    });
  }
  if (has.watchTrades === true) {
    watches.push({ channel: 'trade', watch: async (symbol) => tradesTold(symbol, await client.watchTrades(symbol)) });
  }
  if (has.watchOHLCV === true) {
    const name = timeframeName(timeframeMs);
    watches.push({
      channel: 'candle',
      watch: async (symbol) => candlesTold(symbol, await client.watchOHLCV(symbol, name), timeframeMs),
    });
  }
  if (has.watchMarkPrice === true) {
    watches.push({ channel: 'mark', watch: async (symbol) => markTold(symbol, await client.watchMarkPrice(symbol)) });
  }
  return watches;
}

/** Best prices by themselves, else the top of the book, else a ticker. */
function quoteWatch(client: ProClient): Watched['watch'] | undefined {
  const { has } = client;
  if (has.watchBidsAsks === true) {
    return async (symbol) => quoteTold(symbol, (await client.watchBidsAsks([symbol]))[symbol]);
  }
  if (has.watchOrderBook === true) {
    return async (symbol) => {
      const { bids, asks, timestamp } = await client.watchOrderBook(symbol);
      const [bid, bidVolume] = bids[0] ?? [];
      const [ask, askVolume] = asks[0] ?? [];
      return quoteTold(symbol, { bid, ask, bidVolume, askVolume, timestamp, info: {} });
    };
  }
  return has.watchTicker === true ? async (symbol) => quoteTold(symbol, await client.watchTicker(symbol)) : undefined;
}

const isPrice = (value: number | undefined): value is number =>
  value !== undefined && value > 0 && Number.isFinite(value);
const isSize = (value: number | undefined): value is number =>
  value !== undefined && value >= 0 && Number.isFinite(value);
const known = (value: number | undefined): number => value ?? Number.NaN;

const quoteTold =
  (symbol: string, ticker: CcxtTicker | undefined): Tell =>
  (sink, at) => {
    const { bid, ask, bidVolume, askVolume, timestamp } = ticker ?? { info: {} };
    if (!isPrice(bid) || !isPrice(ask) || bid >= ask) return 1;
    const size = (volume: number | undefined): number => (isSize(volume) ? volume : Number.POSITIVE_INFINITY);
    const tick: QuoteTick = {
      symbol,
      bid,
      bidQty: size(bidVolume),
      ask,
      askQty: size(askVolume),
      updateId: Number.NaN,
      venueAt: known(timestamp),
      at,
    };
    sink.quote(tick);
    return 0;
  };

function bookTold(symbol: string, { bids, asks, nonce, timestamp }: TimedBook, levels: number): Tell {
  const [bidPrice, bidQty] = columns(bids, levels);
  const [askPrice, askQty] = columns(asks, levels);
  return (sink, at) => {
    if (!((bidPrice[0] as number) < (askPrice[0] as number))) return 1;
    const tick: BookTick = {
      symbol,
      bidPrice,
      bidQty,
      bids: bidPrice.length,
      askPrice,
      askQty,
      asks: askPrice.length,
      updateId: known(nonce),
      venueAt: known(timestamp),
      at,
    };
    sink.book(tick);
    return 0;
  };
}

const columns = (rows: CcxtBook['bids'], levels: number): readonly [Float64Array, Float64Array] => {
  const top = rows.slice(0, levels);
  return [Float64Array.from(top, ([price]) => price), Float64Array.from(top, ([, qty]) => qty)];
};

const tradesTold =
  (symbol: string, trades: readonly CcxtTrade[]): Tell =>
  (sink, at) => {
    let dropped = 0;
    for (const { id, price, amount, side, timestamp } of trades) {
      if (!isPrice(price) || !isPrice(amount)) {
        dropped++;
        continue;
      }
      const tick: TradeTick = {
        symbol,
        price,
        qty: amount,
        sign: side === 'sell' ? -1 : 1,
        id: /^\d{1,15}$/.test(id ?? '') ? Number(id) : Number.NaN,
        venueAt: known(timestamp),
        at,
      };
      sink.trade(tick);
    }
    return dropped;
  };

/** ccxt does not say whether a candle is closed: none of these is taken for one, and REST tells the closed ones. */
const candlesTold =
  (symbol: string, rows: readonly Row[], timeframeMs: number): Tell =>
  (sink, at) => {
    const row = rows.at(-1);
    if (row === undefined || !row.every((value) => Number.isFinite(value))) return 1;
    const [openAt, open, high, low, close, volume] = row;
    const tick: CandleTick = {
      symbol,
      timeframeMs,
      openAt,
      open,
      high,
      low,
      close,
      volume,
      isClosed: false,
      firstId: Number.NaN,
      lastId: Number.NaN,
      venueAt: Number.NaN,
      at,
    };
    sink.candle(tick);
    return 0;
  };

const markTold =
  (symbol: string, { markPrice, timestamp }: CcxtTicker): Tell =>
  (sink, at) => {
    if (!isPrice(markPrice)) return 1;
    const tick: MarkTick = {
      symbol,
      price: markPrice,
      fundingRate: Number.NaN,
      nextFundingAt: Number.NaN,
      venueAt: known(timestamp),
      at,
    };
    sink.mark(tick);
    return 0;
  };
