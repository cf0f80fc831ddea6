import { rate } from '../base/decimal.ts';
import { readSymbol } from '../domain/instrument-table.ts';
import { HOUR_MS } from '../domain/time.ts';
import { type Extras, NO_EXTRAS } from './feed.ts';
import { SYNTHETIC_STEP_MS, type SyntheticMarket } from './synthetic.ts';

/** From one settlement to the next. */
export const FUNDING_MS: number = 8 * HOUR_MS;

export const paysFunding = ({ symbol }: SyntheticMarket): boolean => readSymbol(symbol)?.kind === 'perpetual';

const nextOf = (at: number, everyMs: number): number => Math.ceil(at / everyMs) * everyMs;

/** Best bid and ask every 5 s from an instant on: orders meet the quote of their own instant (T1). */
export function quotesOf(market: SyntheticMarket, from: number): Extras {
  const { symbol } = market;
  let nextAt = nextOf(from, SYNTHETIC_STEP_MS);
  return {
    get nextAt() {
      return nextAt;
    },
    take() {
      const at = nextAt;
      nextAt += SYNTHETIC_STEP_MS;
      const { bid, ask, bidQty, askQty } = market.quote(at);
      return { kind: 'quote', symbol, at, bid, ask, bidQty, askQty, source: 'synthetic' };
    },
  };
}

/** Settlements at 00:00, 08:00 and 16:00 UTC from an instant on; none on spot. */
export function settlementsOf(market: SyntheticMarket, from: number): Extras {
  if (!paysFunding(market)) return NO_EXTRAS;
  const { symbol } = market;
  let nextAt = nextOf(from, FUNDING_MS);
  return {
    get nextAt() {
      return nextAt;
    },
    take() {
      const at = nextAt;
      nextAt += FUNDING_MS;
      return { kind: 'funding', symbol, at, rate: rate(market.fundingRate(at)) };
    },
  };
}
