import { createFrameReader, type FrameReader } from '../../../../src/core/venue/binance/frames.ts';

/** What one message gave, in flat form: its kind, then its values. */
export type Heard = readonly (string | number | boolean | null)[];

export const SYMBOLS: Readonly<Record<string, string>> = {
  BTCUSDT: 'BTC/USDT:USDT',
  ETHUSDT: 'ETH/USDT:USDT',
  牛来USDT: '牛来/USDT:USDT',
};
export const symbolOf = (id: string): string | undefined => (Object.hasOwn(SYMBOLS, id) ? SYMBOLS[id] : undefined);
export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A reader, and all that it told. */
export function listen(of = symbolOf): { readonly reader: FrameReader; readonly heard: Heard[] } {
  const heard: Heard[] = [];
  const pairs = (price: Float64Array, qty: Float64Array, count: number) =>
    Array.from({ length: count }, (_, i) => [price[i] as number, qty[i] as number]).flat();
  const reader = createFrameReader({
    symbolOf: of,
    sink: {
      quote: (t) => heard.push(['quote', t.symbol, t.bid, t.bidQty, t.ask, t.askQty, t.updateId, t.venueAt]),
      trade: (t) => heard.push(['trade', t.symbol, t.price, t.qty, t.sign, t.id, t.venueAt]),
      mark: (t) => heard.push(['mark', t.symbol, t.price, t.fundingRate, t.nextFundingAt, t.venueAt]),
      candle: (t) => {
        const prices = [t.open, t.high, t.low, t.close, t.volume];
        heard.push([
          'candle',
          t.symbol,
          t.timeframeMs,
          t.openAt,
          ...prices,
          t.isClosed,
          t.firstId,
          t.lastId,
          t.venueAt,
        ]);
      },
      diff: (t) => {
        const rows = [...pairs(t.bidPrice, t.bidQty, t.bids), '|', ...pairs(t.askPrice, t.askQty, t.asks)];
        heard.push(['diff', t.symbol, t.firstId, t.lastId, t.prevId, t.venueAt, ...rows]);
      },
      ack: (id, error) => heard.push(['ack', id, error]),
      closing: () => heard.push(['closing']),
      other: (event) => heard.push(['other', JSON.stringify(event)]),
    },
  });
  return { reader, heard };
}

// What follows reads a message the plain way, by JSON and `Number`, and knows nothing of the scanner.

type SymbolOf = (id: string) => string | undefined;
type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const forbidden = /^(?:__proto__|constructor|prototype)$/;
class Bad extends Error {}

