import type { Money } from '../base/decimal.ts';
import type { Costs } from './settings.ts';

/** HALTED is durable and sticky: only a human lifts it. Exits go in every state. */
export type Safety = 'ACTIVE' | 'REDUCING' | 'HALTED';

/** One wallet at one venue (a paper account too). */
export interface Account {
  readonly account: string;
  readonly asset: string;
  readonly startBalance: Money;
  /** Deposits minus withdrawals since it was opened: neither profit nor loss. */
  deposits: Money;
  /** Wallet balance: realised profit and loss, fees and funding are in it, open profit and loss is not. */
  balance: Money;
  costs: Costs;
  safety: Safety;
  /** Why entries are blocked, where they are. */
  safetyReason: string;
  /** Entries lift by themselves then (a day block); 0 for never. */
  blockedUntil: number;
  dayAt: number;
  dayStartEquity: Money;
  weekAt: number;
  weekStartEquity: Money;
  /** Instants of the orders of the last minute, newest last. */
  orderTimes: number[];
  /** Run that holds the right to place orders, by symbol. */
  leases: Record<string, number>;
  markedAt: number;
  /** First sight of a day loss that flattens: it must be seen twice, 3 s apart; 0 for none. */
  breachAt: number;
}
