import type { Kline } from '../market.ts';
import { type Format, fixed } from './amount.ts';
import { addDeal, type Cell, cellOf, copyCell, type Deal, type History, joinCell } from './cell.ts';
import { nextOpenOf, openOf } from './interval.ts';
import { DAY_MS, MINUTE_MS, SECOND_MS } from './span.ts';

const SECONDS_KEPT = 7_200;
/** Five weeks: a market that is played fast would fill the memory. */
const MINUTES_KEPT = 50_400;

interface Part {
  readonly openAt: number;
  cell: Cell | undefined;
  /** Minutes that open before this are in it. */
  untilAt: number;
}

export interface KlineQuery {
  readonly startAt?: number;
  readonly endAt?: number;
  readonly limit: number;
}

/** The candles of one symbol: minutes that its trades make, history before them, every longer interval from both. */
export class Klines {
  readonly #history: History | undefined;
  readonly #format: Format;
  readonly #minutes: Cell[] = [];
  readonly #seconds: Cell[] = [];
  readonly #parts = new Map<number, Part>();

  constructor(format: Format, history: History | undefined) {
    this.#format = format;
    this.#history = history;
  }

  /** The open of the oldest candle; undefined where there is none. */
  get oldestAt(): number | undefined {
    return this.#history?.oldestAt ?? this.#minutes[0]?.openAt;
  }

  add(deal: Deal): void {
    addTo(this.#minutes, MINUTE_MS, deal);
    if (this.#minutes.length > 2 * MINUTES_KEPT) this.#minutes.splice(0, MINUTES_KEPT);
    addTo(this.#seconds, SECOND_MS, deal);
    if (this.#seconds.length > 2 * SECONDS_KEPT) this.#seconds.splice(0, SECONDS_KEPT);
  }

  /** A candle without trades. */
  still(cell: Cell): void {
    this.#minutes.push(cell);
  }

  /** The candle that opens at an instant, of what is known of it. */
  at(intervalMs: number, openAt: number): Cell | undefined {
    if (intervalMs === SECOND_MS) return this.#seconds.findLast((cell) => cell.openAt === openAt);
    const part = this.#partOf(intervalMs, openAt);
    const until = nextOpenOf(intervalMs, openAt);
    let whole = part.cell;
    for (let at = this.#firstMinute(part.untilAt); at < this.#minutes.length; at++) {
      const minute = this.#minutes[at] as Cell;
      if (minute.openAt >= until) break;
      if (whole === undefined) whole = copyCell(minute, openAt);
      else {
        if (whole === part.cell) whole = copyCell(whole, openAt);
        joinCell(whole, minute);
      }
    }
    return whole;
  }

  /** Candles that opened in `[startAt, endAt]` by `now`: the first ones where a start is given, else the last ones. */
  query(intervalMs: number, { startAt, endAt, limit }: KlineQuery, now: number): readonly Kline[] {
    const to = Math.min(endAt ?? now, now) + 1;
    const oldest = this.oldestAt;
    if (oldest === undefined || limit <= 0) return [];
    const cells =
      startAt === undefined
        ? this.#lastOnes(intervalMs, to, oldest, limit)
        : this.#between(intervalMs, Math.max(firstOpen(intervalMs, startAt), openOf(intervalMs, oldest)), to, limit);
    return cells.map((cell) => this.kline(intervalMs, cell));
  }

  kline(intervalMs: number, cell: Cell): Kline {
    const { price, qty, quote } = this.#format;
    return {
      openAt: cell.openAt,
      closeAt: nextOpenOf(intervalMs, cell.openAt) - 1,
      open: fixed(cell.open, price),
      high: fixed(cell.high, price),
      low: fixed(cell.low, price),
      close: fixed(cell.close, price),
      volume: fixed(cell.volume, qty),
      quoteVolume: fixed(cell.quote, quote),
      trades: cell.trades,
      takerBase: fixed(cell.takerBase, qty),
      takerQuote: fixed(cell.takerQuote, quote),
    };
  }

  /** The minutes of `[from, to)` as one candle; undefined where nothing was traded. */
  whole(from: number, to: number): Cell | undefined {
    let whole: Cell | undefined;
    for (const cell of this.#base(DAY_MS, from, to)) {
      if (whole === undefined) whole = copyCell(cell, from);
      else joinCell(whole, cell);
    }
    return whole;
  }

  /** Gaps may hide candles: the window grows until it holds enough, or all. */
  #lastOnes(intervalMs: number, to: number, oldest: number, limit: number): readonly Cell[] {
    for (let span = limit * intervalMs; ; span *= 4) {
      const from = openOf(intervalMs, Math.max(oldest, to - 1 - span));
      const cells = this.#between(intervalMs, from, to, Number.POSITIVE_INFINITY);
      if (cells.length >= limit || from <= openOf(intervalMs, oldest)) return cells.slice(-limit);
    }
  }

  #between(intervalMs: number, from: number, to: number, limit: number): Cell[] {
    const cells: Cell[] = [];
    const last = openOf(intervalMs, to - 1);
    for (const cell of this.#base(intervalMs, from, nextOpenOf(intervalMs, last))) {
      const openAt = openOf(intervalMs, cell.openAt);
      const before = cells.at(-1);
      if (before?.openAt === openAt) joinCell(before, cell);
      else if (cells.length >= limit || openAt >= to) break;
      else cells.push(copyCell(cell, openAt));
    }
    return cells;
  }

  /** The finest candles there are: of history where they fit into the interval, then minutes (or seconds) of trades. */
  *#base(intervalMs: number, from: number, to: number): Iterable<Cell> {
    const history = this.#history;
    if (intervalMs < MINUTE_MS) {
      for (const cell of this.#seconds) if (cell.openAt >= from && cell.openAt < to) yield cell;
      return;
    }
    const liveAt = this.#minutes[0]?.openAt ?? Number.POSITIVE_INFINITY;
    if (history !== undefined && intervalMs % history.timeframeMs === 0) {
      for (const cell of history.cells(from, Math.min(to, liveAt))) yield cell;
    }
    for (let at = this.#firstMinute(from); at < this.#minutes.length; at++) {
      const minute = this.#minutes[at] as Cell;
      if (minute.openAt >= to) return;
      yield minute;
    }
  }

  #partOf(intervalMs: number, openAt: number): Part {
    const known = this.#parts.get(intervalMs);
    const part = known?.openAt === openAt ? known : { openAt, cell: undefined, untilAt: openAt };
    this.#parts.set(intervalMs, part);
    const forming = this.#minutes.at(-1)?.openAt ?? openAt;
    const until = Math.min(forming, nextOpenOf(intervalMs, openAt));
    for (const cell of this.#base(intervalMs, part.untilAt, until)) {
      if (part.cell === undefined) part.cell = copyCell(cell, openAt);
      else joinCell(part.cell, cell);
    }
    part.untilAt = Math.max(part.untilAt, until);
    return part;
  }

  #firstMinute(from: number): number {
    let low = 0;
    let high = this.#minutes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#minutes[middle] as Cell).openAt < from) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function addTo(cells: Cell[], intervalMs: number, deal: Deal): void {
  const openAt = Math.floor(deal.at / intervalMs) * intervalMs;
  const last = cells.at(-1);
  if (last !== undefined && last.openAt >= openAt) addDeal(last, deal);
  else cells.push(cellOf(openAt, deal));
}

/** The open of the first candle that opens at an instant or after it. */
function firstOpen(intervalMs: number, at: number): number {
  const openAt = openOf(intervalMs, at);
  return openAt < at ? nextOpenOf(intervalMs, openAt) : openAt;
}
