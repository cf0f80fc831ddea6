/** A candle while it is built: exact values at scale 10^18. */
export interface Cell {
  readonly openAt: number;
  open: bigint;
  high: bigint;
  low: bigint;
  close: bigint;
  volume: bigint;
  quote: bigint;
  trades: number;
  takerBase: bigint;
  takerQuote: bigint;
  /** -1 where no trade is known. */
  firstId: number;
  lastId: number;
}

/** Candles of the past, oldest first. */
export interface History {
  readonly timeframeMs: number;
  /** The open of the oldest one. */
  readonly oldestAt: number;
  /** Candles that open in `[from, to)`. */
  cells(from: number, to: number): Iterable<Cell>;
}

/** Prices and amounts of a trade. */
export interface Deal {
  readonly id: number;
  readonly at: number;
  readonly price: bigint;
  readonly qty: bigint;
  readonly quote: bigint;
  readonly isBuyerMaker: boolean;
}

export function cellOf(openAt: number, deal: Deal): Cell {
  const { price, qty, quote, isBuyerMaker, id } = deal;
  return {
    openAt,
    open: price,
    high: price,
    low: price,
    close: price,
    volume: qty,
    quote,
    trades: 1,
    takerBase: isBuyerMaker ? 0n : qty,
    takerQuote: isBuyerMaker ? 0n : quote,
    firstId: id,
    lastId: id,
  };
}

export function addDeal(cell: Cell, { price, qty, quote, isBuyerMaker, id }: Deal): void {
  if (price > cell.high) cell.high = price;
  if (price < cell.low) cell.low = price;
  cell.close = price;
  cell.volume += qty;
  cell.quote += quote;
  cell.trades++;
  cell.lastId = id;
  if (isBuyerMaker) return;
  cell.takerBase += qty;
  cell.takerQuote += quote;
}

/** Joins a later candle to an earlier one. */
export function joinCell(into: Cell, later: Cell): void {
  if (later.high > into.high) into.high = later.high;
  if (later.low < into.low) into.low = later.low;
  into.close = later.close;
  into.volume += later.volume;
  into.quote += later.quote;
  into.trades += later.trades;
  into.takerBase += later.takerBase;
  into.takerQuote += later.takerQuote;
  if (into.firstId < 0) into.firstId = later.firstId;
  if (later.lastId >= 0) into.lastId = later.lastId;
}

export const copyCell = (cell: Cell, openAt: number): Cell => ({ ...cell, openAt });
