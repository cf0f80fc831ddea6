import {
  type Money,
  money,
  NO_MONEY,
  NO_QTY,
  type Price,
  price,
  qty,
  rate,
  times,
} from '../../../src/core/base/decimal.ts';
import type { Account } from '../../../src/core/domain/account.ts';
import type { Instrument, LeverageTier } from '../../../src/core/domain/instrument.ts';
import type { Order, Sign } from '../../../src/core/domain/order.ts';
import type { Position } from '../../../src/core/domain/position.ts';
import type { Quote } from '../../../src/core/domain/quote.ts';
import type { Run } from '../../../src/core/domain/run.ts';
import type { Costs, RiskSettings } from '../../../src/core/domain/settings.ts';
import { emptyState, type State } from '../../../src/core/domain/state.ts';
import { OFF_LIMITS } from '../../../src/core/risk/defaults.ts';
import type { EntryRequest, ReviewContext } from '../../../src/core/risk/request.ts';

/** A table as venues print it: floor, maintenance rate, most leverage; `cum` follows from the formula. */
export function tiers(...rows: readonly (readonly [string, string, string])[]): LeverageTier[] {
  const table: LeverageTier[] = [];
  for (const [floor, mmr, most] of rows) {
    const before = table.at(-1);
    const step = before === undefined ? 0n : rate(mmr) - before.maintenanceRate;
    const cum = (before?.cum ?? 0n) + times(money(floor), step, 'down');
    table.push({ floor: money(floor), maintenanceRate: rate(mmr), leverageMax: rate(most), cum: cum as Money });
  }
  return table;
}

export const TIERS = tiers(
  ['0', '0.004', '125'],
  ['50000', '0.005', '100'],
  ['250000', '0.01', '50'],
  ['1000000', '0.025', '20'],
  ['10000000', '0.05', '10'],
);

export const PERPETUAL: Instrument = {
  symbol: 'BTC/USDT:USDT',
  kind: 'perpetual',
  base: 'BTC',
  quote: 'USDT',
  tick: price('0.1'),
  step: qty('0.001'),
  qtyMin: qty('0.001'),
  qtyMax: qty('120'),
  notionalMin: money('5'),
  contractSize: qty('1'),
  makerRate: rate('0.0002'),
  takerRate: rate('0.0005'),
  assetStep: money('0.00000001'),
  tiers: TIERS,
};

export const SPOT: Instrument = { ...PERPETUAL, symbol: 'BTC/USDT', kind: 'spot', tiers: [] };

/** The instrument of the benchmark's backtest: nothing is rounded above the eighth digit. */
export const FINE: Instrument = {
  ...PERPETUAL,
  tick: price('0.00000001'),
  step: qty('0.00000001'),
  qtyMin: NO_QTY,
  qtyMax: NO_QTY,
  notionalMin: NO_MONEY,
  tiers: [],
};

export const FREE: Costs = {
  makerRate: rate('0'),
  takerRate: rate('0'),
  spread: rate('0'),
  slippage: rate('0'),
  latencyMs: 0,
};

/** A tenth of the balance, stop 1 %, target 2 %, no limits: the benchmark's. */
export const PLAIN: RiskSettings = {
  sizing: { by: 'fraction', fraction: rate('0.1') },
  leverage: rate('1'),
  stop: { by: 'fixed', distance: rate('0.01') },
  target: { by: 'fixed', distance: rate('0.02') },
  loss: { by: 'none' },
  limits: OFF_LIMITS,
};

export const AT = Date.UTC(2025, 4, 7, 12);
const DAY = Date.UTC(2025, 4, 7);

export const account = (given: Partial<Account> = {}): Account => ({
  account: 'paper',
  asset: 'USDT',
  startBalance: money('10000'),
  deposits: money('0'),
  balance: money('10000'),
  costs: FREE,
  safety: 'ACTIVE',
  safetyReason: '',
  blockedUntil: 0,
  dayAt: DAY,
  dayStartEquity: money('10000'),
  weekAt: Date.UTC(2025, 4, 5),
  weekStartEquity: money('10000'),
  orderTimes: [],
  leases: {},
  markedAt: AT,
  breachAt: 0,
  ...given,
});

export const run = (given: Partial<Run> = {}): Run => ({
  run: 1,
  account: 'paper',
  symbol: given.instrument?.symbol ?? 'BTC/USDT:USDT',
  strategy: 'ema-cross',
  strategyVersion: 1,
  params: {},
  timeframeMs: 900_000,
  higherMs: 0,
  seed: 1,
  startedAt: DAY,
  instrument: PERPETUAL,
  observe: false,
  risk: PLAIN,
  state: 'RUNNING',
  warmedUp: true,
  signal: { side: 0, votes: [], startedAt: DAY, ready: false, seq: 1 },
  orders: [],
  ordersMade: 0,
  taken: [],
  holdings: [],
  gross: NO_MONEY,
  fees: NO_MONEY,
  funding: NO_MONEY,
  trades: 0,
  entriesToday: 0,
  flipsToday: 0,
  stopsToday: 0,
  stopsInRow: 0,
  cooldownUntil: 0,
  lastFlipAt: 0,
  lastFundingAt: 0,
  ...given,
});

export function position(sign: Sign, size: string, entry: string, given: Partial<Position> = {}): Position {
  return {
    sign,
    qty: qty(size),
    cost: times(qty(size), price(entry), 'down') as Money,
    openedAt: AT,
    toldAt: AT,
    changedAt: AT,
    fees: NO_MONEY,
    funding: NO_MONEY,
    gross: NO_MONEY,
    closedQty: NO_QTY,
    closedCost: NO_MONEY,
    closedValue: NO_MONEY,
    risk: NO_MONEY,
    protection: 'working',
    seq: 1,
    ...given,
  };
}

export const entryOrder = (given: Partial<Order> = {}): Order => ({
  order: 1,
  role: 'entry',
  type: 'limit',
  side: 'buy',
  qty: qty('0.1'),
  limit: price('100'),
  reduceOnly: false,
  postOnly: false,
  tif: 'gtc',
  reason: 'signal',
  status: 'working',
  filled: NO_QTY,
  intendedAt: AT,
  askedAt: AT,
  mid: 100,
  seq: 2,
  ...given,
});

export const quote = (bid: number, ask: number, given: Partial<Quote> = {}): Quote => ({
  bid,
  ask,
  mid: (bid + ask) / 2,
  mark: Number.NaN,
  bidQty: Number.POSITIVE_INFINITY,
  askQty: Number.POSITIVE_INFINITY,
  source: 'replay',
  at: AT,
  markAt: Number.NEGATIVE_INFINITY,
  lagMs: 0,
  ...given,
});

export const stateOf = (...runs: Run[]): State => ({ ...emptyState(), runs });

/** A flat run at a price of 50,000 in an untouched account. */
export function scene(given: Partial<ReviewContext> = {}): ReviewContext {
  const { run: of = run(), account: wallet = account() } = given;
  return {
    state: stateOf(of),
    account: wallet,
    run: of,
    quote: quote(50_000, 50_000),
    at: AT,
    equity: wallet.balance,
    reservedAccount: NO_MONEY,
    reservedRun: NO_MONEY,
    pledged: NO_MONEY,
    heat: NO_MONEY,
    openPositions: 0,
    blockedByGap: false,
    ...given,
  };
}

export const LONG: EntryRequest = { sign: 1, reason: 'signal', stopDistance: Number.NaN };
export const SHORT: EntryRequest = { ...LONG, sign: -1 };

/** A whole number of `unit`s as an exact price. */
export const ticks = (count: number, unit: Price): Price => (BigInt(count) * unit) as Price;
