import { parse, text } from '../../base/decimal.ts';
import type { VenueAccountFrame } from '../../domain/frame.ts';
import type { KeyRights } from '../exchange.ts';
import type { Get } from './binance.ts';
import type { BinanceNames } from './binance-names.ts';
import type { Json } from './client.ts';
import type { AccountParts } from './dialect.ts';
import { jsonOf, listOf, numberOf, textOf } from './fields.ts';
import { collectParts, type Parts } from './parts.ts';

type Balance = VenueAccountFrame['balances'][number];
type Position = VenueAccountFrame['positions'][number];
type Order = VenueAccountFrame['orders'][number];
type Flow = VenueAccountFrame['flows'][number];
/** The product's symbol for a name of the venue; the name itself where it is not listed. */
export type SymbolOf = (id: string) => string;

const FLOWS_MAX = 1000;
const FLOW_KINDS: Readonly<Record<string, Flow['kind']>> = {
  FUNDING_FEE: 'funding',
  COMMISSION: 'fee',
  API_REBATE: 'fee',
  COMMISSION_REBATE: 'fee',
  INSURANCE_CLEAR: 'pnl',
  REALIZED_PNL: 'pnl',
  TRANSFER: 'transfer',
  INTERNAL_TRANSFER: 'transfer',
  CROSS_COLLATERAL_TRANSFER: 'transfer',
  COIN_SWAP_DEPOSIT: 'transfer',
  COIN_SWAP_WITHDRAW: 'transfer',
};

/** The account as Binance tells it. Without its balances there is none; every other part may be missing. */
export async function accountOf(get: Get, names: BinanceNames, symbolOf: SymbolOf): Promise<AccountParts> {
  const account = jsonOf(await get(names.account, {}, 'plain', names.kind === 'usdm' ? 5 : 20), 'an account');
  const parts = collectParts();
  return names.kind === 'usdm'
    ? usdm(account, get, names, symbolOf, parts)
    : spot(account, get, names, symbolOf, parts);
}

/** USDS-M: stops are conditional orders, which `openOrders` leaves out; v3 of positions leaves out the leverage. */
async function usdm(account: Json, get: Get, names: BinanceNames, symbolOf: SymbolOf, parts: Parts) {
  const list = (name: string, weight: number, params: Json = {}) =>
    get(name, params, 'plain', weight).then((answer) => listOf(answer, name));
  const [risks, configs, open, conditional, flows, mode] = await Promise.all([
    parts.part('Positions', [], () => list('fapiPrivateV3GetPositionRisk', 5)),
    parts.part('Leverage and margin mode', [], () => list('fapiPrivateGetSymbolConfig', 5)),
    parts.part('Open orders', [], () => list(names.openOrders, names.openOrdersWeight)),
    parts.part('Conditional orders (stops)', [], () => list('fapiPrivateGetOpenAlgoOrders', 40)),
    parts.part('Funding and fees', [], () => list('fapiPrivateGetIncome', 30, { limit: FLOWS_MAX })),
    parts.part('Position mode', null, () => positionMode(get)),
  ]);
  const config = new Map(configs.map((row) => [row.symbol, row]));
  return {
    positionMode: mode,
    balances: listOf(account.assets, 'assets').map(usdmBalance).filter(isHeld),
    positions: risks
      .filter((row) => numberOf(row, 'positionAmt') !== 0)
      .map((row) => positionOf(row, config, symbolOf)),
    orders: [...open.map((row) => orderOf(row, symbolOf)), ...conditional.map((row) => algoOf(row, symbolOf))],
    flows: flows.map((row) => flowOf(row, symbolOf)).toSorted((a, b) => b.at - a.at),
    missing: parts.missing,
  };
}

/** Spot: balances and open orders; there are no positions. */
async function spot(account: Json, get: Get, names: BinanceNames, symbolOf: SymbolOf, parts: Parts) {
  const open = await parts.part('Open orders', [], async () =>
    listOf(await get(names.openOrders, {}, 'plain', names.openOrdersWeight), 'open orders'),
  );
  parts.lacks('Fees and transfers: Binance spot tells them by symbol and by wallet only.');
  return {
    positionMode: null,
    balances: listOf(account.balances, 'balances').map(spotBalance).filter(isHeld),
    positions: [],
    orders: open.map((row) => orderOf(row, symbolOf)),
    flows: [],
    missing: parts.missing,
  };
}

async function positionMode(get: Get): Promise<'one-way' | 'hedge' | null> {
  const answer = jsonOf(await get('fapiPrivateGetPositionSideDual', {}, 'plain', 30), 'the position mode');
  const isDual = answer.dualSidePosition;
  return isDual === true || isDual === 'true' ? 'hedge' : isDual === false || isDual === 'false' ? 'one-way' : null;
}

