import { createRows, type Fields, type Rows } from './scan-fields.ts';
import { CANDLE, DIFF, type Kind, MARK, QUOTE, TRADE } from './scan-shape.ts';

export type PlainEvent = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is PlainEvent =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const DECIMAL = /^(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const LENGTH = /^([1-9]\d?\d?)([smhdw])$/;
const UNITS_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Puts the numbers of a parsed event where the scanner puts them. False where one is missing or of a wrong type. */
export function fill(fields: Fields, kind: Kind, event: PlainEvent): boolean {
  switch (kind) {
    case 'quote':
      return fillQuote(fields.numbers, event);
    case 'trade':
      return fillTrade(fields.numbers, event);
    case 'mark':
      return fillMark(fields.numbers, event);
    case 'candle':
      return fillCandle(fields.numbers, event);
    case 'diff':
      return fillDiff(fields, event);
  }
}

function fillQuote(to: Float64Array, event: PlainEvent): boolean {
  return (
    put(to, QUOTE.updateId, integer(event.u)) &&
    put(to, QUOTE.bid, decimal(event.b)) &&
    put(to, QUOTE.bidQty, decimal(event.B)) &&
    put(to, QUOTE.ask, decimal(event.a)) &&
    put(to, QUOTE.askQty, decimal(event.A)) &&
    putIfTold(to, QUOTE.at, event.E)
  );
}

function fillTrade(to: Float64Array, event: PlainEvent): boolean {
  return (
    put(to, TRADE.id, integer(event.e === 'trade' ? event.t : event.a)) &&
    put(to, TRADE.price, decimal(event.p)) &&
    put(to, TRADE.qty, decimal(event.q)) &&
    put(to, TRADE.at, integer(event.T)) &&
    put(to, TRADE.isBuyerMaker, flag(event.m)) &&
    (event.X === undefined || typeof event.X === 'string')
  );
}

function fillMark(to: Float64Array, event: PlainEvent): boolean {
  to[MARK.rate] = rate(event.r);
  return (
    put(to, MARK.at, integer(event.E)) &&
    put(to, MARK.price, decimal(event.p)) &&
    put(to, MARK.fundingAt, integer(event.T)) &&
    (event.r === '' || !Number.isNaN(to[MARK.rate]))
  );
}

function fillCandle(to: Float64Array, event: PlainEvent): boolean {
  const { k } = event;
  if (!isRecord(k) || k.s !== event.s) return false;
  return (
    put(to, CANDLE.at, integer(event.E)) &&
    put(to, CANDLE.openAt, integer(k.t)) &&
    put(to, CANDLE.closeAt, integer(k.T)) &&
    put(to, CANDLE.length, lengthMs(k.i)) &&
    putTradeId(to, CANDLE.firstId, k.f) &&
    putTradeId(to, CANDLE.lastId, k.L) &&
    put(to, CANDLE.open, decimal(k.o)) &&
    put(to, CANDLE.close, decimal(k.c)) &&
    put(to, CANDLE.high, decimal(k.h)) &&
    put(to, CANDLE.low, decimal(k.l)) &&
    put(to, CANDLE.volume, decimal(k.v)) &&
    put(to, CANDLE.isClosed, flag(k.x))
  );
}

function fillDiff(fields: Fields, event: PlainEvent): boolean {
  const to = fields.numbers;
  if (!Array.isArray(event.b) || !Array.isArray(event.a)) return false;
  fields.bids = roomFor(fields.bids, event.b.length);
  fields.asks = roomFor(fields.asks, event.a.length);
  return (
    put(to, DIFF.at, integer(event.E)) &&
    put(to, DIFF.firstId, integer(event.U)) &&
    put(to, DIFF.lastId, integer(event.u)) &&
    putIfTold(to, DIFF.prevId, event.pu) &&
    fillRows(fields.bids, event.b) &&
    fillRows(fields.asks, event.a)
  );
}

const roomFor = (rows: Rows, count: number): Rows => (count <= rows.price.length ? rows : createRows(count));

function fillRows(rows: Rows, told: readonly unknown[]): boolean {
  rows.count = told.length;
  return told.every((row, i) => {
    if (!Array.isArray(row) || row.length < 2) return false;
    const isPut = put(rows.price, i, decimal(row[0])) && put(rows.qty, i, decimal(row[1]));
    return isPut && (rows.price[i] as number) > 0;
  });
}

function put(to: Float64Array, slot: number, value: number): boolean {
  to[slot] = value;
  return !Number.isNaN(value);
}

/** NaN where the key is absent. */
function putIfTold(to: Float64Array, slot: number, value: unknown): boolean {
  to[slot] = value === undefined ? Number.NaN : integer(value);
  return value === undefined || !Number.isNaN(to[slot]);
}

/** -1 is none. */
function putTradeId(to: Float64Array, slot: number, value: unknown): boolean {
  return putIfTold(to, slot, value === -1 ? undefined : value);
}

/** Decimal text that is finite and not below zero; NaN for all else. */
function decimal(value: unknown): number {
  const found = typeof value === 'string' && DECIMAL.test(value) ? Number(value) : Number.NaN;
  return found < Infinity ? found : Number.NaN;
}

function rate(value: unknown): number {
  if (typeof value !== 'string' || !value.startsWith('-')) return decimal(value);
  return 0 - decimal(value.slice(1));
}

/** A whole number that is not below zero and exact; NaN for all else, a negative zero too. */
const integer = (value: unknown): number =>
  Number.isSafeInteger(value) && ((value as number) > 0 || Object.is(value, 0)) ? (value as number) : Number.NaN;

const flag = (value: unknown): number => (typeof value === 'boolean' ? Number(value) : Number.NaN);

/** A month has no fixed length: 0, and the candle's own ends decide. */
function lengthMs(value: unknown): number {
  if (value === '1M') return 0;
  const found = typeof value === 'string' ? LENGTH.exec(value) : null;
  return found === null ? Number.NaN : Number(found[1]) * (UNITS_MS[found[2] as string] as number);
}
