import type { CandleTick, MarkTick, QuoteTick, TradeTick } from '../exchange.ts';

/*
 * Two connections overlap while one takes over, and frames may come twice or out of order. What is given on rises.
 */

const RESTARTED_MS = 1_000;
const REFUSED_MAX = 50;

/** Takes ids that rise. A venue that begins its ids anew is believed: by its clock, or because it goes on doing so. */
export interface Rising {
  takes(id: number, venueAt: number): boolean;
}

export function createRising(): Rising {
  let last = Number.NaN;
  let lastVenueAt = Number.NaN;
  let refused = 0;
  return {
    takes(id, venueAt) {
      if (id <= last && !(venueAt > lastVenueAt + RESTARTED_MS) && ++refused < REFUSED_MAX) return false;
      refused = 0;
      last = id;
      lastVenueAt = venueAt;
      return true;
    },
  };
}

/** Which quotes, candles and marks of one symbol go on. */
export interface Order {
  takesQuote(tick: QuoteTick): boolean;
  takesCandle(tick: CandleTick): boolean;
  takesMark(tick: MarkTick): boolean;
}

export function createOrder(): Order {
  const quotes = createRising();
  const marks = createRising();
  let closedAt = Number.NEGATIVE_INFINITY;
  let refused = 0;
  const last = { openAt: Number.NaN, venueAt: Number.NaN, volume: Number.NaN, close: Number.NaN };
  return {
    takesQuote: (tick) => quotes.takes(tick.updateId, tick.venueAt),
    takesMark: (tick) => marks.takes(tick.venueAt, Number.NaN),
    takesCandle(tick) {
      if (tick.openAt <= closedAt || (!tick.isClosed && isBehind(tick))) {
        if (++refused < REFUSED_MAX) return false;
        // It goes on doing so: what it is behind was of a time that never came.
        closedAt = Number.NEGATIVE_INFINITY;
        last.openAt = Number.NaN;
      }
      refused = 0;
      if (tick.isClosed) closedAt = tick.openAt;
      if (!(tick.openAt < last.openAt)) keep(tick);
      return true;
    },
  };

  function isBehind({ openAt, venueAt, volume, close }: CandleTick): boolean {
    if (openAt !== last.openAt) return openAt < last.openAt;
    return venueAt < last.venueAt || (venueAt === last.venueAt && volume === last.volume && close === last.close);
  }

  function keep({ openAt, venueAt, volume, close }: CandleTick): void {
    last.openAt = openAt;
    last.venueAt = venueAt;
    last.volume = volume;
    last.close = close;
  }
}

/** Trades of one symbol in the order of their ids, each once. */
export interface TradeOrder {
  /** It came before, as far as is known. */
  isBehind(tick: TradeTick): boolean;
  take(tick: TradeTick, now: number): void;
  /** Gives up waiting for trades that did not come. */
  sweep(now: number): void;
  /** The connection broke: the next trade is not waited for. */
  broke(): void;
  readonly isHolding: boolean;
}

const HELD_MAX = 1_000;
/** So many waits in vain mean that a venue does not number trades one by one; so many in a row mean that it does. */
const VAIN_MAX = 20;
const IN_A_ROW = 200;

export interface TradeOrderOptions {
  readonly holdMs: number;
  readonly give: (tick: TradeTick) => void;
  /** Hears of ids that never came. */
  readonly missed: (from: number, to: number) => void;
}

/** A trade whose id is not the next one waits for those before it: of two connections that overlap one may be ahead. */
export function createTradeOrder(options: TradeOrderOptions): TradeOrder {
  return new HeldTrades(options);
}

class HeldTrades implements TradeOrder {
  readonly #options: TradeOrderOptions;
  readonly #held: TradeTick[] = [];
  #heldAt = 0;
  #last = Number.NaN;
  #lastVenueAt = Number.NaN;
  #isBroken = false;
  #inVain = 0;
  #inARow = 0;

  constructor(options: TradeOrderOptions) {
    this.#options = options;
  }

  get isHolding(): boolean {
    return this.#held.length > 0;
  }

  isBehind({ id, venueAt }: TradeTick): boolean {
    return id <= this.#last && !(venueAt > this.#lastVenueAt + RESTARTED_MS);
  }

  take(tick: TradeTick, now: number): void {
    if (this.isBehind(tick)) return;
    if (tick.id > this.#last + 1 && this.#inVain < VAIN_MAX) this.#hold(tick, now);
    else {
      this.#pass(tick);
      if (this.isHolding) this.#drain();
    }
  }

  sweep(now: number): void {
    if (this.isHolding && now - this.#heldAt >= this.#options.holdMs) this.#flush();
  }

  broke(): void {
    this.#flush();
    this.#isBroken = true;
  }

  #pass(tick: TradeTick): void {
    this.#isBroken = false;
    this.#inARow = tick.id === this.#last + 1 ? this.#inARow + 1 : 0;
    if (this.#inARow >= IN_A_ROW) this.#inVain = 0;
    if (!Number.isNaN(tick.id)) this.#last = tick.id;
    this.#lastVenueAt = tick.venueAt;
    this.#options.give(tick);
  }

  #hold(tick: TradeTick, now: number): void {
    if (!this.isHolding) this.#heldAt = now;
    const place = this.#held.findLastIndex(({ id }) => id <= tick.id);
    if (this.#held[place]?.id === tick.id) return;
    this.#held.splice(place + 1, 0, { ...tick });
    if (this.#isBroken || this.#held.length >= HELD_MAX) this.#flush();
  }

  #drain(): void {
    for (let [first] = this.#held; first !== undefined && first.id <= this.#last + 1; [first] = this.#held) {
      this.#held.shift();
      this.#inVain = 0;
      if (first.id > this.#last) this.#pass(first);
    }
  }

  #flush(): void {
    for (const tick of this.#held.splice(0)) {
      if (tick.id > this.#last + 1) {
        if (!this.#isBroken) this.#inVain += 1;
        this.#options.missed(this.#last + 1, tick.id - 1);
      }
      this.#pass(tick);
    }
  }
}