const usdmBalance = (row: Json): Balance => ({
  asset: String(row.asset),
  total: textOf(row, 'walletBalance') ?? '0',
  free: textOf(row, 'availableBalance'),
  used: textOf(row, 'initialMargin'),
});

const spotBalance = (row: Json): Balance => {
  const free = textOf(row, 'free') ?? '0';
  const used = textOf(row, 'locked') ?? '0';
  return { asset: String(row.asset), total: text(parse(free) + parse(used)), free, used };
};

const isHeld = (balance: Balance): boolean => Number(balance.total) !== 0 || Number(balance.used ?? 0) !== 0;

/** In one-way mode the sign of the amount is the side. */
function positionOf(row: Json, config: ReadonlyMap<unknown, Json>, symbolOf: SymbolOf): Position {
  const amount = textOf(row, 'positionAmt') ?? '0';
  const side = row.positionSide;
  const isShort = side === 'SHORT' || (side !== 'LONG' && amount.startsWith('-'));
  const settings = config.get(row.symbol) ?? row;
  const marginType = textOf(settings, 'marginType');
  return {
    symbol: symbolOf(String(row.symbol)),
    side: isShort ? 'short' : 'long',
    qty: amount.replace('-', ''),
    entry: textOf(row, 'entryPrice'),
    mark: textOf(row, 'markPrice'),
    liquidation: aboveZero(textOf(row, 'liquidationPrice')),
    leverage: textOf(settings, 'leverage'),
    pnl: textOf(row, 'unRealizedProfit'),
    isIsolated: marginType === null ? null : marginType.toLowerCase() === 'isolated',
  };
}

/** Binance writes "0" where an order has no such price. */
const aboveZero = (value: string | null): string | null => (value !== null && Number(value) > 0 ? value : null);
const isTrue = (value: unknown): boolean => value === true || value === 'true';
const sideOf = (row: Json): 'buy' | 'sell' => (row.side === 'BUY' ? 'buy' : 'sell');

const orderOf = (row: Json, symbolOf: SymbolOf): Order => ({
  id: String(row.orderId),
  symbol: symbolOf(String(row.symbol)),
  side: sideOf(row),
  type: (textOf(row, 'origType') ?? textOf(row, 'type') ?? '').toLowerCase(),
  qty: textOf(row, 'origQty') ?? '0',
  filled: textOf(row, 'executedQty'),
  price: aboveZero(textOf(row, 'price')),
  trigger: aboveZero(textOf(row, 'stopPrice')),
  reduceOnly: isTrue(row.reduceOnly) || isTrue(row.closePosition),
  at: numberOf(row, 'time'),
});

const algoOf = (row: Json, symbolOf: SymbolOf): Order => ({
  id: String(row.algoId),
  symbol: symbolOf(String(row.symbol)),
  side: sideOf(row),
  type: (textOf(row, 'orderType') ?? '').toLowerCase(),
  qty: textOf(row, 'quantity') ?? '0',
  filled: null,
  price: aboveZero(textOf(row, 'price')),
  trigger: aboveZero(textOf(row, 'triggerPrice')),
  reduceOnly: isTrue(row.reduceOnly) || isTrue(row.closePosition),
  at: numberOf(row, 'createTime'),
});

function flowOf(row: Json, symbolOf: SymbolOf): Flow {
  const symbol = textOf(row, 'symbol');
  const kind = String(row.incomeType);
  return {
    // A transaction id is unique within its kind only.
    id: `${kind}:${textOf(row, 'tranId') ?? ''}:${textOf(row, 'tradeId') ?? ''}`,
    at: numberOf(row, 'time') ?? 0,
    kind: FLOW_KINDS[kind] ?? 'other',
    symbol: symbol === null ? null : symbolOf(symbol),
    asset: String(row.asset),
    amount: textOf(row, 'income') ?? '0',
  };
}

/** What the key may do, from `apiRestrictions`; on USDS-M the position mode, too. */
export async function rightsOf(get: Get, names: BinanceNames): Promise<KeyRights> {
  const told = jsonOf(await get('sapiGetAccountApiRestrictions', {}, 'plain', 0), 'rights of a key');
  const right = (name: string): boolean | null => (typeof told[name] === 'boolean' ? told[name] === true : null);
  const isUsdm = names.kind === 'usdm';
  return {
    canRead: right('enableReading'),
    canTrade: right(isUsdm ? 'enableFutures' : 'enableSpotAndMarginTrading'),
    canWithdraw: right('enableWithdrawals'),
    isBoundToIp: right('ipRestrict'),
    positionMode: isUsdm ? await collectParts().part('Position mode', null, () => positionMode(get)) : null,
  };
}
