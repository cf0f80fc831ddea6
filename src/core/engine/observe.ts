import type { Bar } from '../domain/candle.ts';
import type { CloseInput, HistoryInput, Input, OpenInput, QuoteInput } from '../domain/input.ts';
import { CLOCK_OFFSET_MS_MAX } from '../risk/gates.ts';
import { judge } from '../strategy/signal.ts';
import {
  type ClockKnown,
  forgetPrices,
  type Market,
  type Mids,
  type RunMarket,
  type SymbolMarket,
  symbolMarket,
} from './market.ts';

/** Updates what can be rebuilt: quotes, candles, indicators. It knows nothing of what survives. */
export function observe(market: Market, input: Input): void {
  switch (input.kind) {
    case 'open':
      observeOpen(symbolMarket(market, input.symbol), input);
      return;
    case 'close':
      observeClose(symbolMarket(market, input.symbol), input);
      return;
    case 'quote':
      observeQuote(symbolMarket(market, input.symbol), input);
      return;
    case 'mark': {
      const { quote } = symbolMarket(market, input.symbol);
      quote.mark = input.price;
      quote.markAt = input.at;
      return;
    }
    case 'history':
      observeHistory(symbolMarket(market, input.symbol), input);
      return;
    case 'left':
      forgetPrices(symbolMarket(market, input.symbol));
      return;
    case 'clock':
      observeClock(market.clock, input.offsetMs);
      return;
    case 'gap':
      observeGap(symbolMarket(market, input.symbol));
      return;
    default:
  }
}

function observeClock(clock: ClockKnown, offsetMs: number | null): void {
  const isOff = offsetMs === null || Math.abs(offsetMs) > CLOCK_OFFSET_MS_MAX;
  clock.offsetMs = offsetMs;
  clock.isTurned = isOff !== clock.isOff;
  clock.isOff = isOff;
}

function observeGap(symbol: SymbolMarket): void {
  symbol.barsSinceGap = 0;
  if (symbol.midLine !== undefined) symbol.mids.isSeen = false;
}

/** Closed candles of the past, as if each had closed at its time. */
function observeHistory(symbol: SymbolMarket, { rows, timeframeMs, price }: HistoryInput): void {
  if (price === 'mid') symbol.midLine ??= { closeAt: Number.NEGATIVE_INFINITY, sinceGap: Number.POSITIVE_INFINITY };
  // Mids that were seen meanwhile are of more than the one minute that closes next.
  else if (symbol.midLine !== undefined) symbol.mids.isSeen = false;
  for (const [openAt, open, high, low, close, volume] of rows) {
    const closeAt = openAt + timeframeMs;
    const bar = { openAt, closeAt, open, high, low, close, volume };
    if (price === 'mid') observeMidBar(symbol, bar);
    else observeClose(symbol, { kind: 'close', symbol: symbol.symbol, at: closeAt, bar });
  }
}

function observeOpen(symbol: SymbolMarket, input: OpenInput): void {
  if (!symbol.streamed) quoteCandle(symbol, input.price, input.at);
}

/** With candles alone mid is the last price, bid and ask lie half the modelled spread from it. */
function quoteCandle(symbol: SymbolMarket, price: number, at: number): void {
  const { quote } = symbol;
  quote.mid = price;
  quote.bid = price - price * symbol.halfSpread;
  quote.ask = price + price * symbol.halfSpread;
  quote.at = at;
}

function observeQuote(symbol: SymbolMarket, input: QuoteInput): void {
  symbol.streamed = true;
  const { quote } = symbol;
  quote.bid = input.bid;
  quote.ask = input.ask;
  quote.mid = (input.bid + input.ask) / 2;
  quote.bidQty = input.bidQty;
  quote.askQty = input.askQty;
  quote.source = input.source;
  quote.lagMs = input.lagMs ?? 0;
  quote.at = input.at;
  observeMid(symbol.mids, quote.mid);
  for (let i = 0; i < symbol.runs.length; i++) reach(symbol.runs[i] as RunMarket, input.at, quote.mid, quote.mid);
}

/** The mids of the candle that is forming. */
export function observeMid(mids: Mids, mid: number): void {
  if (!mids.isSeen) {
    mids.open = mid;
    mids.high = mid;
    mids.low = mid;
  }
  mids.high = Math.max(mids.high, mid);
  mids.low = Math.min(mids.low, mid);
  mids.close = mid;
  mids.isSeen = true;
}

/** The candle as a run analyses it: of trades, or of mids where it asks for them and they were seen. */
export function analysed(held: RunMarket, symbol: Pick<SymbolMarket, 'mids'>, bar: Bar): Bar {
  return (held.usesMid ? midBar(symbol, bar) : undefined) ?? bar;
}

