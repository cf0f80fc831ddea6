import type { SandboxAccount } from './account/account.ts';
import type { ListenKeys } from './account/listen-keys.ts';
import type { Faults } from './fault.ts';
import type { SandboxClock, SandboxMarket } from './market.ts';

/** What the doors of one market share: its HTTP routes and its WebSocket streams speak of the same market and account. */
export interface World {
  readonly market: SandboxMarket;
  readonly faults: Faults;
  readonly clock: SandboxClock;
  /** When it began to serve, of the wall clock. */
  readonly openedAt: number;
  readonly account: SandboxAccount;
  readonly listenKeys: ListenKeys;
}
