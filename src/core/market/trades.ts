import { finish, type Steps } from '../base/steps.ts';
import { inTurns } from '../platform/pace.ts';
import { EARLIEST_AT, LATEST_AT } from './cell.ts';
import { DataError } from './data-error.ts';
import {
  expectContent,
  type Opening,
  type Placement,
  place,
  placeByNames,
  readOpening,
  type Wanted,
} from './header.ts';
import { type Layout, lineOfRow, scanTable, type Table } from './table.ts';
import { readTextFile, type TextFile, unpack } from './text-file.ts';

/** Trades of one symbol as columns, in the order of their times, which may repeat. */
export interface Trades {
  readonly length: number;
  /** The exchange's time of the trade, ms UTC. */
  readonly at: Float64Array;
  readonly price: Float64Array;
  /** In the base asset. `Math.round(qty * 10 ** qtyDigits)` is exact, so sums of it are. */
  readonly qty: Float64Array;
  readonly priceDigits: number;
  readonly qtyDigits: number;
  /** 1 where the buyer was the maker, so the seller took; absent where the file does not say. */
  readonly buyerIsMaker?: Uint8Array;
  /** Trade ids that are absent between the first and the last; absent where the file has no ids or joins trades. */
  readonly idsMissing?: number;
  /** Rows left out because the venue made them and no market did (insurance fund, `NA`). */
  readonly leftOut: number;
}

export interface TradeFile extends Trades {
  readonly path: string;
  /** SHA-256 of the file as it lies on disk, in hex; computed when first asked for. */
  sha256(): string;
}

const COLUMNS: readonly Wanted[] = [
  {
    name: 'time',
    aliases: ['trade_ms', 'timestamp_ms', 'time', 'transact_time', 'timestamp', 'ts', 't'],
    kind: 'time',
  },
  { name: 'price', aliases: ['price', 'p'], kind: 'number' },
  { name: 'qty', aliases: ['qty', 'quantity', 'amount', 'size', 'q'], kind: 'number' },
  { name: 'id', aliases: ['trade_id', 'id', 'agg_trade_id', 'a'], kind: 'number', isOptional: true },
  { name: 'buyer is maker', aliases: ['buyer_is_maker', 'is_buyer_maker', 'm'], kind: 'word', isOptional: true },
  { name: 'type', aliases: ['type'], kind: 'word', isOptional: true },
];
/** Binance's public files without a header: `id,price,qty,quote_qty,time,is_buyer_maker` and the aggregated ones. */
const SINGLE = [4, 1, 2, 0, 5, -1];
const AGGREGATED = [5, 1, 2, 0, 6, -1];
const BARE = [0, 1, 2, -1, -1, -1];

/**
 * Reads trades from a CSV or CSV.gz file: by header (`timestamp_ms,price,qty`, a recorder's
 * `trade_ms,trade_id,price,qty,buyer_is_maker,type`), or Binance's public trade files without one.
 * @throws {DataError} where trades are out of order (by time, and by id where there is one), twice or impossible.
 */
export async function readTrades(path: string, signal?: AbortSignal): Promise<TradeFile> {
  return await tradesIn(await readTextFile(path, signal), signal);
}

/** `readTrades` of a file that was read. */
export async function tradesIn({ name, bytes, sha256 }: TextFile, signal?: AbortSignal): Promise<TradeFile> {
  return { path: name, sha256, ...(await inTurns(parsing(bytes, name), signal)) };
}

/** `readTrades` of bytes already in memory (plain or gzip); `name` is for messages. */
export function parseTrades(raw: Uint8Array, name: string): Trades {
  return finish(parsing(unpack(raw, name), name));
}

function* parsing(bytes: Uint8Array, name: string): Steps<Trades> {
  const opening = readOpening(bytes, name);
  expectContent(opening, 'trades', name);
  const placed = placeTrades(opening, name);
  const layout = { rowsAt: opening.rowsAt, columns: placed.columns };
  const table = yield* scanTable(bytes, layout, name);
  const columns = columnsOf(table, placed);
  for (let from = 0; from < table.rows; from += CHUNK) {
    const row = flawIn(columns, from, Math.min(from + CHUNK, table.rows));
    if (row >= 0) throw refusal(bytes, layout, name, columns, row);
  }
  return assemble(columns, table, placed, opening);
}

const CHUNK = 4_096;

interface TradeColumns {
  readonly at: Float64Array;
  readonly price: Float64Array;
  readonly qty: Float64Array;
  readonly id: Float64Array | undefined;
  readonly maker: Float64Array | undefined;
  readonly type: Float64Array | undefined;
}

function columnsOf(table: Table, placed: Placement): TradeColumns {
  const [at, price, qty, id, maker, type] = placed.slots.map((slot) => (slot < 0 ? undefined : table.columns[slot]));
  return { at, price, qty, id, maker, type } as TradeColumns;
}

