import { digitsOf, fromNumber, ONE } from '../../base/decimal.ts';
import type { Cell, History } from './cell.ts';

/** Candles as columns of one length, oldest first: the open in ms UTC, prices, and the volume in the base asset. */
export interface CandleColumns {
  readonly openAt: ArrayLike<number>;
  readonly open: ArrayLike<number>;
  readonly high: ArrayLike<number>;
  readonly low: ArrayLike<number>;
  readonly close: ArrayLike<number>;
  readonly volume: ArrayLike<number>;
}

/** The exact row of a column: the shortest text of its number. */
export interface CandleRow {
  readonly openAt: number;
  readonly open: bigint;
  readonly high: bigint;
  readonly low: bigint;
  readonly close: bigint;
  readonly volume: bigint;
}

export function rowOf(columns: CandleColumns, row: number): CandleRow {
  const at = (column: ArrayLike<number>): number => column[row] as number;
  return {
    openAt: at(columns.openAt),
    open: fromNumber(at(columns.open)),
    high: fromNumber(at(columns.high)),
    low: fromNumber(at(columns.low)),
    close: fromNumber(at(columns.close)),
    volume: fromNumber(at(columns.volume)),
  };
}

/** The most digits after the point that prices and volumes have. */
export function digitsIn(columns: CandleColumns): { readonly price: number; readonly qty: number } {
  let [price, qty] = [0, 0];
  for (let row = 0; row < columns.openAt.length; row++) {
    for (const column of [columns.open, columns.high, columns.low, columns.close]) {
      price = Math.max(price, digitsOfNumber(column[row] as number));
    }
    qty = Math.max(qty, digitsOfNumber(columns.volume[row] as number));
  }
  return { price, qty };
}

const POWERS: readonly number[] = Array.from({ length: 9 }, (_, digits) => 10 ** digits);

function digitsOfNumber(value: number): number {
  const few = POWERS.findIndex((power) => Math.round(value * power) / power === value);
  return few >= 0 ? few : digitsOf(fromNumber(value));
}

/** The first row that opens at an instant or later; the number of rows where there is none. */
export function rowFrom({ openAt }: CandleColumns, at: number): number {
  let low = 0;
  let high = openAt.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((openAt[middle] as number) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * What a candle says as far as candles can: the value at its close, one trade, half of it bought by takers. Only trades
 * would tell more.
 */
export function cellOfRow({ open, high, low, close, volume }: CandleRow, openAt: number): Cell {
  const quote = (volume * close) / ONE;
  return {
    openAt,
    open,
    high,
    low,
    close,
    volume,
    quote,
    trades: volume === 0n ? 0 : 1,
    takerBase: volume / 2n,
    takerQuote: quote / 2n,
    firstId: -1,
    lastId: -1,
  };
}

/** The rows before the present, moved by `shiftMs`. */
export function historyOf(
  columns: CandleColumns,
  timeframeMs: number,
  { rows, shiftMs }: { readonly rows: number; readonly shiftMs: number },
): History | undefined {
  if (rows === 0) return undefined;
  return {
    timeframeMs,
    oldestAt: (columns.openAt[0] as number) + shiftMs,
    *cells(from, to) {
      for (let at = rowFrom(columns, from - shiftMs); at < rows; at++) {
        const row = rowOf(columns, at);
        const openAt = row.openAt + shiftMs;
        if (openAt >= to) return;
        yield cellOfRow(row, openAt);
      }
    },
  };
}
