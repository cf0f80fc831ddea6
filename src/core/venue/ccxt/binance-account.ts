import { parse, text } from '../../base/decimal.ts';
import type { VenueAccountFrame } from '../../domain/frame.ts';
import type { KeyRights } from '../exchange.ts';
import type { Get } from './binance.ts';
import type { BinanceNames } from './binance-names.ts';
import type { Json } from './client.ts';
import type { AccountParts } from './dialect.ts';
import { arrayOf, decimalOf, jsonOf, numberOf, textOf } from './fields.ts';
import { collectParts, needed, type Parts } from './parts.ts';

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
    get(name, params, 'plain', weight).then((answer) => arrayOf(answer, name));
  const [risks, configs, open, conditional, flows, mode] = await Promise.all([
    parts.part('Positions', [], () => list('fapiPrivateV3GetPositionRisk', 5)),
    parts.part('Leverage and margin mode', [], () => list('fapiPrivateGetSymbolConfig', 5)),
    parts.part('Open orders', [], () => list(names.openOrders, names.openOrdersWeight)),
    parts.part('Conditional orders (stops)', [], () => list('fapiPrivateGetOpenAlgoOrders', 40)),
    parts.part('Funding and fees', [], () => list('fapiPrivateGetIncome', 30, { limit: FLOWS_MAX })),
    parts.part('Position mode', null, () => positionMode(get)),
  ]);
  const config = new Map(parts.rows('Leverage and margin mode', configs, (row: Json) => [row.symbol, row] as const));
  return {
    positionMode: mode,
    balances: parts.rows('Balances', arrayOf(account.assets, 'assets'), usdmBalance).filter(isHeld),
    positions: parts.rows('Positions', risks, (row: Json) => positionOf(row, config, symbolOf)).filter(isOpen),
    orders: [
      ...parts.rows('Open orders', open, (row: Json) => orderOf(row, symbolOf)),
      ...parts.rows('Conditional orders (stops)', conditional, (row: Json) => algoOf(row, symbolOf)),
    ],
    flows: parts.rows('Funding and fees', flows, (row: Json) => flowOf(row, symbolOf)).toSorted((a, b) => b.at - a.at),
    ...parts.told,
  };
}

/** Spot: balances and open orders; there are no positions. */
async function spot(account: Json, get: Get, names: BinanceNames, symbolOf: SymbolOf, parts: Parts) {
  const open = await parts.part('Open orders', [], async () =>
    arrayOf(await get(names.openOrders, {}, 'plain', names.openOrdersWeight), 'open orders'),
  );
  parts.lacks('Funding and fees', 'Binance spot tells them by symbol and by wallet only');
  return {
    positionMode: null,
    balances: parts.rows('Balances', arrayOf(account.balances, 'balances'), spotBalance).filter(isHeld),
    positions: [],
    orders: parts.rows('Open orders', open, (row: Json) => orderOf(row, symbolOf)),
    flows: [],
    ...parts.told,
  };
}

async function positionMode(get: Get): Promise<'one-way' | 'hedge' | null> {
  const answer = jsonOf(await get('fapiPrivateGetPositionSideDual', {}, 'plain', 30), 'the position mode');
  const isDual = answer.dualSidePosition;
  return isDual === true || isDual === 'true' ? 'hedge' : isDual === false || isDual === 'false' ? 'one-way' : null;
}

const usdmBalance = (row: Json): Balance => ({
  asset: needed(row, 'asset', textOf),
  total: decimalOf(row, 'walletBalance'),
  free: decimalOf(row, 'availableBalance'),
  used: decimalOf(row, 'initialMargin'),
});

const spotBalance = (row: Json): Balance => {
  const [free, used] = [decimalOf(row, 'free'), decimalOf(row, 'locked')];
  const total = free === null || used === null ? null : text(parse(free) + parse(used));
  return { asset: needed(row, 'asset', textOf), total, free, used };
};

