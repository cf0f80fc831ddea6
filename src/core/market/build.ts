import type { Bar, Candles } from '../domain/candle.ts';
import { createRows, emptyBar } from './build-rows.ts';

/** Trades as far as candles need them: times in ms UTC that do not fall, quantities of at most `qtyDigits` digits. */
export interface TradeColumns {
  readonly length: number;
  readonly at: Float64Array;
  readonly price: Float64Array;
  readonly qty: Float64Array;
  readonly qtyDigits: number;
}

/**
 * Makes candles from trades, one trade at a time, by the exchange's time of the trade. A candle without a trade does not
 * exist (a gap), and the candle that is still open is never given out. `push` and `flush` return one reused object.
 */
export interface CandleBuilder {
  /**
   * Takes a trade. Returns the candle that closed before it, if this trade is the first after it.
   * @param at never before the trade that came last
   */
  push(at: number, price: number, qty: number): Bar | undefined;
  /** Closes the open candle if it ended at or before `at`: for timers, where no next trade tells. */
  flush(at: number): Bar | undefined;
  /** False where the candle that `push` or `flush` returned last began before the trades did, so part of it is unseen. */
  readonly isWhole: boolean;
  /** The candle that is still open (the same object at each call), or undefined. */
  open(): Bar | undefined;
}

export interface CandleBuilderOptions {
  readonly timeframeMs: number;
  /** Digits after the point of the venue's lot: volumes are summed as integers of it, exact below 2^53 of them. */
  readonly qtyDigits: number;
  /** The instant from which on every trade is known; the first trade's if absent. */
  readonly since?: number;
}

/** Ten to the power of `digits`: the number of lots in one unit. */
function lotsPerUnit(digits: number): number {
  let lots = 1;
  for (let digit = 0; digit < digits; digit++) lots *= 10;
  return lots;
}

export function createCandleBuilder(options: CandleBuilderOptions): CandleBuilder {
  const { timeframeMs } = options;
  const perUnit = lotsPerUnit(options.qtyDigits);
  let current = emptyBar();
  let closed = emptyBar();
  let isOpen = false;
  let lots = 0;
  let since = options.since ?? Number.POSITIVE_INFINITY;
  let isWhole = true;

  const close = (): Bar => {
    [closed, current] = [current, closed];
    isOpen = false;
    isWhole = closed.openAt >= since;
    return closed;
  };

  const begin = (at: number, price: number): void => {
    isOpen = true;
    lots = 0;
    current.openAt = Math.floor(at / timeframeMs) * timeframeMs;
    current.closeAt = current.openAt + timeframeMs;
    current.open = current.high = current.low = price;
  };

  const flush = (at: number): Bar | undefined => (isOpen && at >= current.closeAt ? close() : undefined);

  return {
    push(at, price, qty) {
      if (since === Number.POSITIVE_INFINITY) since = at;
      const done = flush(at);
      if (!isOpen) begin(at, price);
      if (price > current.high) current.high = price;
      if (price < current.low) current.low = price;
      current.close = price;
      lots += Math.round(qty * perUnit);
      current.volume = lots / perUnit;
      return done;
    },
    flush,
    open: () => (isOpen ? current : undefined),
    get isWhole() {
      return isWhole;
    },
  };
}

export interface BuiltCandles {
  readonly candles: Candles;
  /** True where the first candle began before the first trade, so that part of it may be unseen. */
  readonly isFirstPartial: boolean;
}

const CHUNK = 4_096;

/**
 * Candles of recorded trades. The last one is left out unless it ended by `until` (ms UTC, the instant up to which every
 * trade is known; the last trade's if absent).
 */
export function buildCandles(trades: TradeColumns, timeframeMs: number, until?: number): BuiltCandles {
  const builder = createCandleBuilder({ timeframeMs, qtyDigits: trades.qtyDigits });
  const rows = createRows(64);
  let isFirstPartial = false;
  const take = (bar: Bar | undefined): void => {
    if (bar === undefined) return;
    if (rows.length === 0) isFirstPartial = !builder.isWhole;
    rows.add(bar);
  };
  for (let from = 0; from < trades.length; from += CHUNK) {
    pushTrades(builder, trades, from, Math.min(from + CHUNK, trades.length), take);
  }
  take(builder.flush(until ?? (trades.at[trades.length - 1] as number)));
  return { candles: rows.candles(timeframeMs), isFirstPartial };
}

function pushTrades(
  builder: CandleBuilder,
  trades: TradeColumns,
  from: number,
  to: number,
  take: (bar: Bar) => void,
): void {
  const { at, price, qty } = trades;
  for (let row = from; row < to; row++) {
    const done = builder.push(at[row] as number, price[row] as number, qty[row] as number);
    if (done !== undefined) take(done);
  }
}
