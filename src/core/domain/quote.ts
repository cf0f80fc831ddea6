/** Where a price came from. */
export type QuoteSource = 'stream' | 'rest' | 'replay' | 'synthetic' | 'script';

/** The latest known prices of a symbol. `NaN` is unknown; sizes are in the base asset, `Infinity` where not told. */
export interface Quote {
  bid: number;
  ask: number;
  mid: number;
  mark: number;
  bidQty: number;
  askQty: number;
  source: QuoteSource;
  /** The instant of the bid and ask, in ms UTC; -Infinity before the first. */
  at: number;
  markAt: number;
  /** How old the bid and ask were when they came, by the venue's clock; 0 where that is not known. */
  lagMs: number;
}

/** The distance between ask and bid in basis points of the mid. */
export const spreadBps = (quote: Quote): number => ((quote.ask - quote.bid) / quote.mid) * 10_000;
