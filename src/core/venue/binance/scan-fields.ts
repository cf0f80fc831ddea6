import { SLOTS } from './scan-shape.ts';

/** Rows of one side that a frame may have before plain parsing takes it. */
export const ROWS_MAX = 4_096;

/** Rows of one side of a book, in columns. */
export interface Rows {
  readonly price: Float64Array;
  readonly qty: Float64Array;
  count: number;
}

export const createRows = (length: number): Rows => ({
  price: new Float64Array(length),
  qty: new Float64Array(length),
  count: 0,
});

/** What one frame says, as numbers. One is filled again and again. */
export interface Fields {
  symbol: string;
  /** By the slots of its kind. */
  readonly numbers: Float64Array;
  bids: Rows;
  asks: Rows;
}

export const createFields = (): Fields => ({
  symbol: '',
  numbers: new Float64Array(SLOTS),
  bids: createRows(ROWS_MAX),
  asks: createRows(ROWS_MAX),
});