/** The mids since the last close as a candle, with the volume of the trades; undefined where none were seen. */
export function midBar({ mids }: Pick<SymbolMarket, 'mids'>, bar: Bar): Bar | undefined {
  if (!mids.isSeen) return undefined;
  const { open, high, low, close } = mids;
  return { ...bar, open, high, low, close };
}

/** A closed candle: the price, the reach while held, and the opinion of each run on the symbol. */
export function observeClose(symbol: SymbolMarket, input: CloseInput): void {
  const { bar } = input;
  observeCloses(symbol, bar, 1);
  const { runs, midLine } = symbol;
  for (let i = 0; i < runs.length; i++) {
    const held = runs[i] as RunMarket;
    if (midLine === undefined || !held.usesMid) observeBar(held, analysed(held, symbol, bar));
    else observeReach(held, bar);
  }
  if (midLine !== undefined) observeMidBar(symbol, midBar(symbol, bar));
  symbol.mids.isSeen = false;
}

/** A closed candle of mids, or none of a minute: the opinion of each run that analyses those. */
function observeMidBar({ runs, midLine }: SymbolMarket, bar: Bar | undefined): void {
  if (bar !== undefined && midLine !== undefined) {
    if (bar.openAt > midLine.closeAt && midLine.closeAt > 0) midLine.sinceGap = 0;
    midLine.sinceGap++;
    midLine.closeAt = bar.closeAt;
  }
  for (let i = 0; i < runs.length; i++) {
    const held = runs[i] as RunMarket;
    if (!held.usesMid) continue;
    if (bar === undefined) held.closed = undefined;
    else observeBar(held, bar);
  }
}

/** What the symbol keeps of so many closed candles in a row, of which this is the last. */
export function observeCloses(symbol: SymbolMarket, bar: Bar, count: number): void {
  if (!symbol.streamed) quoteCandle(symbol, bar.close, bar.closeAt);
  symbol.barsSinceGap += count;
  symbol.lastCloseAt = bar.closeAt;
}

/** What a run keeps of a closed candle: the reach while held, and its opinion. */
export function observeBar(held: RunMarket, bar: Bar): void {
  observeReach(held, bar);
  if (held.own === undefined && held.higher === undefined) thinkOwn(held, bar);
  else think(held, bar);
}

function observeReach(held: RunMarket, bar: Bar): void {
  if (bar.closeAt > held.excursionFrom || bar.closeAt > held.markFrom) reach(held, bar.closeAt, bar.high, bar.low);
}

/** Widens the reach of price since the position was opened and since equity was marked. */
export function reach(held: RunMarket, at: number, high: number, low: number): void {
  if (at > held.excursionFrom) {
    if (!(high <= held.high)) held.high = high;
    if (!(low >= held.low)) held.low = low;
  }
  if (at > held.markFrom) {
    if (!(high <= held.markHigh)) held.markHigh = high;
    if (!(low >= held.markLow)) held.markLow = low;
  }
}

function think(held: RunMarket, bar: Bar): void {
  held.closed = undefined;
  if (held.higher !== undefined) {
    thinkHigher(held, held.higher.flush(bar.openAt));
    thinkHigher(held, held.higher.push(bar));
  }
  if (held.own === undefined) thinkOwn(held, bar);
  else {
    // A bucket that lost its last candle closes with the next one that comes.
    thinkOwn(held, held.own.flush(bar.openAt));
    thinkOwn(held, held.own.push(bar));
  }
}

function thinkHigher(held: RunMarket, higher: Bar | undefined): void {
  if (higher === undefined) return;
  held.higherBars++;
  held.strategy.closeHigher?.(higher);
}

function thinkOwn(held: RunMarket, own: Bar | undefined): void {
  if (own === undefined) return;
  held.strategy.close(own, held.opinion);
  observeTurn(held, own, 1, hasTurned(held.opinion.votes, held.judged, held.specs.length));
}

/** What a run keeps of so many own candles in a row, of which the last one may have turned its votes. */
export function observeTurn(held: RunMarket, own: Bar, count: number, isTurned: boolean): void {
  held.bars += count;
  held.streak += count;
  held.closed = own;
  held.isTurned = isTurned;
  if (!isTurned) return;
  const { verdict } = held;
  const { side } = verdict;
  judge(held.opinion.votes, held.weights, verdict, held.votesMin);
  if (verdict.side === side && held.bars > 1) return;
  held.streak = 1;
  held.streakAt = own.closeAt;
}

/** Are these `count` votes others than those before? They are kept for the next time. */
export function hasTurned(votes: Float64Array, before: Float64Array, count: number): boolean {
  let turned = false;
  for (let i = 0; i < count; i++) {
    const vote = votes[i] as number;
    const last = before[i] as number;
    if (vote === last || (vote !== vote && last !== last)) continue;
    before[i] = vote;
    turned = true;
  }
  return turned;
}
