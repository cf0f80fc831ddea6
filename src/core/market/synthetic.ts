import { assert } from '../base/assert.ts';
import type { Bar, Candles } from '../domain/candle.ts';
import { createRows, emptyBar } from './build-rows.ts';
import { hash, seedOf, share } from './synthetic-noise.ts';
import {
  digitsFor,
  powerOfTen,
  SYNTHETIC_EPOCH_AT,
  SYNTHETIC_STEP_MS,
  SyntheticPrice,
  stepAt,
} from './synthetic-price.ts';
import type { Regime } from './synthetic-regime.ts';

export { SYNTHETIC_EPOCH_AT, SYNTHETIC_STEP_MS } from './synthetic-price.ts';

const MINUTE_MS = 60_000;
const STEPS_A_MINUTE = MINUTE_MS / SYNTHETIC_STEP_MS;
const FUNDING_MS = 28_800_000;
/** The second of the two trades of a step comes 1 ms before its end. */
const LAST_MS = SYNTHETIC_STEP_MS - 1;

/** Best prices at an instant; `mid` is half-way and on the tick. Sizes are in the base asset. */
export interface SyntheticQuote {
  readonly bid: number;
  readonly ask: number;
  readonly mid: number;
  readonly bidQty: number;
  readonly askQty: number;
}

/** Resting sizes by price, best first. */
export interface SyntheticDepth {
  readonly bidPrice: Float64Array;
  readonly bidQty: Float64Array;
  readonly askPrice: Float64Array;
  readonly askQty: Float64Array;
}

/** Trades as columns, in order of time. `buildCandles` makes of them the very candles that the market gives. */
export interface SyntheticTrades {
  readonly length: number;
  readonly at: Float64Array;
  readonly price: Float64Array;
  readonly qty: Float64Array;
  readonly qtyDigits: number;
  readonly buyerIsMaker: Uint8Array;
}

const CHANNEL = { bidQty: 21, askQty: 22, spread: 23, trade: 24, side: 26 } as const;
/** The usual value in the quote asset of a trade, and of what rests at a price; the largest value of a lot. */
const TRADE_VALUE = 120_000;
const LEVEL_VALUE = 150_000;
const LOT_VALUE = 100;

/**
 * A market for one symbol that needs no network. Price, volume and book are pure functions of symbol, seed and market
 * time, so any history is there at once, in any order, with the same bits on every machine. Instants are ms UTC from
 * `SYNTHETIC_EPOCH_AT` on; prices are multiples of the tick, sizes of the lot. Every mid of a minute lies within that
 * minute's candle.
 */
export class SyntheticMarket {
  readonly symbol: string;
  readonly priceDigits: number;
  readonly qtyDigits: number;
  readonly tick: number;
  readonly lot: number;
  readonly #seed: number;
  readonly #price: SyntheticPrice;
  readonly #lotsAUnit: number;
  readonly #lotsATrade: number;
  readonly #lotsALevel: number;

