import { absolute, digitsOf, type Money, type Price, type Qty, type Rate } from '../base/decimal.ts';

/** A step of the maintenance margin table; `floor` is the notional from which it holds. */
export interface LeverageTier {
  readonly floor: Money;
  readonly maintenanceRate: Rate;
  readonly leverageMax: Rate;
  /** `cum_n = floor_n x (MMR_n - MMR_n-1) + cum_n-1`: maintenance margin = notional x MMR - cum. */
  readonly cum: Money;
}

/** What a venue says of a symbol. Linear contracts and spot; sizes are in the base asset x `contractSize`. */
export interface Instrument {
  readonly symbol: string;
  readonly kind: 'perpetual' | 'spot';
  readonly base: string;
  readonly quote: string;
  readonly tick: Price;
  readonly step: Qty;
  readonly qtyMin: Qty;
  readonly qtyMax: Qty;
  readonly notionalMin: Money;
  readonly contractSize: Qty;
  readonly makerRate: Rate;
  readonly takerRate: Rate;
  /** Smallest unit of the settle asset: fees and funding are rounded to it, against us. */
  readonly assetStep: Money;
  readonly tiers: readonly LeverageTier[];
}

/** Why an instrument cannot be traded exactly, or undefined where it can. */
export function instrumentProblem(instrument: Instrument): string | undefined {
  if (instrument.tick <= 0n || instrument.step <= 0n)
    return `${instrument.symbol}: expected a tick and a step above zero`;
  const digits = digitsOf(instrument.tick) + digitsOf(absolute(instrument.step));
  if (digits > 18) {
    return `${instrument.symbol}: expected tick and step with at most 18 digits together, found ${digits}`;
  }
  return undefined;
}
