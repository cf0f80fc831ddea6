/** JSON as a venue sent it. */
export type Json = { readonly [name: string]: unknown };

/** A market in ccxt's words, as far as it is read here. `info` is the venue's own text. */
export interface CcxtMarket {
  readonly id: string;
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly spot?: boolean | undefined;
  readonly swap?: boolean | undefined;
  readonly future?: boolean | undefined;
  readonly option?: boolean | undefined;
  readonly linear?: boolean | undefined;
  readonly inverse?: boolean | undefined;
  readonly active?: boolean | undefined;
  readonly contractSize?: number | undefined;
  readonly maker?: number | undefined;
  readonly taker?: number | undefined;
  readonly precision: { readonly price?: number | undefined; readonly amount?: number | undefined };
  readonly limits: {
    readonly amount?: { readonly min?: number | undefined; readonly max?: number | undefined };
    readonly cost?: { readonly min?: number | undefined };
  };
  readonly info: Json;
}

/** The best prices of a market, and the mark price where its exchange tells it beside. */
export interface CcxtTicker {
  readonly bid?: number | undefined;
  readonly ask?: number | undefined;
  readonly bidVolume?: number | undefined;
  readonly askVolume?: number | undefined;
  readonly markPrice?: number | undefined;
  readonly timestamp?: number | undefined;
  readonly info: Json;
}

/** Funding of the present, or a settlement of the past: then `timestamp` is its instant. */
export interface CcxtFunding {
  readonly fundingRate?: number | undefined;
  readonly fundingTimestamp?: number | undefined;
  readonly nextFundingTimestamp?: number | undefined;
  readonly markPrice?: number | undefined;
  readonly timestamp?: number | undefined;
  readonly info: Json;
}

/** Both sides, best first, as price and amount. */
export interface CcxtBook {
  readonly bids: readonly (readonly [number, number])[];
  readonly asks: readonly (readonly [number, number])[];
  readonly nonce?: number | undefined;
}

/** An open position; numbers are ccxt's doubles, `info` has the venue's text. */
export interface CcxtPosition {
  readonly symbol?: string | undefined;
  readonly side?: string | undefined;
  readonly contracts?: number | undefined;
  readonly entryPrice?: number | undefined;
  readonly markPrice?: number | undefined;
  readonly liquidationPrice?: number | undefined;
  readonly leverage?: number | undefined;
  readonly unrealizedPnl?: number | undefined;
  readonly marginMode?: string | undefined;
  readonly info: Json;
}

/** An open order. A stop waits for one of its three trigger prices. */
export interface CcxtOrder {
  readonly id?: string | undefined;
  readonly symbol?: string | undefined;
  readonly side?: string | undefined;
  readonly type?: string | undefined;
  readonly amount?: number | undefined;
  readonly filled?: number | undefined;
  readonly price?: number | undefined;
  readonly triggerPrice?: number | undefined;
  readonly stopLossPrice?: number | undefined;
  readonly takeProfitPrice?: number | undefined;
  readonly reduceOnly?: boolean | undefined;
  readonly timestamp?: number | undefined;
  readonly info: Json;
}

/** A payment; `amount` has no sign where `direction` tells it. */
export interface CcxtLedgerEntry {
  readonly id?: string | undefined;
  readonly timestamp?: number | undefined;
  readonly type?: string | undefined;
  readonly currency?: string | undefined;
  readonly direction?: string | undefined;
  readonly amount?: number | undefined;
  readonly info: Json;
}

/** A step of the maintenance margin table; some venues count `minNotional` in contracts, then `currency` is the base. */
export interface CcxtTier {
  readonly minNotional?: number | undefined;
  readonly maintenanceMarginRate?: number | undefined;
  readonly maxLeverage?: number | undefined;
  readonly currency?: string | undefined;
}

/** An undici dispatcher. */
interface Dispatcher {
  /** Ends sockets at once. */
  destroy?(): Promise<void>;
  once?(event: 'connect', heard: () => void): unknown;
}

/**
 * What is used of one ccxt 4.5.84 exchange object. Written by hand: ccxt's own types are those of all its exchanges, and
 * the members that carry a request (`undiciRequest`, `handleRestResponse`, `onRestResponse`) are not told by them.
 */
export interface CcxtClient {
  readonly id: string;
  readonly name: string;
  readonly urls: { api: unknown; hostname?: string };
  readonly has: Record<string, unknown>;
  readonly options: Record<string, unknown>;
  readonly timeframes: Readonly<Record<string, unknown>> | undefined;
  readonly precisionMode: number;
  readonly fetchDispatcher?: Dispatcher | undefined;
  readonly proxyDictionaries: Readonly<Record<string, Dispatcher>>;
  milliseconds(): number;
  fetch(url: string, method?: string, headers?: unknown, body?: unknown): Promise<unknown>;
  undiciRequest(url: string, params: unknown): Promise<unknown>;
  handleRestResponse(response: unknown, ...rest: unknown[]): Promise<unknown>;
  onRestResponse(
    status: number,
    reason: string,
    url: string,
    method: string,
    headers: Readonly<Record<string, string>>,
    body: string,
  ): string;
  getDispatcherOptions(isPlainAgent?: boolean): Record<string, unknown>;
  parseTimeframe(name: string): number;
  setMarkets(markets: readonly CcxtMarket[]): unknown;
  fetchMarkets(): Promise<readonly CcxtMarket[]>;
  fetchTime(): Promise<number | undefined>;
  fetchOHLCV(symbol: string, timeframe: string, since: number, limit: number, params?: Json): Promise<unknown>;
  fetchTicker(symbol: string): Promise<CcxtTicker>;
  fetchFundingRate(symbol: string): Promise<CcxtFunding>;
  fetchOrderBook(symbol: string, limit?: number): Promise<CcxtBook>;
  fetchFundingRateHistory(symbol: string, since: number, limit: number): Promise<readonly CcxtFunding[]>;
  fetchMarketLeverageTiers(symbol: string): Promise<readonly CcxtTier[]>;
  fetchBalance(): Promise<{ readonly info: unknown; readonly [asset: string]: unknown }>;
  fetchPositions(): Promise<readonly CcxtPosition[]>;
  fetchOpenOrders(symbol?: string, since?: number, limit?: number, params?: Json): Promise<readonly CcxtOrder[]>;
  fetchLedger(code?: string, since?: number, limit?: number, params?: Json): Promise<readonly CcxtLedgerEntry[]>;
  fetchPositionMode(): Promise<{ readonly hedged?: boolean }>;
}

/** Asks one endpoint by ccxt's generated name (`fapiPublicGetTime`): the answer is the venue's own JSON. */
export function callRaw(client: CcxtClient, name: string, params: Json): Promise<unknown> {
  const method: unknown = Reflect.get(client, name);
  if (typeof method !== 'function') throw new TypeError(`ccxt has no ${name}`);
  return Promise.resolve(Reflect.apply(method, client, [params]));
}
