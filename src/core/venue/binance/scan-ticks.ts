import type { CandleTick, MarkTick, QuoteTick, TradeTick } from '../exchange.ts';
import type { DiffTick, FrameSink } from './frames.ts';
import type { Fields } from './scan-fields.ts';
import { CANDLE, DIFF, type Kind, MARK, QUOTE, TRADE } from './scan-shape.ts';

// Born with NaN, so that each field is a double for good: a change then writes in place.
const NOT_YET = Number.NaN;

/** A lent diff; a frame with more rows than the columns hold brings its own columns. */
type OwnDiff = { -readonly [key in keyof DiffTick]: DiffTick[key] };

/** Checks what a frame says and hands it on as a lent tick. */
export class Ticks {
  readonly #sink: FrameSink;
  readonly #fields: Fields;
  readonly #quote: QuoteTick;
  readonly #trade: TradeTick;
  readonly #candle: CandleTick;
  readonly #mark: MarkTick;
  readonly #diff: OwnDiff;

  constructor(sink: FrameSink, fields: Fields) {
    this.#sink = sink;
    this.#fields = fields;
    const base = { symbol: '', venueAt: NOT_YET, at: NOT_YET };
    this.#quote = { ...base, bid: NOT_YET, bidQty: NOT_YET, ask: NOT_YET, askQty: NOT_YET, updateId: NOT_YET };
    this.#trade = { ...base, price: NOT_YET, qty: NOT_YET, sign: 1, id: NOT_YET };
    this.#mark = { ...base, price: NOT_YET, fundingRate: NOT_YET, nextFundingAt: NOT_YET };
    this.#candle = { ...base, ...EMPTY_CANDLE };
    this.#diff = { ...base, firstId: NOT_YET, lastId: NOT_YET, prevId: NOT_YET, ...columns(fields), bids: 0, asks: 0 };
  }

  /** False where the frame says what cannot be; nothing is handed on then. */
  emit(kind: Kind, at: number): boolean {
    switch (kind) {
      case 'quote':
        return this.#emitQuote(at);
      case 'trade':
        return this.#emitTrade(at);
      case 'diff':
        return this.#emitDiff(at);
      case 'candle':
        return this.#emitCandle(at);
      case 'mark':
        return this.#emitMark(at);
    }
  }

  #emitQuote(at: number): boolean {
    const { numbers } = this.#fields;
    const bid = numbers[QUOTE.bid] as number;
    const ask = numbers[QUOTE.ask] as number;
    const bidQty = numbers[QUOTE.bidQty] as number;
    const askQty = numbers[QUOTE.askQty] as number;
    if (!(bid > 0 && bid < ask && ask < Infinity && isSize(bidQty) && isSize(askQty))) return false;
    const tick = this.#quote;
    tick.symbol = this.#fields.symbol;
    tick.bid = bid;
    tick.bidQty = bidQty;
    tick.ask = ask;
    tick.askQty = askQty;
    tick.updateId = numbers[QUOTE.updateId] as number;
    tick.venueAt = numbers[QUOTE.at] as number;
    tick.at = at;
    this.#sink.quote(tick);
    return true;
  }

  #emitTrade(at: number): boolean {
    const { numbers } = this.#fields;
    const price = numbers[TRADE.price] as number;
    const qty = numbers[TRADE.qty] as number;
    if (!(price > 0 && price < Infinity && qty > 0 && qty < Infinity)) return false;
    const tick = this.#trade;
    tick.symbol = this.#fields.symbol;
    tick.price = price;
    tick.qty = qty;
    tick.sign = numbers[TRADE.isBuyerMaker] === 1 ? -1 : 1;
    tick.id = numbers[TRADE.id] as number;
    tick.venueAt = numbers[TRADE.at] as number;
    tick.at = at;
    this.#sink.trade(tick);
    return true;
  }

  #emitMark(at: number): boolean {
    const { numbers } = this.#fields;
    const price = numbers[MARK.price] as number;
    const rate = numbers[MARK.rate] as number;
    if (!(price > 0 && price < Infinity) || Math.abs(rate) === Infinity) return false;
    const fundingAt = numbers[MARK.fundingAt] as number;
    const tick = this.#mark;
    tick.symbol = this.#fields.symbol;
    tick.price = price;
    tick.fundingRate = rate;
    tick.nextFundingAt = fundingAt > 0 ? fundingAt : Number.NaN;
    tick.venueAt = numbers[MARK.at] as number;
    tick.at = at;
    this.#sink.mark(tick);
    return true;
  }

  #emitCandle(at: number): boolean {
    const { numbers, symbol } = this.#fields;
    if (!isCandle(numbers)) return false;
    const tick = this.#candle;
    const openAt = numbers[CANDLE.openAt] as number;
    tick.symbol = symbol;
    tick.openAt = openAt;
    tick.timeframeMs = (numbers[CANDLE.length] as number) || (numbers[CANDLE.closeAt] as number) + 1 - openAt;
    tick.open = numbers[CANDLE.open] as number;
    tick.high = numbers[CANDLE.high] as number;
    tick.low = numbers[CANDLE.low] as number;
    tick.close = numbers[CANDLE.close] as number;
    tick.volume = numbers[CANDLE.volume] as number;
    tick.isClosed = numbers[CANDLE.isClosed] === 1;
    tick.firstId = numbers[CANDLE.firstId] as number;
    tick.lastId = numbers[CANDLE.lastId] as number;
    tick.venueAt = numbers[CANDLE.at] as number;
    tick.at = at;
    this.#sink.candle(tick);
    return true;
  }

  #emitDiff(at: number): boolean {
    const { numbers, symbol, bids, asks } = this.#fields;
    const firstId = numbers[DIFF.firstId] as number;
    const lastId = numbers[DIFF.lastId] as number;
    if (firstId > lastId) return false;
    const tick = this.#diff;
    if (tick.bidPrice !== bids.price || tick.askPrice !== asks.price) Object.assign(tick, columns(this.#fields));
    tick.symbol = symbol;
    tick.firstId = firstId;
    tick.lastId = lastId;
    tick.prevId = numbers[DIFF.prevId] as number;
    tick.bids = bids.count;
    tick.asks = asks.count;
    tick.venueAt = numbers[DIFF.at] as number;
    tick.at = at;
    this.#sink.diff(tick);
    return true;
  }
}

const EMPTY_CANDLE = {
  timeframeMs: NOT_YET,
  openAt: NOT_YET,
  open: NOT_YET,
  high: NOT_YET,
  low: NOT_YET,
  close: NOT_YET,
  volume: NOT_YET,
  isClosed: false,
  firstId: NOT_YET,
  lastId: NOT_YET,
};

const columns = ({ bids, asks }: Fields) => ({
  bidPrice: bids.price,
  bidQty: bids.qty,
  askPrice: asks.price,
  askQty: asks.qty,
});

const isSize = (qty: number): boolean => qty >= 0 && qty < Infinity;

function isCandle(numbers: Float64Array): boolean {
  const open = numbers[CANDLE.open] as number;
  const high = numbers[CANDLE.high] as number;
  const low = numbers[CANDLE.low] as number;
  const close = numbers[CANDLE.close] as number;
  const isPossible = low > 0 && low <= open && low <= close && high >= open && high >= close && high < Infinity;
  const isTimed = (numbers[CANDLE.closeAt] as number) > (numbers[CANDLE.openAt] as number);
  return isPossible && isTimed && isSize(numbers[CANDLE.volume] as number);
}
