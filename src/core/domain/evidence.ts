import type { Money, Price, Rate } from '../base/decimal.ts';

/** A vote as it was cast: -1, 0, +1. */
export interface Vote {
  readonly name: string;
  readonly vote: number;
  readonly weight: number;
}

/** The quote that decided: every number that was known, with its age. */
export interface QuoteEvidence {
  readonly bid: number;
  readonly ask: number;
  readonly mid: number;
  readonly mark: number;
  readonly source: string;
  readonly ageMs: number;
  readonly spreadBps: number;
}

/** Every term of a size. `perUnit` is what one unit loses from entry to stop, costs included. */
export interface SizeEvidence {
  readonly by: string;
  readonly equity: Money;
  readonly wanted: Money;
  readonly entry: Price;
  readonly stopPrice?: Price | undefined;
  readonly targetPrice?: Price | undefined;
  readonly perUnit?: Money | undefined;
  readonly notional: Money;
  readonly margin: Money;
  readonly risk: Money;
  readonly liquidation?: Price | undefined;
  readonly lossMax?: Money | undefined;
  /** What clipped the size, where something did. */
  readonly clippedBy?: string | undefined;
  /** The order's own leverage, where it rests or was asked for: the run's setting may change before it fills. */
  readonly leverage?: Rate | undefined;
}
