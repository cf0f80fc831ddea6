import { absolute, parse, toNumber } from '../../base/decimal.ts';
import type { Position } from '../account/account.ts';
import { liquidationPrice, type Margin, marginOf, type Purse, pursesOf } from '../account/margin.ts';
import type { Listing } from '../market.ts';
import { digitsOfStep, fixed } from './amounts.ts';
import { listing, must, word } from './parameters.ts';
import { lastTrade } from './prices.ts';
import { type Route, route, type Seat } from './route.ts';

/** Amounts of an account have eight digits. */
const eight = (value: bigint): string => fixed(value, 8);
const LEVERAGE = 20;

/** Balances, positions and what they tie up. */
export const USDM_POSITIONS: readonly Route[] = [
  ...['v2', 'v3'].flatMap((version) => [
    route(`GET /fapi/${version}/balance`, { security: 'signed', weight: 5, answer: (_, seat) => balances(seat) }),
    route(`GET /fapi/${version}/account`, {
      security: 'signed',
      weight: 5,
      answer: (_, seat) => (version === 'v2' ? accountOld(seat) : account(seat)),
    }),
    route(`GET /fapi/${version}/positionRisk`, {
      security: 'signed',
      weight: 5,
      ask: { symbol: listing, pair: word },
      answer: ({ symbol }, seat) => risks(seat, symbol, version),
    }),
  ]),
  route('GET /fapi/v1/adlQuantile', {
    security: 'signed',
    weight: 5,
    ask: { symbol: listing },
    answer: ({ symbol }, { account: { state } }) =>
      state.positions
        .filter((one) => isOpen(one) && (symbol === undefined || one.symbol === symbol.id))
        .map((one) => ({ symbol: one.symbol, adlQuantile: { LONG: 0, SHORT: 0, [one.side]: 1 } })),
  }),
  // Isolated margin is set, not moved.
  route('GET /fapi/v1/positionMargin/history', {
    security: 'signed',
    ask: { symbol: must(listing) },
    answer: () => [],
  }),
  route('GET /fapi/v1/symbolConfig', {
    security: 'signed',
    weight: 5,
    ask: { symbol: listing },
    answer: ({ symbol }, seat) =>
      (symbol === undefined ? seat.market.listings : [symbol]).map((one) => configRow(seat, one)),
  }),
  route('GET /fapi/v1/accountConfig', {
    security: 'signed',
    weight: 5,
    answer: (_, { account: { state } }) => ({
      feeTier: 0,
      canTrade: true,
      canDeposit: true,
      canWithdraw: true,
      dualSidePosition: state.dualSide,
      updateTime: 0,
      multiAssetsMargin: state.multiAssets,
      tradeGroupId: -1,
    }),
  }),
];

const marginsOf = (seat: Seat, positions: readonly Position[] = seat.account.state.positions): Margin[] =>
  positions.map((one) => marginOf(one, seat.market, lastTrade(seat.market, one.symbol).price));

const isOpen = (one: Position): boolean => parse(one.amount) !== 0n;

/** `/balance`: the same in v2 and v3. */
function balances(seat: Seat): unknown {
  return pursesOf(seat.account.state, marginsOf(seat)).map((one) => ({
    accountAlias: 'SgsR',
    asset: one.asset,
    balance: eight(one.wallet),
    crossWalletBalance: eight(one.wallet),
    crossUnPnl: eight(one.profit),
    availableBalance: eight(one.available),
    maxWithdrawAmount: eight(one.available),
    marginAvailable: true,
    updateTime: seat.account.state.updatedAt,
  }));
}

/** One asset as both versions of `/account` tell it, without its times. */
function assetRow(one: Purse): Record<string, string | number | boolean> {
  return {
    asset: one.asset,
    walletBalance: eight(one.wallet),
    unrealizedProfit: eight(one.profit),
    marginBalance: eight(one.wallet + one.profit),
    maintMargin: eight(one.maintenance),
    initialMargin: eight(one.initial + one.locked),
    positionInitialMargin: eight(one.initial),
    openOrderInitialMargin: eight(one.locked),
    crossWalletBalance: eight(one.wallet),
    crossUnPnl: eight(one.profit),
    availableBalance: eight(one.available),
    maxWithdrawAmount: eight(one.available),
  };
}