/** The market data of a message; undefined where it has none, or bad one. Other messages are not told. */
export function told(bytes: Uint8Array, of: SymbolOf = symbolOf): Heard | undefined {
  try {
    const text = decoder.decode(bytes);
    const message = JSON.parse(text) as Json;
    must(isObject(message));
    if (/\\|proto|constructor/.test(text)) must(!keysOf(message).some((key) => forbidden.test(key)));
    const isCombined = message.e === undefined && typeof message.stream === 'string' && 'data' in message;
    const event = isCombined
      ? message.data
      : message.e === undefined && isObject(message.event)
        ? message.event
        : message;
    if (!isObject(event) || (message.e === undefined && 'data' in message && !isCombined)) throw new Bad();
    return named(eventOf(event), event, of);
  } catch (error) {
    if (error instanceof Bad || error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Puts the symbol where the name of the venue stands. */
function named(heard: Heard | undefined, event: Json, of: SymbolOf): Heard | undefined {
  if (heard === undefined) return undefined;
  const symbol = typeof event.s === 'string' ? of(event.s) : undefined;
  must(symbol !== undefined);
  return [heard[0] as string, symbol as string, ...heard.slice(2)];
}

function keysOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysOf);
  return isObject(value) ? Object.entries(value).flatMap(([key, inner]) => [key, ...keysOf(inner)]) : [];
}

function eventOf(event: Json): Heard | undefined {
  const isAnswer = 'error' in event || ('id' in event && ('result' in event || 'status' in event));
  const isQuote = event.e === undefined && !isAnswer && 'u' in event && 'b' in event && 'a' in event;
  switch (isQuote ? 'bookTicker' : event.e) {
    case 'bookTicker':
      return quoteOf(event);
    case 'trade':
    case 'aggTrade':
      return tradeOf(event);
    case 'markPriceUpdate':
      return markOf(event);
    case 'kline':
      return candleOf(event);
    case 'depthUpdate':
      return diffOf(event);
    default:
      return undefined;
  }
}

function quoteOf(event: Json): Heard {
  const [bid, ask] = [decimal(event.b), decimal(event.a)];
  must(bid > 0 && bid < ask);
  const sizes = [decimal(event.B), decimal(event.A)] as const;
  return ['quote', '', bid, sizes[0], ask, sizes[1], whole(event.u), ifTold(event.E)];
}

function tradeOf(event: Json): Heard | undefined {
  const [price, qty] = [decimal(event.p), decimal(event.q)];
  must(event.X === undefined || typeof event.X === 'string');
  must(typeof event.m === 'boolean');
  const rest = [event.m ? -1 : 1, whole(event.e === 'trade' ? event.t : event.a), whole(event.T)];
  const heard = ['trade', '', price, qty, ...rest];
  if (event.e === 'trade' && event.X !== undefined && event.X !== 'MARKET') return undefined;
  must(price > 0 && qty > 0);
  return heard;
}

function markOf(event: Json): Heard {
  const price = decimal(event.p);
  must(price > 0);
  const isNegative = typeof event.r === 'string' && event.r.startsWith('-');
  const rate = event.r === '' ? NaN : isNegative ? 0 - decimal((event.r as string).slice(1)) : decimal(event.r);
  return ['mark', '', price, rate, whole(event.T) || NaN, whole(event.E)];
}

function candleOf(event: Json): Heard {
  const { k } = event;
  if (!isObject(k)) throw new Bad();
  must(k.s === event.s && typeof k.x === 'boolean');
  const [open, high, low, close, volume] = [k.o, k.h, k.l, k.c, k.v].map(decimal) as [
    number,
    number,
    number,
    number,
    number,
  ];
  must(low > 0 && Math.min(open, close) >= low && Math.max(open, close) <= high);
  const [from, to] = [whole(k.t), whole(k.T)];
  must(to > from && typeof k.i === 'string');
  const length = /^([1-9]\d{0,2})([smhdw])$/.exec(k.i as string);
  must(length !== null || k.i === '1M');
  const units: Record<string, number> = { s: 1e3, m: 6e4, h: 36e5, d: 864e5, w: 6048e5 };
  const ms = length === null ? to + 1 - from : Number(length[1]) * (units[length[2] as string] as number);
  const ids = [k.f, k.L].map((id) => (id === -1 ? NaN : ifTold(id)));
  return ['candle', '', ms, from, open, high, low, close, volume, k.x as boolean, ...ids, whole(event.E)];
}

function diffOf(event: Json): Heard {
  const [first, last] = [whole(event.U), whole(event.u)];
  must(first <= last);
  const [bids, asks] = [rowsOf(event.b), rowsOf(event.a)];
  return ['diff', '', first, last, ifTold(event.pu), whole(event.E), ...bids, '|', ...asks];
}

function rowsOf(rows: unknown): number[] {
  must(Array.isArray(rows));
  return (rows as unknown[]).flatMap((row) => {
    must(Array.isArray(row) && row.length >= 2);
    const [price, qty] = [decimal((row as unknown[])[0]), decimal((row as unknown[])[1])];
    must(price > 0);
    return [price, qty];
  });
}

function must(isSo: boolean): void {
  if (!isSo) throw new Bad();
}

function decimal(value: unknown): number {
  must(typeof value === 'string' && /^(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(value) && Number(value) < Infinity);
  return Number(value);
}

function whole(value: unknown): number {
  must(Number.isSafeInteger(value) && (value as number) >= 0 && !Object.is(value, -0));
  return value as number;
}

const ifTold = (value: unknown): number => (value === undefined ? NaN : whole(value));
