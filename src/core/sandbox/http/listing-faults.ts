import type { Faults } from '../fault.ts';
import { faultOf } from '../faults.ts';
import type { Listing } from '../market.ts';
import type { World } from '../world.ts';

/** What a market is said to trade at now: `filters` makes tick, step and least notional ten times as large. */
export function stepsOf(faults: Faults, one: Listing): { tick: bigint; step: bigint; notionalMin: bigint } {
  const times = faultOf(faults, 'filters', one.id) === undefined ? 1n : 10n;
  const { tick, step, notionalMin } = one.instrument;
  return { tick: tick * times, step: step * times, notionalMin: notionalMin * times };
}

/** Binance's word for a market now: `halt` and `delist` change it, and it comes back when they end. */
export function statusOf({ faults, market }: World, one: Listing): string {
  if (faultOf(faults, 'delist', one.id) !== undefined) return market.kind === 'usdm' ? 'SETTLING' : 'BREAK';
  return faultOf(faults, 'halt', one.id) === undefined ? one.status : 'HALT';
}
