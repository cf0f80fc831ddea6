import type { CandleRow, VenueAccountFrame } from '../../domain/frame.ts';
import type { LeverageTier } from '../../domain/instrument.ts';
import type { Abilities, BookSnapshot, FundingRow, KeyRights, PolledQuote, VenueMarket } from '../exchange.ts';
import type { Lane } from './budget.ts';

/** A market with the units that its venue counts in. */
export interface Listed {
  readonly market: VenueMarket;
  /** Base asset per unit of quantity; 1 but for contracts of another size. */
  readonly unit: number;
}

/** Asks one question through the budget. It throws a `Failure`. */
export type Ask = <T>(lane: Lane, weight: number, question: () => Promise<T>) => Promise<T>;

export interface CandleQuery {
  readonly timeframeMs: number;
  readonly from: number;
  readonly limit: number;
  readonly of: 'trades' | 'mark';
}

/** An account without what every adapter fills in alike. */
export type AccountParts = Omit<VenueAccountFrame, 'exchange' | 'key' | 'at' | 'error'>;

/** How one exchange is asked: Binance in its own words, the others in ccxt's. Everything here throws `Failure`s. */
export interface Dialect {
  readonly abilities: Omit<Abilities, 'streams'>;
  /** The venue's clock, ms UTC, by the smallest request that tells it; undefined where there is none. */
  readonly time: (() => Promise<number>) | undefined;
  /** Whether the venue says that it is being maintained, asked where it does not answer; undefined where none tells it. */
  readonly isMaintained: (() => Promise<boolean>) | undefined;
  markets(): Promise<readonly Listed[]>;
  /** Undefined where the venue does not tell it, or not to this key. */
  tiers(listed: Listed): Promise<readonly LeverageTier[] | undefined>;
  /** As the venue gives them, the forming one too, in any order. */
  candles(listed: Listed, query: CandleQuery): Promise<readonly CandleRow[]>;
  poll(listed: Listed): Promise<PolledQuote>;
  book(listed: Listed, levels: number): Promise<BookSnapshot>;
  fundingRates(listed: Listed, from: number, limit: number): Promise<readonly FundingRow[]>;
  account(): Promise<AccountParts>;
  keyRights(): Promise<KeyRights>;
}
