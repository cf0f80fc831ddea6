import { money, price, qty, rate } from '../../../src/core/base/decimal.ts';
import type { AnyEntry, Cause } from '../../../src/core/domain/entry.ts';
import type { Bodies, Kind } from '../../../src/core/domain/events.ts';
import type { Instrument } from '../../../src/core/domain/instrument.ts';
import type { RiskSettings } from '../../../src/core/domain/settings.ts';
import type { Journal } from '../../../src/core/journal/journal.ts';

/** 2025-05-04T08:14:00Z. */
export const START = 1_746_346_440_000;
const MINUTE = 60_000;

/** Writes facts into a journal with the next seq, a minute apart. */
export class Scribe {
  readonly #journal: Journal;
  seq: number;
  at: number;
  readonly #epoch: number;
  /** Orders are numbered within their run. */
  readonly #orders = new Map<number, number>();

  constructor(journal: Journal, { at = START, epoch = 1 }: { at?: number; epoch?: number } = {}) {
    this.#journal = journal;
    this.seq = journal.lastSeq;
    this.at = at;
    this.#epoch = epoch;
  }

  /** @returns the seq. */
  write<K extends Kind>(run: number, kind: K, body: Bodies[K], cause: Cause = this.seq): number {
    this.seq += 1;
    this.at += MINUTE;
    const address = { seq: this.seq, epoch: this.#epoch, run, account: 'main' };
    this.#journal.append({ ...address, kind, v: 1, at: this.at, cause, body } as AnyEntry);
    return this.seq;
  }

  start(run: number, symbol: string): number {
    return this.write(run, 'run_started', runStarted(run, symbol), 'start');
  }

  /** One trade in ten entries: 8 order and position entries, a signal, an equity mark. */
  trade(run: number): void {
    const order = (this.#orders.get(run) ?? 0) + 1;
    this.#orders.set(run, order + 1);
    const signal = this.write(run, 'signal_raised', SIGNAL, `BTC/USDT:USDT close ${this.at}`);
    const intent = this.write(run, 'order_intended', intended(order), signal);
    this.write(run, 'order_submitted', { order }, intent);
    this.write(run, 'order_accepted', { order }, intent);
    const fill = this.write(run, 'order_filled', filled(order, '61840.2'), intent);
    const opened = this.write(run, 'position_opened', OPENED, fill);
    const exit = this.write(run, 'order_intended', intended(order + 1), opened);
    const exitFill = this.write(run, 'order_filled', filled(order + 1, '61900'), exit);
    this.write(run, 'position_closed', CLOSED, exitFill);
    this.write(0, 'equity_marked', EQUITY, 'hour');
  }
}

export const INSTRUMENT: Instrument = {
  symbol: 'BTC/USDT:USDT',
  kind: 'perpetual',
  base: 'BTC',
  quote: 'USDT',
  tick: price('0.1'),
  step: qty('0.001'),
  qtyMin: qty('0.001'),
  qtyMax: qty('1000'),
  notionalMin: money('100'),
  contractSize: qty('1'),
  makerRate: rate('0.0002'),
  takerRate: rate('0.0004'),
  assetStep: money('0.00000001'),
  tiers: [{ floor: money('0'), maintenanceRate: rate('0.004'), leverageMax: rate('125'), cum: money('0') }],
};

const SETTINGS: RiskSettings = {
  sizing: { by: 'fraction', fraction: rate('0.1') },
  leverage: rate('1'),
  stop: { by: 'fixed', distance: rate('0.01') },
  target: { by: 'fixed', distance: rate('0.02') },
  loss: { by: 'none' },
  limits: {},
};

export function runStarted(run: number, symbol: string): Bodies['run_started'] {
  return {
    run,
    account: 'main',
    symbol,
    strategy: 'ema-cross',
    strategyVersion: 1,
    params: { fast: 12, slow: 26, price: 'mid' },
    timeframeMs: MINUTE,
    higherMs: 0,
    seed: 42,
    instrument: { ...INSTRUMENT, symbol },
    riskSettings: SETTINGS,
    observe: false,
  };
}

const SIGNAL: Bodies['signal_raised'] = {
  side: 1,
  strength: 'strong',
  confidence: 1,
  votes: [{ name: 'cross', vote: 1, weight: 1 }],
  values: { fast: 61_840.25, slow: 61_839.5, atr: null },
  candleAt: START,
  close: 61_840.2,
  startedAt: START,
  reason: 'fast over slow',
};

function intended(order: number): Bodies['order_intended'] {
  const shape = { order, role: 'entry', type: 'market', side: 'buy' } as const;
  return { ...shape, qty: qty('0.016'), reduceOnly: false, postOnly: false, tif: 'ioc', reason: 'signal' };
}

function filled(order: number, at: string): Bodies['order_filled'] {
  const sums = { fill: qty('0.016'), price: price(at), fee: money('0.39577728'), left: qty('0') };
  const facts = { model: 'open', trade: `t${order}`, mid: 61_840.2, slippageBps: 0, venueAt: START };
  return { order, ...sums, liquidity: 'taker', ...facts };
}

const FILL = { order: 1, fill: qty('0.016'), price: price('61840.2'), fee: money('0.39577728') };

export const OPENED: Bodies['position_opened'] = {
  ...FILL,
  balance: money('9999.60422272'),
  after: { side: 'long', qty: qty('0.016'), cost: money('989.4432') },
  risk: money('9.894432'),
  stopPrice: price('61221.7'),
  protection: 'working',
  openedAt: START,
};

export const CLOSED: Bodies['position_closed'] = {
  ...FILL,
  balance: money('10000.16582272'),
  side: 'long',
  qty: qty('0.016'),
  entryAt: START,
  exitAt: START + MINUTE,
  entryPrice: price('61840.2'),
  exitPrice: price('61900'),
  entryValue: money('989.4432'),
  exitValue: money('990.4'),
  gross: money('0.9568'),
  fees: money('0.79193728'),
  funding: money('-0.01'),
  pnl: money('0.15486272'),
  r: 0.0156,
  mae: -1.5,
  mfe: 2.25,
  reason: 'take_profit',
};

const EQUITY: Bodies['equity_marked'] = {
  high: money('10001'),
  low: money('9999.5'),
  equity: money('10000.5'),
  balance: money('10000.16582272'),
};
