import { divide, type Money, notional, ONE, type Price, type Qty, type Rate, times } from '../base/decimal.ts';
import type { LeverageTier } from '../domain/instrument.ts';
import type { Sign } from '../domain/order.ts';

/** A linear position with a margin of its own. `cost` is its entry value, `margin` the isolated wallet. */
export interface Isolated {
  readonly sign: Sign;
  readonly qty: Qty;
  readonly cost: Money;
  readonly margin: Money;
  /** Rising floors, the first at zero; empty where nothing liquidates (spot). */
  readonly tiers: readonly LeverageTier[];
  /** The fee of the closing fill, for venues that count it in (Gate and OKX do, Binance does not). */
  readonly takerRate?: Rate | undefined;
}

/** What a position binds: `notional / leverage`, rounded up. */
export function initialMargin(amount: Money, leverage: Rate): Money {
  return (leverage === ONE ? amount : divide(amount * ONE, leverage, 'up')) as Money;
}

/**
 * The tier that holds at a notional: the last whose floor is not above it. On a floor both neighbours give the same
 * maintenance margin, so the choice changes nothing there.
 */
export function tierOf(tiers: readonly LeverageTier[], amount: Money): LeverageTier | undefined {
  let found = tiers[0];
  for (let i = 1; i < tiers.length; i++) {
    const tier = tiers[i] as LeverageTier;
    if (amount < tier.floor) break;
    found = tier;
  }
  return found;
}

/** `notional x MMR - cum` of the tier, rounded up (Binance, "Leverage and Margin of USD-M Futures"); zero without tiers. */
export function maintenanceMargin(tiers: readonly LeverageTier[], amount: Money): Money {
  const tier = tierOf(tiers, amount);
  if (tier === undefined) return 0n as Money;
  const needed = times(amount, tier.maintenanceRate, 'up') - tier.cum;
  return (needed > 0n ? needed : 0n) as Money;
}

/**
 * The mark price at which margin balance equals maintenance margin (Binance, "How to calculate liquidation price of
 * USD-M futures"): `LP = (WB + cum - side x cost) / (q x MMR - side x q)`, isolated, one-way. With `takerRate` the
 * closing fee counts as maintenance: MMR + taker in the place of MMR.
 *
 * The tier is that of the notional at LP itself: where LP lands in another tier it is computed again. Maintenance margin
 * is convex in price, so the steps approach the one root from one side and end after at most one per tier.
 * Rounded toward the entry, at the last digit. Undefined: no price liquidates (spot, or fully paid).
 */
export function liquidationPrice(held: Isolated): Price | undefined {
  const { tiers, qty } = held;
  let tier = tierOf(tiers, held.cost);
  let found: Price | undefined;
  for (let round = 0; tier !== undefined && round <= tiers.length; round++) {
    found = liquidationIn(held, tier);
    const next = tierOf(tiers, found === undefined ? (0n as Money) : notional(found, qty));
    if (next === tier) break;
    tier = next;
  }
  return found;
}

function liquidationIn(held: Isolated, tier: LeverageTier): Price | undefined {
  const { sign, qty, cost, margin } = held;
  const rate = tier.maintenanceRate + (held.takerRate ?? 0n);
  const backing = margin + tier.cum;
  const value = sign === 1 ? cost - backing : cost + backing;
  if (value <= 0n || qty <= 0n) return undefined;
  const weight = qty * (sign === 1 ? ONE - rate : ONE + rate);
  return divide(value * ONE * ONE, weight, sign === 1 ? 'ceil' : 'floor') as Price;
}

/** The price at which the isolated margin is gone, `EP x (1 -/+ 1 / leverage)`, rounded toward the entry; undefined for none. */
export function bankruptcyPrice(held: Isolated): Price | undefined {
  const value = held.sign === 1 ? held.cost - held.margin : held.cost + held.margin;
  if (value <= 0n) return undefined;
  return divide(value * ONE, held.qty, held.sign === 1 ? 'ceil' : 'floor') as Price;
}

/** What a leverage bound depends on; all are shares (`distance` = |EP - SL| / EP). */
export interface LeverageTerms {
  readonly sign: Sign;
  readonly distance: Rate;
  readonly maintenanceRate: Rate;
  readonly buffer: Rate;
}

/**
 * The largest leverage that keeps `buffer` of the way from entry to liquidation beyond the stop, rounded down:
 * long `x = 1 - d / (1 - b)`, `1 / (1 - x (1 - MMR))`; short `x = 1 + d / (1 - b)`, `1 / (x (1 + MMR) - 1)` [derived]. A long at 1x has no liquidation price, so its bound is never below 1. Undefined: any leverage fits.
 */
export function leverageMaxFor(terms: LeverageTerms): Rate | undefined {
  const { sign, distance, maintenanceRate } = terms;
  const rest = ONE - terms.buffer;
  const risk =
    sign === 1
      ? rest * ONE - (rest - distance) * (ONE - maintenanceRate)
      : (rest + distance) * (ONE + maintenanceRate) - rest * ONE;
  if (risk <= 0n) return undefined;
  const most = divide(rest * ONE * ONE, risk, 'floor') as Rate;
  return sign === 1 && most < ONE ? (ONE as Rate) : most;
}

/** Three prices of one position on one line. */
export interface StopAndLiquidation {
  readonly sign: Sign;
  readonly entry: Price;
  readonly stopPrice: Price;
  readonly liquidation: Price;
}

/** Does the stop act first, with `buffer` of the way from entry to liquidation to spare? `SL - LP >= b x (EP - LP)`. */
export function stopClearsLiquidation(held: StopAndLiquidation, buffer: Rate): boolean {
  const { sign, entry, stopPrice, liquidation } = held;
  const spare = sign === 1 ? stopPrice - liquidation : liquidation - stopPrice;
  const way = sign === 1 ? entry - liquidation : liquidation - entry;
  return way > 0n && spare * ONE >= buffer * way;
}
