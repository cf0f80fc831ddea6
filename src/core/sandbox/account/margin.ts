import { absolute, divide, ONE, parse } from '../../base/decimal.ts';
import type { LeverageTier } from '../../domain/instrument.ts';
import type { SandboxMarket } from '../market.ts';
import type { AccountState, Position } from './account.ts';

/** What a position is worth and what it ties up, at the mark. All at the scale of `parse`. */
export interface Margin {
  readonly position: Position;
  readonly quote: string;
  readonly mark: bigint;
  /** Signed as the amount is. */
  readonly notional: bigint;
  readonly profit: bigint;
  readonly initial: bigint;
  readonly maintenance: bigint;
  /** Of the tier that holds: maintenance margin = |notional| x rate - cum. */
  readonly maintenanceRate: bigint;
  readonly cum: bigint;
}

/** Margin of a position: notional = amount x mark; initial = |notional| / leverage; maintenance = |notional| x MMR - cum. */
export function marginOf(position: Position, market: SandboxMarket, last: string): Margin {
  const listing = market.listings.find((one) => one.id === position.symbol);
  const mark = parse(market.mark(position.symbol)?.mark ?? last);
  const amount = parse(position.amount);
  const notional = (amount * mark) / ONE;
  const size = absolute(notional);
  const tier = tierOf(listing?.instrument.tiers ?? [], size);
  return {
    position,
    quote: listing?.instrument.quote ?? 'USDT',
    mark,
    notional,
    profit: (amount * (mark - parse(position.entryPrice))) / ONE,
    initial: divide(size, BigInt(Math.max(position.leverage, 1)), 'ceil'),
    maintenance: tier === undefined ? 0n : (size * tier.maintenanceRate) / ONE - tier.cum,
    maintenanceRate: tier?.maintenanceRate ?? 0n,
    cum: tier?.cum ?? 0n,
  };
}

const tierOf = (tiers: readonly LeverageTier[], size: bigint): LeverageTier | undefined =>
  tiers.filter((tier) => tier.floor <= size).at(-1);

/**
 * The price at which a position has just its maintenance margin left, 0 where there is none (Binance's own formula):
 * (spare + cum - amount x entry) / (|amount| x rate - amount), with `spare` the wallet after what other positions have
 * lost and hold.
 */
export function liquidationPrice(margin: Margin, spare: bigint): bigint {
  const amount = parse(margin.position.amount);
  const below = (absolute(amount) * margin.maintenanceRate) / ONE - amount;
  if (below === 0n) return 0n;
  const worth = spare + margin.cum - (amount * parse(margin.position.entryPrice)) / ONE;
  const at = (worth * ONE) / below;
  return at > 0n ? at : 0n;
}

/** One asset of the account with the positions that are settled in it. */
export interface Purse {
  readonly asset: string;
  readonly wallet: bigint;
  readonly locked: bigint;
  readonly profit: bigint;
  readonly initial: bigint;
  readonly maintenance: bigint;
  readonly available: bigint;
}

/** Each asset with its own positions; what is available is never below zero. */
export function pursesOf(state: AccountState, margins: readonly Margin[]): readonly Purse[] {
  return state.balances.map(({ asset, free, locked }) => {
    const own = margins.filter((one) => one.quote === asset);
    const total = (of: (one: Margin) => bigint): bigint => own.reduce((sum, one) => sum + of(one), 0n);
    const wallet = parse(free) + parse(locked);
    const profit = total((one) => one.profit);
    const initial = total((one) => one.initial);
    const rest = wallet + profit - initial - parse(locked);
    const available = rest > 0n ? rest : 0n;
    return {
      asset,
      wallet,
      locked: parse(locked),
      profit,
      initial,
      maintenance: total((one) => one.maintenance),
      available,
    };
  });
}
