import { fromNumber, ONE, parse, text } from '../../base/decimal.ts';
import type { VenueAccountFrame } from '../../domain/frame.ts';
import type { CcxtClient, CcxtLedgerEntry, CcxtOrder, CcxtPosition, Json } from './client.ts';
import { type Family, familyOf } from './codes.ts';
import type { AccountParts, Ask } from './dialect.ts';
import { exactText, isJson, textOf } from './fields.ts';
import { collectParts, lacking, type Part, type Parts } from './parts.ts';

type Flow = VenueAccountFrame['flows'][number];
/** Base asset per contract, by symbol; 1 where none is told. */
export type Units = ReadonlyMap<string, number>;

const FLOWS_MAX = 200;

/** Parameters by which the lists of a kind are asked for, each one a request. */
interface Lists {
  readonly orders: readonly Json[];
  /** Undefined: nobody here knows whether these are all. */
  readonly conditional: readonly Json[] | undefined;
  readonly ledger: readonly Json[];
}

const ALL: readonly Json[] = [{}];
/** Where ccxt's one list is a part of what there is; Kraken's list of open orders holds the conditional ones. */
const LISTS: Readonly<Record<Family, Lists>> = {
  binance: { orders: ALL, conditional: [{ trigger: true }], ledger: ALL },
  bybit: {
    orders: [{}, { type: 'spot' }],
    conditional: [{ trigger: true }, { trigger: true, type: 'spot' }],
    ledger: ALL,
  },
  okx: {
    orders: ALL,
    conditional: ['conditional', 'oco', 'trigger', 'move_order_stop'].map((ordType) => ({ ordType })),
    ledger: [{ type: 'spot' }, { type: 'swap' }],
  },
  kraken: { orders: ALL, conditional: [], ledger: ALL },
  other: { orders: ALL, conditional: undefined, ledger: ALL },
};
const UNSURE = 'those that ccxt asks for as such; the exchange may have others';

/** An account in ccxt's unified words. Without its balances there is none; every other part may be missing. */
export async function unifiedAccount(client: CcxtClient, ask: Ask, units: Units): Promise<AccountParts> {
  const balance = await ask('plain', 1, () => client.fetchBalance());
  const parts = collectParts();
  const family = familyOf(client.id);
  const lists = LISTS[family];
  const openOrders = (params: Json) => client.fetchOpenOrders(undefined, undefined, undefined, params);
  const conditional = lists.conditional ?? [{ trigger: true }];
  if (lists.conditional === undefined && client.has.fetchOpenOrders === true)
    parts.lacks('Conditional orders (stops)', UNSURE);
  const list = lister(client, ask, parts);
  const [positions, orders, stops, flows, positionMode] = await Promise.all([
    list('fetchPositions', 'Positions', ALL, () => client.fetchPositions()),
    list('fetchOpenOrders', 'Open orders', lists.orders, openOrders),
    list('fetchOpenOrders', 'Conditional orders (stops)', conditional, openOrders),
    list('fetchLedger', 'Funding and fees', lists.ledger, (params) =>
      client.fetchLedger(undefined, undefined, FLOWS_MAX, params),
    ),
    unifiedMode(client, ask, parts),
  ]);
  const rows = parts.rows('Open orders', [...stops, ...orders], (row: CcxtOrder) => orderOf(row, units));
  return {
    positionMode,
    balances: balancesOf(balance),
    positions: parts.rows('Positions', positions.filter(isOpen), (row: CcxtPosition) => positionOf(row, units)),
    orders: [...new Map(rows.map((order) => [order.id, order])).values()],
    flows: parts
      .rows('Funding and fees', flows, (row: CcxtLedgerEntry) => flowOf(row, family))
      .toSorted((a, b) => b.at - a.at),
    ...parts.told,
  };
}

/** Asks for all lists of a kind; one that fails makes the kind missing. */
function lister(client: CcxtClient, ask: Ask, parts: Parts) {
  return async <T>(
    ability: string,
    what: Part,
    queries: readonly Json[],
    question: (params: Json) => Promise<readonly T[]>,
  ): Promise<readonly T[]> => {
    if (client.has[ability] !== true) {
      parts.lacks(what, `${client.name} does not tell them`);
      return [];
    }
    return parts.part(what, [], async () => {
      const lists = await Promise.all(queries.map((params) => ask('plain', 1, () => question({ ...params }))));
      return lists.flat();
    });
  };
}

/** Null where the venue does not tell it. */
export async function unifiedMode(client: CcxtClient, ask: Ask, parts: Parts): Promise<'one-way' | 'hedge' | null> {
  if (client.has.fetchPositionMode !== true) return null;
  return parts.part('Position mode', null, async () => {
    const { hedged } = await ask('plain', 1, () => client.fetchPositionMode());
    return hedged === undefined ? null : hedged ? 'hedge' : 'one-way';
  });
}

/** ccxt's balance: an object by asset, with sums beside. */
type Unified = Awaited<ReturnType<CcxtClient['fetchBalance']>>;