  constructor(symbol: string, seed: number) {
    this.symbol = symbol;
    this.#seed = seedOf(symbol, seed);
    this.#price = new SyntheticPrice(symbol, this.#seed);
    this.priceDigits = this.#price.digits;
    this.qtyDigits = digitsFor(LOT_VALUE / this.#price.base, 1);
    this.#lotsAUnit = powerOfTen(this.qtyDigits);
    this.tick = 1 / this.#price.ticksAUnit;
    this.lot = 1 / this.#lotsAUnit;
    this.#lotsATrade = (TRADE_VALUE / this.#price.base) * this.#lotsAUnit;
    this.#lotsALevel = (LEVEL_VALUE / this.#price.base) * this.#lotsAUnit;
  }

  quote(at: number): SyntheticQuote {
    const step = stepAt(at);
    const mid = this.#price.ticksAt(at);
    const half = this.#halfSpread(step);
    return {
      bid: this.#priceOf(mid - half),
      ask: this.#priceOf(mid + half),
      mid: this.#priceOf(mid),
      bidQty: this.#levelQty(CHANNEL.bidQty, step, 0),
      askQty: this.#levelQty(CHANNEL.askQty, step, 0),
    };
  }

  /** @param levels how many prices on each side */
  depth(at: number, levels: number): SyntheticDepth {
    const step = stepAt(at);
    const mid = this.#price.ticksAt(at);
    const half = this.#halfSpread(step);
    const column = (value: (level: number) => number): Float64Array =>
      Float64Array.from({ length: levels }, (_, level) => value(level));
    return {
      bidPrice: column((level) => this.#priceOf(mid - half - level)),
      bidQty: column((level) => this.#levelQty(CHANNEL.bidQty, step, level)),
      askPrice: column((level) => this.#priceOf(mid + half + level)),
      askQty: column((level) => this.#levelQty(CHANNEL.askQty, step, level)),
    };
  }

  /** The mean of the mids now, 30 s and 60 s ago, rounded to the tick. */
  mark(at: number): number {
    const ticksAgo = (ms: number): number => this.#price.ticksAt(Math.max(at - ms, SYNTHETIC_EPOCH_AT));
    return this.#priceOf(Math.round((ticksAgo(60_000) + ticksAgo(30_000) + ticksAgo(0)) / 3));
  }

  regime(at: number): Regime {
    return this.#price.regimeAt(at);
  }

  /** The 1m candle number `index` (0 opens at the beginning of the market), written into `into`. */
  candle(index: number, into: Bar = emptyBar()): Bar {
    const first = index * STEPS_A_MINUTE;
    const open = this.#price.ticksIn(first, 0);
    let high = open;
    let low = open;
    let last = open;
    let lots = 0;
    for (let step = first; step < first + STEPS_A_MINUTE; step++) {
      const start = this.#price.ticksIn(step, 0);
      last = this.#price.ticksIn(step, LAST_MS);
      high = Math.max(high, start, last);
      low = Math.min(low, start, last);
      lots += this.#tradeLots(step, 0) + this.#tradeLots(step, 1);
    }
    into.openAt = SYNTHETIC_EPOCH_AT + index * MINUTE_MS;
    into.closeAt = into.openAt + MINUTE_MS;
    into.open = this.#priceOf(open);
    into.high = this.#priceOf(high);
    into.low = this.#priceOf(low);
    into.close = this.#priceOf(last);
    into.volume = lots / this.#lotsAUnit;
    return into;
  }

  /** The 1m candles that open in `[from, to)`. */
  candles(from: number, to: number): Candles {
    const first = Math.ceil((from - SYNTHETIC_EPOCH_AT) / MINUTE_MS);
    const end = Math.ceil((to - SYNTHETIC_EPOCH_AT) / MINUTE_MS);
    assert(first >= 0, 'Invariant: the synthetic market is asked from its beginning on');
    const rows = createRows(end - first);
    const bar = emptyBar();
    for (let index = first; index < end; index++) rows.add(this.candle(index, bar));
    return rows.candles(MINUTE_MS);
  }

  /** The trades in `[from, to)`: two in each 5 s, at its beginning and 1 ms before its end. */
  trades(from: number, to: number): SyntheticTrades {
    const times: number[] = [];
    for (let step = stepAt(from); SYNTHETIC_EPOCH_AT + step * SYNTHETIC_STEP_MS < to; step++) {
      const startAt = SYNTHETIC_EPOCH_AT + step * SYNTHETIC_STEP_MS;
      for (const at of [startAt, startAt + LAST_MS]) if (at >= from && at < to) times.push(at);
    }
    const at = Float64Array.from(times);
    const orderOf = (time: number): number => ((time - SYNTHETIC_EPOCH_AT) % SYNTHETIC_STEP_MS === 0 ? 0 : 1);
    return {
      length: at.length,
      at,
      price: at.map((time) => this.#priceOf(this.#price.ticksAt(time))),
      qty: at.map((time) => this.#tradeLots(stepAt(time), orderOf(time)) / this.#lotsAUnit),
      qtyDigits: this.qtyDigits,
      buyerIsMaker: Uint8Array.from(
        times,
        (time) => hash(this.#seed, CHANNEL.side, stepAt(time) * 2 + orderOf(time)) & 1,
      ),
    };
  }

  /**
   * The rate paid at an 8 h instant (00:00, 08:00, 16:00 UTC) as exact decimal text, positive where longs pay: 0.01 %
   * and 2 % of what the price gained in the eight hours before, within +/- 0.075 %.
   */
  fundingRate(at: number): string {
    assert(at % FUNDING_MS === 0, 'Invariant: synthetic funding is asked for at 00:00, 08:00 or 16:00 UTC');
    const before = this.#price.ticksAt(Math.max(at - FUNDING_MS, SYNTHETIC_EPOCH_AT));
    const gained = this.#price.ticksAt(at) / before - 1;
    return hundredMillionths(Math.max(-75_000, Math.min(75_000, Math.round(10_000 + gained * 2_000_000))));
  }

  #priceOf(ticks: number): number {
    return ticks / this.#price.ticksAUnit;
  }

  #halfSpread(step: number): number {
    const chance = share(this.#seed, CHANNEL.spread, step);
    return 1 + Math.floor(chance * chance * chance * 3 * this.#price.heatIn(step));
  }

  #levelQty(channel: number, step: number, level: number): number {
    const part = share(this.#seed, channel, step * 64 + level);
    return Math.ceil(this.#lotsALevel * (0.2 + 1.6 * part) * (1 + level / 8)) / this.#lotsAUnit;
  }

  /** More is traded the faster the price goes. */
  #tradeLots(step: number, order: number): number {
    const chance = share(this.#seed, CHANNEL.trade, step * 2 + order);
    return 1 + Math.floor(this.#lotsATrade * chance * chance * 3 * (0.5 + 0.5 * this.#price.paceIn(step)));
  }
}

/** `12345` -> `0.00012345`. */
function hundredMillionths(units: number): string {
  const digits = String(Math.abs(units)).padStart(9, '0');
  const text = `${digits.slice(0, -8)}.${digits.slice(-8)}`.replace(/\.?0+$/, '');
  return units < 0 ? `-${text}` : text;
}
