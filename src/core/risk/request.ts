import type { Money, Price, Qty, Rate } from '../base/decimal.ts';
import type { Account } from '../domain/account.ts';
import type { Sign } from '../domain/order.ts';
import type { Quote } from '../domain/quote.ts';
import type { Run } from '../domain/run.ts';
import type { Sizing } from '../domain/settings.ts';
import type { State } from '../domain/state.ts';

/** What somebody wants to open. What is left out comes from the run's settings. */
export interface EntryRequest {
  readonly sign: Sign;
  /** `signal`, `flip`, `manual`, ... */
  readonly reason: string;
  /** The strategy's own distance from entry to stop, in price units; NaN for none. */
  readonly stopDistance: number;
  /** A limit order; a market entry without it. */
  readonly limit?: Price | undefined;
  readonly stopPrice?: Price | undefined;
  readonly targetPrice?: Price | undefined;
  /** A size by hand: taken as it is or denied, never clipped. */
  readonly qty?: Qty | undefined;
  /** The same in the quote asset, rounded down to the step. */
  readonly notional?: Money | undefined;
  /** In the place of the run's sizing and leverage. */
  readonly sizing?: Sizing | undefined;
  readonly leverage?: Rate | undefined;
  readonly postOnly?: boolean | undefined;
  /** The user's word that this entry goes without a stop. */
  readonly noStop?: boolean | undefined;
}

/** What an entry is held against. Sums are the account's, in its asset. */
export interface ReviewContext {
  readonly state: State;
  readonly account: Account;
  readonly run: Run;
  readonly quote: Quote;
  readonly at: number;
  /** Balance with open profit and loss. */
  readonly equity: Money;
  /** Margin in use by positions and working entries: of the account, and of this run. */
  readonly reservedAccount: Money;
  readonly reservedRun: Money;
  /** What entries on their way may take of the balance beyond their margin: a worse price, and their fee. */
  readonly pledged: Money;
  readonly heat: Money;
  /** Places taken beside the one that this entry would take (`openPositionsOf`). */
  readonly openPositions: number;
  readonly blockedByGap: boolean;
  /** Of an exchange: the venue's clock minus ours, null where it is not sure. Absent where the feed has its own clock. */
  readonly clockOffsetMs?: number | null | undefined;
  /** Triggers meet bid and ask of a stream; absent where they meet the prices of candles. */
  readonly isStreamed?: boolean | undefined;
  /** Whether this run may open on polled prices; absent for yes. */
  readonly tradesPolled?: boolean | undefined;
}