/** Sums over the assets, taken as worth one another: the stand-in settles in one stable coin. */
function totals(purses: readonly Purse[]): Record<string, string> {
  const sum = (of: (one: Purse) => bigint): string => eight(purses.reduce((total, one) => total + of(one), 0n));
  return {
    totalInitialMargin: sum((one) => one.initial + one.locked),
    totalMaintMargin: sum((one) => one.maintenance),
    totalWalletBalance: sum((one) => one.wallet),
    totalUnrealizedProfit: sum((one) => one.profit),
    totalMarginBalance: sum((one) => one.wallet + one.profit),
    totalPositionInitialMargin: sum((one) => one.initial),
    totalOpenOrderInitialMargin: sum((one) => one.locked),
    totalCrossWalletBalance: sum((one) => one.wallet),
    totalCrossUnPnl: sum((one) => one.profit),
    availableBalance: sum((one) => one.available),
    maxWithdrawAmount: sum((one) => one.available),
  };
}

/** v3 lists positions that are open only. */
function account(seat: Seat): unknown {
  const purses = pursesOf(seat.account.state, marginsOf(seat));
  const positions = marginsOf(seat, seat.account.state.positions.filter(isOpen)).map((one) => ({
    symbol: one.position.symbol,
    positionSide: one.position.side,
    positionAmt: one.position.amount,
    unrealizedProfit: eight(one.profit),
    isolatedMargin: eight(parse(one.position.isolatedMargin)),
    notional: eight(one.notional),
    isolatedWallet: eight(parse(one.position.isolatedMargin)),
    initialMargin: eight(one.initial),
    maintMargin: eight(one.maintenance),
    updateTime: one.position.updatedAt,
  }));
  const assets = purses.map((one) => ({ ...assetRow(one), updateTime: seat.account.state.updatedAt }));
  return { ...totals(purses), assets, positions };
}

/** v2 lists every market, with the settings of the account before the sums. */
function accountOld(seat: Seat): unknown {
  const { state } = seat.account;
  const purses = pursesOf(state, marginsOf(seat));
  return {
    feeTier: 0,
    canTrade: true,
    canDeposit: true,
    canWithdraw: true,
    updateTime: 0,
    multiAssetsMargin: state.multiAssets,
    tradeGroupId: -1,
    ...totals(purses),
    assets: purses.map((one) => ({ ...assetRow(one), marginAvailable: true, updateTime: state.updatedAt })),
    positions: marginsOf(seat, everyPosition(seat)).map((one) => ({
      symbol: one.position.symbol,
      initialMargin: eight(one.initial),
      maintMargin: eight(one.maintenance),
      unrealizedProfit: eight(one.profit),
      positionInitialMargin: eight(one.initial),
      openOrderInitialMargin: '0',
      leverage: String(one.position.leverage),
      isolated: one.position.marginType === 'isolated',
      entryPrice: one.position.entryPrice,
      maxNotional: capOf(seat, one.position),
      bidNotional: '0',
      askNotional: '0',
      positionSide: one.position.side,
      positionAmt: one.position.amount,
      updateTime: one.position.updatedAt,
    })),
  };
}

/** v2 has every market, v3 those with a position, or with both sides where one is named in hedge mode. */
function risks(seat: Seat, symbol: Listing | undefined, version: string): unknown {
  const every = everyPosition(seat).filter((one) => symbol === undefined || one.symbol === symbol.id);
  const shown = version === 'v2' ? every : every.filter(isOpen);
  return marginsOf(seat, shown).map((one) => (version === 'v2' ? riskOld(seat, one) : riskRow(seat, one)));
}