/** Assets that are held, each amount in the venue's own text where `info` has it. */
function balancesOf(balance: Unified): VenueAccountFrame['balances'] {
  return Object.entries(balance).flatMap(([asset, row]) => {
    if (NO_ASSETS.has(asset) || !isJson(row)) return [];
    const amount = (name: string): number | undefined => (typeof row[name] === 'number' ? row[name] : undefined);
    const [total, free, used] = [amount('total'), amount('free'), amount('used')];
    // An exchange may tell what is free and no more.
    const known = [total, free, used].filter((one) => one !== undefined);
    if (known.length > 0 && known.every((one) => one === 0)) return [];
    const { info } = balance;
    return [{ asset, total: told(info, total), free: told(info, free), used: told(info, used) }];
  });
}

/** What ccxt has beside the assets: the venue's answer, and sums by kind. */
const NO_ASSETS: ReadonlySet<string> = new Set(['info', 'free', 'used', 'total', 'debt']);

/** The venue's text of a number that ccxt told; null where it did not. */
const told = (info: unknown, value: number | null | undefined): string | null =>
  value === undefined || value === null ? null : exactText(info, value);

/** The same of a size that ccxt counts in contracts, in the base asset. */
function sizeOf(info: unknown, contracts: number | null | undefined, unit: number): string | null {
  const size = told(info, contracts);
  return size === null || unit === 1 ? size : text((parse(size) * fromNumber(unit)) / ONE);
}

/** A size that ccxt does not tell is one that may be. */
const isOpen = ({ contracts }: CcxtPosition): boolean => contracts !== 0;

const positionOf = (row: CcxtPosition, units: Units): VenueAccountFrame['positions'][number] => ({
  symbol: row.symbol ?? lacking('symbol'),
  side: row.side === 'short' || row.side === 'long' ? row.side : null,
  qty: sizeOf(row.info, row.contracts, units.get(row.symbol ?? '') ?? 1),
  entry: told(row.info, row.entryPrice),
  mark: told(row.info, row.markPrice),
  liquidation: told(row.info, row.liquidationPrice),
  leverage: told(row.info, row.leverage),
  pnl: told(row.info, row.unrealizedPnl),
  isIsolated: row.marginMode === undefined ? null : row.marginMode === 'isolated',
});

/** ccxt calls a stop by what it becomes, `market`: what it waits for is said, too. */
function orderType({ type, triggerPrice, stopLossPrice, takeProfitPrice }: CcxtOrder): string | null {
  if (type === undefined || type === '') return null;
  if (!/^(market|limit)$/.test(type)) return type;
  if (stopLossPrice !== undefined) return `stop_${type}`;
  if (takeProfitPrice !== undefined) return `take_profit_${type}`;
  return triggerPrice === undefined ? type : `trigger_${type}`;
}

/** Binance's word, OKX's, and Bybit's: it gives such an order no quantity. */
const closesPosition = ({ info, amount, reduceOnly }: CcxtOrder): boolean =>
  info.closePosition === true || Number(info.closeFraction) === 1 || (amount === 0 && reduceOnly === true);

function orderOf(row: CcxtOrder, units: Units): VenueAccountFrame['orders'][number] {
  const isWhole = closesPosition(row);
  const unit = units.get(row.symbol ?? '') ?? 1;
  return {
    id: row.id ?? lacking('id'),
    symbol: row.symbol ?? lacking('symbol'),
    side: row.side === 'sell' || row.side === 'buy' ? row.side : null,
    type: orderType(row),
    qty: isWhole ? null : sizeOf(row.info, row.amount, unit),
    filled: sizeOf(row.info, row.filled, unit),
    price: told(row.info, row.price),
    trigger: told(row.info, row.triggerPrice ?? row.stopLossPrice ?? row.takeProfitPrice),
    reduceOnly: row.reduceOnly === true || isWhole,
    closesPosition: isWhole,
    at: row.timestamp ?? null,
  };
}

function flowOf(row: CcxtLedgerEntry, family: Family): Flow {
  // ccxt tells the direction apart; the venue's own text has the sign.
  const amount = row.amount ?? lacking('amount');
  const signed = row.direction === 'out' ? -Math.abs(amount) : amount;
  return {
    id: row.id ?? '',
    at: row.timestamp ?? lacking('timestamp'),
    kind: kindOf(`${textOf(row.info, 'type') ?? ''} ${row.type ?? ''}`, family),
    symbol: null,
    asset: row.currency ?? lacking('currency'),
    amount: exactText(row.info, signed),
  };
}

/** By the venue's word, then ccxt's: it calls funding a trade at Bybit (`SETTLEMENT`) and a fee at OKX (`8`). */
function kindOf(words: string, family: Family): Flow['kind'] {
  if (/funding|settlement/i.test(words) || (family === 'okx' && words.startsWith('8 '))) return 'funding';
  if (/fee|commission|rebate|rollover/i.test(words)) return 'fee';
  if (/transfer|deposit|withdraw|transaction/i.test(words)) return 'transfer';
  return /pnl/i.test(words) ? 'pnl' : 'other';
}
