import type { Money, Qty, Rate } from '../base/decimal.ts';

/** How large an entry is. */
export type Sizing =
  | { readonly by: 'fraction'; readonly fraction: Rate }
  | { readonly by: 'risk'; readonly risk: Rate }
  | { readonly by: 'qty'; readonly qty: Qty };

/** Where the stop stands: a fixed distance, the strategy's own (clamped, else the fixed one), or nowhere (waived). */
export type StopRule =
  | { readonly by: 'fixed'; readonly distance: Rate }
  | { readonly by: 'strategy'; readonly distance: Rate; readonly distanceMin: Rate; readonly distanceMax: Rate }
  | { readonly by: 'none' };

export type TargetRule =
  | { readonly by: 'fixed'; readonly distance: Rate }
  | { readonly by: 'multiple'; readonly multiple: Rate }
  | { readonly by: 'none' };

/** A loss in currency that forces a close: an amount, or a share of equity at the entry. */
export type LossRule =
  | { readonly by: 'amount'; readonly amount: Money }
  | { readonly by: 'equity'; readonly fraction: Rate }
  | { readonly by: 'none' };

/** Every limit is off where it is undefined. Shares are of equity. */
export interface Limits {
  readonly leverageMax?: Rate | undefined;
  readonly riskMax?: Rate | undefined;
  readonly reservedAccount?: Rate | undefined;
  readonly reservedRun?: Rate | undefined;
  readonly heat?: Rate | undefined;
  readonly positionsMax?: number | undefined;
  /** Day loss incl. open profit and loss: entries off until the next UTC day. */
  readonly dayBlock?: Rate | undefined;
  /** Day loss: every position flattened and the account halted, until a human resumes. */
  readonly dayFlatten?: Rate | undefined;
  readonly weekHalt?: Rate | undefined;
  readonly stopCooldownMs?: number | undefined;
  readonly stopsInRowMax?: number | undefined;
  readonly stopsInRowCooldownMs?: number | undefined;
  readonly stopsDayMax?: number | undefined;
  readonly entriesDayMax?: number | undefined;
  readonly ordersMinuteMax?: number | undefined;
  readonly flipsDayMax?: number | undefined;
  readonly quoteAgeMsMax?: number | undefined;
  readonly spreadBpsMax?: number | undefined;
  /** Costs of the round trip as a share of the stop distance. */
  readonly costsOfStopMax?: number | undefined;
  /** Reward to risk after costs. */
  readonly rewardMin?: number | undefined;
  /** Share of the way from entry to liquidation that must lie beyond the stop. */
  readonly liquidationBuffer?: number | undefined;
  /** A gap in the candles blocks entries until the warm-up is whole again. */
  readonly gapBlock?: boolean | undefined;
}

/** What a run is told at its start and keeps in the journal. */
export interface RiskSettings {
  readonly sizing: Sizing;
  readonly leverage: Rate;
  readonly stop: StopRule;
  readonly target: TargetRule;
  readonly loss: LossRule;
  /** The most that a market entry may pay beyond the touch, as a share of price; undefined: no cap. */
  readonly slippageCap?: Rate | undefined;
  readonly limits: Limits;
}

/** The named cost models of the simulated venue. */
export interface Costs {
  readonly makerRate: Rate;
  readonly takerRate: Rate;
  /** Whole modelled spread on candles, as a share of price. */
  readonly spread: Rate;
  /** Slippage beyond the touch of market and triggered fills, as a share of price. */
  readonly slippage: Rate;
  readonly latencyMs: number;
}
