/** An asset of the account; amounts are decimal text. */
export interface Balance {
  readonly asset: string;
  /** Free to trade, and what open orders hold. */
  readonly free: string;
  readonly locked: string;
}

/** A position of USDS-M. `amount` is signed; `side` is BOTH in one-way mode, LONG or SHORT where both sides are held. */
export interface Position {
  readonly symbol: string;
  readonly side: 'BOTH' | 'LONG' | 'SHORT';
  readonly amount: string;
  readonly entryPrice: string;
  readonly breakEvenPrice: string;
  readonly leverage: number;
  readonly marginType: 'cross' | 'isolated';
  readonly isolatedMargin: string;
  readonly updatedAt: number;
}

/** An open order, an algo order, a trade or a payment, in the words of the venue's REST answer. */
export type Row = Readonly<Record<string, string | number | boolean | null>>;

/** What the account holds. It is replaced as a whole or in part, never traded: the stand-in takes no orders. */
export interface AccountState {
  readonly balances: readonly Balance[];
  readonly positions: readonly Position[];
  readonly openOrders: readonly Row[];
  readonly openAlgoOrders: readonly Row[];
  readonly orders: readonly Row[];
  readonly trades: readonly Row[];
  readonly income: readonly Row[];
  /** Whether long and short are held apart (hedge mode). */
  readonly dualSide: boolean;
  readonly multiAssets: boolean;
  readonly makerRate: string;
  readonly takerRate: string;
  /** When it last changed. Clients take an asset that was never updated as one that the account has not. */
  readonly updatedAt: number;
}

/** An event of the user-data stream in Binance's own shape: `e` names it, `E` is its time. */
export interface UserEvent {
  readonly e: string;
  readonly E: number;
  readonly [field: string]: unknown;
}

/** The account of one market kind, the same for each key that may read it. */
export interface SandboxAccount {
  readonly kind: 'usdm' | 'spot';
  readonly state: AccountState;
  /** Replaces what is given and tells the user-data stream: ACCOUNT_UPDATE, or outboundAccountPosition on spot. */
  set(change: Partial<AccountState>, reason?: string): void;
  /** Sends an event as it is, for what `set` does not tell: ORDER_TRADE_UPDATE, MARGIN_CALL. */
  tell(event: UserEvent): void;
  /** Returns how to end it. */
  onEvent(listener: (event: UserEvent) => void): () => void;
}
