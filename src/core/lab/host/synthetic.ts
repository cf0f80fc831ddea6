import { rate, toNumber } from '../../base/decimal.ts';
import type { Candles } from '../../domain/candle.ts';
import type { CandleRow, DepthRow } from '../../domain/frame.ts';
import { readSymbol } from '../../domain/instrument-table.ts';
import { DAY_MS, MINUTE_MS } from '../../domain/time.ts';
import { mergeExtras, type Series } from '../../market/feed.ts';
import { SYNTHETIC_EPOCH_AT, SyntheticMarket } from '../../market/synthetic.ts';
import { FUNDING_MS, paysFunding, quotesOf, settlementsOf } from '../../market/synthetic-extras.ts';
import type { Beginning, MarketFacts, TimedFeed } from './feed.ts';

const LEVELS = 10;
/** A new journal begins here, so that a day and a month of history lie before it. */
const BEGINS_AFTER_MS = 31 * DAY_MS;

/** The simulated market: any symbol, without an end. */
export function createSyntheticFeed(seed: number): TimedFeed {
  const markets = new Map<string, SyntheticMarket>();
  const marketOf = (symbol: string): SyntheticMarket => {
    const known = markets.get(symbol) ?? new SyntheticMarket(symbol, seed);
    markets.set(symbol, known);
    return known;
  };
  return {
    name: `synthetic ${seed}`,
    kind: 'synthetic',
    timeframeMs: MINUTE_MS,
    beginsAt: SYNTHETIC_EPOCH_AT + BEGINS_AFTER_MS,
    endsAt: Number.POSITIVE_INFINITY,
    oldestAt: SYNTHETIC_EPOCH_AT,
    first: 'BTC/USDT:USDT',
    serves: (symbol) => readSymbol(symbol) !== undefined,
    priceDigits: (symbol) => marketOf(symbol).priceDigits,
    series: (symbol, from) => seriesOf(marketOf(symbol), from),
    facts: (symbol, at) => factsOf(marketOf(symbol), at),
    closedBy: (_symbol, at) => Math.floor((at - SYNTHETIC_EPOCH_AT) / MINUTE_MS),
    row(symbol, index) {
      const { openAt, open, high, low, close, volume } = marketOf(symbol).candle(index);
      return [openAt, open, high, low, close, volume];
    },
  };
}

/** A day of candles at a time; quotes every 5 s, settlements every 8 h. */
function seriesOf(market: SyntheticMarket, { candlesAt, quotesAt }: Beginning): Series {
  let partAt = candlesAt;
  const part = (): Candles => {
    const from = partAt;
    partAt = (Math.floor(from / DAY_MS) + 1) * DAY_MS;
    return market.candles(from, partAt);
  };
  const { symbol } = market;
  return {
    symbol,
    source: 'synthetic',
    candles: part(),
    tradeFrom: 0,
    extras: mergeExtras(settlementsOf(market, quotesAt), quotesOf(market, quotesAt)),
    next: part,
  };
}

function factsOf(market: SyntheticMarket, at: number): MarketFacts {
  const { bid, ask, bidQty, askQty, mid } = market.quote(at);
  const dayAgo = market.quote(Math.max(SYNTHETIC_EPOCH_AT, at - DAY_MS)).mid;
  const forming = formingOf(market, at);
  return {
    source: 'synthetic',
    isSimulated: true,
    bid,
    ask,
    bidQty,
    askQty,
    mid,
    last: forming[4],
    quoteAt: at,
    ...derivativeOf(market, at),
    change: mid / dayAgo - 1,
    depth: depthOf(market, at),
    timeframeMs: MINUTE_MS,
    forming,
  };
}

/** The funding rate that is told is the one that was settled last: the next one is not known before its time. */
function derivativeOf(
  market: SyntheticMarket,
  at: number,
): Pick<MarketFacts, 'mark' | 'markAt' | 'fundingRate' | 'nextFundingAt'> {
  if (!paysFunding(market)) return { mark: null, markAt: null, fundingRate: null, nextFundingAt: null };
  const settledAt = Math.floor(at / FUNDING_MS) * FUNDING_MS;
  return {
    mark: market.mark(at),
    markAt: at,
    fundingRate: toNumber(rate(market.fundingRate(settledAt))),
    nextFundingAt: settledAt + FUNDING_MS,
  };
}

function depthOf(market: SyntheticMarket, at: number): MarketFacts['depth'] {
  const { bidPrice, bidQty, askPrice, askQty } = market.depth(at, LEVELS);
  const rows = (prices: Float64Array, sizes: Float64Array): DepthRow[] =>
    Array.from(prices, (price, level): DepthRow => [price, sizes[level] as number]);
  return { bids: rows(bidPrice, bidQty), asks: rows(askPrice, askQty) };
}

/** The candle at hand, of the trades that it has seen. */
function formingOf(market: SyntheticMarket, at: number): CandleRow {
  const openAt = Math.floor(at / MINUTE_MS) * MINUTE_MS;
  const { price, qty } = market.trades(openAt, Math.floor(at) + 1);
  const open = price[0] as number;
  let [high, low, volume] = [open, open, 0];
  for (let i = 0; i < price.length; i++) {
    high = Math.max(high, price[i] as number);
    low = Math.min(low, price[i] as number);
    volume += qty[i] as number;
  }
  return [openAt, open, high, low, price[price.length - 1] as number, volume];
}
