import type { Candles } from '../domain/candle.ts';
import type { FundingInput, MarkInput, QuoteInput } from '../domain/input.ts';
import type { QuoteSource } from '../domain/quote.ts';

/** What a feed knows beside its candles. */
export type Extra = FundingInput | MarkInput | QuoteInput;

/** Extras in the order of their instants, made when they are taken. */
export interface Extras {
  /** The instant of the next one, Infinity for none. */
  readonly nextAt: number;
  take(): Extra;
}

/**
 * The candles of one symbol as a feed gives them. `tradeFrom` is the index of the first candle that may be traded on;
 * those before it warm indicators up. Of one instant an extra comes before the candle's open.
 */
export interface Series {
  readonly symbol: string;
  readonly source: QuoteSource;
  readonly candles: Candles;
  readonly tradeFrom: number;
  readonly extras: Extras;
  /** The same candles and more after them, where the feed has more by now; undefined at its end. */
  more?(): Candles | undefined;
  /** The part that follows `candles` without a gap: a feed without an end keeps only the part at hand. */
  next?(): Candles | undefined;
}

/** What a tape says of a feed: enough to play the same again. */
export type FeedIdentity =
  | { readonly kind: 'replay'; readonly path: string; readonly sha256: string; readonly symbol: string }
  | { readonly kind: 'synthetic'; readonly seed: number; readonly symbol: string };

export const NO_EXTRAS: Extras = {
  nextAt: Number.POSITIVE_INFINITY,
  take: () => {
    throw new Error('Invariant: an extra is taken only where there is one');
  },
};

/** Extras that are known beforehand: settlements of a file. They rise in time. */
export function listExtras(list: readonly Extra[]): Extras {
  let index = 0;
  return {
    get nextAt() {
      return list[index]?.at ?? Number.POSITIVE_INFINITY;
    },
    take: () => list[index++] as Extra,
  };
}

/** Two sources as one; of one instant the first one's comes first. */
export function mergeExtras(first: Extras, second: Extras): Extras {
  return {
    get nextAt() {
      return Math.min(first.nextAt, second.nextAt);
    },
    take: () => (first.nextAt <= second.nextAt ? first : second).take(),
  };
}