const isZero = (amount: string | null): boolean => amount !== null && Number(amount) === 0;
const isHeld = ({ total, used }: Balance): boolean => !isZero(total) || (used !== null && !isZero(used));
/** A size that is not told is one that may be. */
const isOpen = ({ qty }: Position): boolean => !isZero(qty);

/** In one-way mode the sign of the amount is the side. */
function positionOf(row: Json, config: ReadonlyMap<unknown, Json>, symbolOf: SymbolOf): Position {
  const amount = decimalOf(row, 'positionAmt');
  const settings = config.get(row.symbol) ?? row;
  const marginType = textOf(settings, 'marginType');
  return {
    symbol: symbolOf(needed(row, 'symbol', textOf)),
    side: positionSide(row.positionSide, amount),
    qty: amount?.replace('-', '') ?? null,
    entry: decimalOf(row, 'entryPrice'),
    mark: decimalOf(row, 'markPrice'),
    liquidation: aboveZero(decimalOf(row, 'liquidationPrice')),
    leverage: decimalOf(settings, 'leverage'),
    pnl: decimalOf(row, 'unRealizedProfit'),
    isIsolated: marginType === null ? null : marginType.toLowerCase() === 'isolated',
  };
}

function positionSide(told: unknown, amount: string | null): Position['side'] {
  if (told === 'LONG') return 'long';
  if (told === 'SHORT') return 'short';
  return amount === null ? null : amount.startsWith('-') ? 'short' : 'long';
}

/** Binance writes "0" where an order has no such price. */
const aboveZero = (value: string | null): string | null => (value !== null && Number(value) > 0 ? value : null);
const isTrue = (value: unknown): boolean => value === true || value === 'true';
const SIDES: ReadonlyMap<unknown, Order['side']> = new Map([
  ['BUY', 'buy'],
  ['SELL', 'sell'],
]);

/** What every order has. One that closes the position whole has the quantity "0" at Binance. */
function orderBase(row: Json, symbolOf: SymbolOf, qtyName: string) {
  const closesPosition = isTrue(row.closePosition);
  return {
    symbol: symbolOf(needed(row, 'symbol', textOf)),
    side: SIDES.get(row.side) ?? null,
    qty: closesPosition ? null : decimalOf(row, qtyName),
    price: aboveZero(decimalOf(row, 'price')),
    reduceOnly: isTrue(row.reduceOnly) || closesPosition,
    closesPosition,
  };
}

const orderOf = (row: Json, symbolOf: SymbolOf): Order => ({
  ...orderBase(row, symbolOf, 'origQty'),
  id: needed(row, 'orderId', textOf),
  type: (textOf(row, 'origType') ?? textOf(row, 'type'))?.toLowerCase() ?? null,
  filled: decimalOf(row, 'executedQty'),
  trigger: aboveZero(decimalOf(row, 'stopPrice')),
  at: numberOf(row, 'time'),
});

const algoOf = (row: Json, symbolOf: SymbolOf): Order => ({
  ...orderBase(row, symbolOf, 'quantity'),
  id: needed(row, 'algoId', textOf),
  type: textOf(row, 'orderType')?.toLowerCase() ?? null,
  filled: null,
  trigger: aboveZero(decimalOf(row, 'triggerPrice')),
  at: numberOf(row, 'createTime'),
});

function flowOf(row: Json, symbolOf: SymbolOf): Flow {
  const symbol = textOf(row, 'symbol');
  const kind = String(row.incomeType);
  return {
    // A transaction id is unique within its kind only.
    id: `${kind}:${textOf(row, 'tranId') ?? ''}:${textOf(row, 'tradeId') ?? ''}`,
    at: needed(row, 'time', numberOf),
    kind: FLOW_KINDS[kind] ?? 'other',
    symbol: symbol === null ? null : symbolOf(symbol),
    asset: needed(row, 'asset', textOf),
    amount: needed(row, 'income', decimalOf),
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