function placeTrades(opening: Opening, name: string): Placement {
  if (opening.names !== undefined) return placeByNames(opening, COLUMNS, name);
  const flagAt = opening.cells.findIndex((cell) => /^(true|false)$/i.test(cell));
  if (flagAt === 5) return place(COLUMNS, SINGLE);
  if (flagAt === 6) return place(COLUMNS, AGGREGATED);
  if (opening.cells.length === 3) return place(COLUMNS, BARE);
  const expected = 'a header, or timestamp,price,qty, or a public trade file of Binance';
  const found = `${opening.cells.length} columns without a header`;
  throw new DataError({ file: name, line: opening.line, expected, found, fix: 'Name the columns in a first line' });
}

/** 'M' of MARKET, or an empty cell. */
const isMarket = (type: Float64Array | undefined, row: number): boolean =>
  type === undefined || type[row] === 0 || type[row] === 77;

function flawIn(columns: TradeColumns, from: number, to: number): number {
  const { at, price, qty, id, type } = columns;
  for (let row = from; row < to; row++) {
    const isRising = row === 0 || (at[row] as number) >= (at[row - 1] as number);
    const isNew = id === undefined || row === 0 || (id[row] as number) > (id[row - 1] as number);
    const isPossible = (price[row] as number) > 0 && (qty[row] as number) > 0;
    const isTimely = (at[row] as number) > EARLIEST_AT && (at[row] as number) < LATEST_AT;
    if (!isRising || !isNew || !isTimely || (!isPossible && isMarket(type, row))) return row;
  }
  return -1;
}

function refusal(bytes: Uint8Array, layout: Layout, file: string, columns: TradeColumns, row: number): DataError {
  const [expected, found, fix] = explain(columns, row);
  return new DataError({ file, line: lineOfRow(bytes, layout, row), expected, found, fix });
}

function explain({ at, price, qty, id }: TradeColumns, row: number): readonly [string, string, string] {
  const time = at[row] as number;
  if (!(time > EARLIEST_AT && time < LATEST_AT)) {
    return ['a time between 1990 and 2100', `${time} ms since 1970`, 'Correct or remove the row'];
  }
  if (row > 0 && id !== undefined && id[row] === id[row - 1]) {
    return ['each trade id once', `${id[row]} twice`, 'Remove the repeated row'];
  }
  if (row > 0 && time < (at[row - 1] as number)) {
    return ['times that rise', `${time} after ${at[row - 1]}`, 'Sort the rows by time'];
  }
  if (row > 0 && id !== undefined && (id[row] as number) < (id[row - 1] as number)) {
    return ['trade ids that rise', `${id[row]} after ${id[row - 1]}`, 'Sort the rows by trade id'];
  }
  const bad = (price[row] as number) > 0 ? `a qty of ${qty[row]}` : `a price of ${price[row]}`;
  return ['a price and a qty above 0', bad, 'Correct or remove the row'];
}

function assemble(columns: TradeColumns, table: Table, placed: Placement, opening: Opening): Trades {
  const digits = (column: number): number => table.places[placed.slots[column] as number] as number;
  const kept = keptRows(columns.type, table.rows);
  const { id, maker } = columns;
  return {
    length: kept === undefined ? table.rows : kept.length,
    at: take(columns.at, kept),
    price: take(columns.price, kept),
    qty: take(columns.qty, kept),
    priceDigits: digits(1),
    qtyDigits: digits(2),
    leftOut: kept === undefined ? 0 : table.rows - kept.length,
    ...(maker === undefined ? {} : { buyerIsMaker: Uint8Array.from(take(maker, kept), isTrue) }),
    ...(id !== undefined && !isJoined(opening, placed)
      ? { idsMissing: (id[table.rows - 1] as number) - (id[0] as number) + 1 - table.rows }
      : {}),
  };
}

/** Whether one row holds several trades: by its id's name, or, without names, by the place of its time. */
const isJoined = ({ names }: Opening, { columns }: Placement): boolean =>
  names === undefined ? columns[AGGREGATED[0] as number]?.name === 'time' : names.includes('agg_trade_id');

/** The first byte of `1`, `true` or `True`. */
const isTrue = (byte: number): number => (byte === 49 || byte === 116 || byte === 84 ? 1 : 0);

/** The rows that a market made; undefined where all are. */
function keptRows(type: Float64Array | undefined, rows: number): Int32Array | undefined {
  const kept = new Int32Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) if (isMarket(type, row)) kept[count++] = row;
  return count === rows ? undefined : kept.subarray(0, count);
}

function take(column: Float64Array, rows: Int32Array | undefined): Float64Array {
  return rows === undefined ? column : Float64Array.from(rows, (row) => column[row] as number);
}
