import { type Candles, openedBy } from '../../domain/candle.ts';
import type { CandleRow } from '../../domain/frame.ts';
import { DAY_MS } from '../../domain/time.ts';
import { NO_EXTRAS } from '../../market/feed.ts';
import type { MarketFacts, TimedFeed } from './feed.ts';

/** What a file of candles holds. */
export interface ReplayFile {
  readonly symbol: string;
  readonly candles: Candles;
  readonly priceDigits: number | undefined;
  readonly sha256: string;
}

/** A file of candles, played in its own time. Of the candle at hand only the open is known. */
export function createReplayFeed({ symbol, candles, priceDigits, sha256 }: ReplayFile): TimedFeed {
  const { openAt, timeframeMs, length } = candles;
  const firstAt = openAt[0] ?? 0;
  return {
    name: `replay ${sha256.slice(0, 16)}`,
    kind: 'replay',
    sha256,
    timeframeMs,
    beginsAt: firstAt,
    endsAt: (openAt[length - 1] ?? 0) + timeframeMs,
    oldestAt: firstAt,
    first: symbol,
    serves: (asked) => asked === symbol,
    priceDigits: () => priceDigits,
    series: () => ({ symbol, source: 'replay', candles, tradeFrom: 0, extras: NO_EXTRAS }),
    facts: (_symbol, at) => factsOf(candles, at),
    closedBy: (_symbol, at) => openedBy(candles, at - timeframeMs),
    row: (_symbol, index) => rowOf(candles, index),
  };
}

const rowOf = ({ openAt, open, high, low, close, volume }: Candles, i: number): CandleRow => [
  openAt[i] as number,
  open[i] as number,
  high[i] as number,
  low[i] as number,
  close[i] as number,
  volume[i] as number,
];

function factsOf(candles: Candles, at: number): MarketFacts {
  const { timeframeMs } = candles;
  const closed = openedBy(candles, at - timeframeMs);
  const isForming = openedBy(candles, at) > closed;
  const openPrice = isForming ? (candles.open[closed] as number) : null;
  const last = openPrice ?? (closed > 0 ? (candles.close[closed - 1] as number) : null);
  const dayAgo = openedBy(candles, at - DAY_MS - timeframeMs);
  const before = dayAgo > 0 ? (candles.close[dayAgo - 1] as number) : null;
  const openAt = candles.openAt[closed] as number;
  return {
    source: 'replay',
    isSimulated: false,
    bid: null,
    ask: null,
    bidQty: null,
    askQty: null,
    mid: last,
    last,
    // Within a candle the feed has nothing newer; in a gap, or after the end, the last close grows old.
    quoteAt: isForming ? at : closed > 0 ? (candles.openAt[closed - 1] as number) + timeframeMs : null,
    mark: null,
    markAt: null,
    fundingRate: null,
    nextFundingAt: null,
    change: last === null || before === null ? null : last / before - 1,
    depth: null,
    timeframeMs,
    forming: openPrice === null ? null : [openAt, openPrice, openPrice, openPrice, openPrice, 0],
  };
}