/** v3: margins and notional, without the settings of the position. */
function riskRow(seat: Seat, one: Margin): unknown {
  const { position } = one;
  return {
    symbol: position.symbol,
    positionSide: position.side,
    positionAmt: position.amount,
    entryPrice: position.entryPrice,
    breakEvenPrice: position.breakEvenPrice,
    markPrice: eight(one.mark),
    unRealizedProfit: eight(one.profit),
    liquidationPrice: liquidationOf(seat, one),
    isolatedMargin: position.marginType === 'isolated' ? position.isolatedMargin : '0',
    notional: eight(one.notional),
    marginAsset: one.quote,
    isolatedWallet: position.isolatedMargin,
    initialMargin: eight(one.initial),
    maintMargin: eight(one.maintenance),
    positionInitialMargin: eight(one.initial),
    openOrderInitialMargin: '0',
    adl: 2,
    bidNotional: '0',
    askNotional: '0',
    updateTime: position.updatedAt,
  };
}

/** v2, in the order of its documentation. */
function riskOld(seat: Seat, one: Margin): unknown {
  const { position } = one;
  return {
    entryPrice: position.entryPrice,
    breakEvenPrice: position.breakEvenPrice,
    marginType: position.marginType,
    isAutoAddMargin: 'false',
    isolatedMargin: eight(parse(position.isolatedMargin)),
    leverage: String(position.leverage),
    liquidationPrice: liquidationOf(seat, one),
    markPrice: eight(one.mark),
    maxNotionalValue: capOf(seat, position),
    positionAmt: position.amount,
    notional: eight(one.notional),
    isolatedWallet: eight(parse(position.isolatedMargin)),
    symbol: position.symbol,
    unRealizedProfit: eight(one.profit),
    positionSide: position.side,
    updateTime: position.updatedAt,
  };
}

/** Isolated by its own margin, cross by the wallet and all other positions of the asset. */
function liquidationOf(seat: Seat, one: Margin): string {
  if (parse(one.position.amount) === 0n) return '0';
  if (one.position.marginType === 'isolated') return eight(liquidationPrice(one, parse(one.position.isolatedMargin)));
  const others = marginsOf(seat).filter((each) => each.position !== one.position && each.quote === one.quote);
  const wallet = pursesOf(seat.account.state, []).find((purse) => purse.asset === one.quote)?.wallet ?? 0n;
  const at = liquidationPrice(
    one,
    others.reduce((spare, each) => spare + each.profit - each.maintenance, wallet),
  );
  return at === 0n ? '0' : eight(at);
}

/** Positions of every market: those that the account has, and empty ones for the rest. */
function everyPosition(seat: Seat): Position[] {
  const { positions, dualSide } = seat.account.state;
  const sides = dualSide ? (['LONG', 'SHORT'] as const) : (['BOTH'] as const);
  return seat.market.listings.flatMap(({ id, instrument }) =>
    sides.map((side) => {
      const held = positions.find((one) => one.symbol === id && one.side === side);
      const amount = fixed(0n, digitsOfStep(instrument.step));
      return held ?? { ...NOTHING, symbol: id, side, amount };
    }),
  );
}

const NOTHING: Omit<Position, 'symbol' | 'side' | 'amount'> = {
  entryPrice: '0.0',
  breakEvenPrice: '0.0',
  leverage: LEVERAGE,
  marginType: 'cross',
  isolatedMargin: '0',
  updatedAt: 0,
};

/** The notional up to which the leverage of a position is allowed. */
function capOf(seat: Seat, position: Position): string {
  const tiers = seat.market.listings.find((one) => one.id === position.symbol)?.instrument.tiers ?? [];
  const next = tiers.find((tier) => toNumber(tier.leverageMax) < position.leverage);
  return String(next === undefined ? 1_000_000_000 : toNumber(absolute(next.floor)));
}

function configRow(seat: Seat, one: Listing): unknown {
  const held = everyPosition(seat).find((position) => position.symbol === one.id);
  const position = held ?? { ...NOTHING, symbol: one.id, side: 'BOTH', amount: '0' };
  return {
    symbol: one.id,
    marginType: position.marginType === 'isolated' ? 'ISOLATED' : 'CROSSED',
    isAutoAddMargin: 'false',
    leverage: position.leverage,
    maxNotionalValue: capOf(seat, position),
  };
}
