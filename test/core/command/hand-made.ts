import { money, price, qty, rate } from '../../../src/core/base/decimal.ts';
import type { AnyEntry, Cause, Entry } from '../../../src/core/domain/entry.ts';
import type { Bodies, Kind } from '../../../src/core/domain/events.ts';
import type { Instrument } from '../../../src/core/domain/instrument.ts';
import { createMemoryJournal, type MemoryJournal } from '../../../src/core/journal/memory.ts';

/** 2025-05-04 06:00:00 UTC. */
export const SIX = 1_746_338_400_000;
export const MINUTE = 60_000;

export const BTC: Instrument = {
  symbol: 'BTC/USDT:USDT',
  kind: 'perpetual',
  base: 'BTC',
  quote: 'USDT',
  tick: price('0.1'),
  step: qty('0.001'),
  qtyMin: qty('0.001'),
  qtyMax: qty('1000'),
  notionalMin: money('5'),
  contractSize: qty('1'),
  makerRate: rate('0.0002'),
  takerRate: rate('0.0005'),
  assetStep: money('0.00000001'),
  tiers: [],
};

/** Writes entries one after the other, the way an engine would: each names what led to it. */
export class HandMade {
  readonly journal: MemoryJournal = createMemoryJournal();
  at = SIX;
  run = 1;

  write<K extends Kind>(kind: K, cause: Cause, body: Bodies[K]): number {
    const seq = this.journal.lastSeq + 1;
    const entry: Entry<K> = { seq, epoch: 1, run: this.run, account: 'paper', kind, v: 1, at: this.at, cause, body };
    this.journal.append(entry as unknown as AnyEntry);
    return seq;
  }
}

const start: Bodies['run_started'] = {
  run: 1,
  account: 'paper',
  symbol: 'BTC/USDT:USDT',
  strategy: 'ema-cross',
  strategyVersion: 1,
  params: { fast: 12, slow: 26 },
  timeframeMs: MINUTE,
  higherMs: 0,
  seed: 1,
  instrument: BTC,
  riskSettings: {
    sizing: { by: 'fraction', fraction: rate('0.1') },
    leverage: rate('2'),
    stop: { by: 'none' },
    target: { by: 'none' },
    loss: { by: 'none' },
    limits: {},
  },
  observe: false,
};

const signal = (side: 1 | -1, close: number, at: number): Bodies['signal_raised'] => ({
  side,
  strength: 'strong',
  confidence: 1,
  votes: [{ name: 'cross', vote: side, weight: 1 }],
  values: { emaFast: 61_840.123_456_7, emaSlow: 61_790.5 },
  candleAt: at - MINUTE,
  close,
  startedAt: at,
  reason: '1 of 1 votes agree',
});

const quote = (mid: number): Bodies['order_intended']['quote'] => ({
  bid: mid,
  ask: mid,
  mid,
  mark: Number.NaN,
  source: 'replay',
  ageMs: 0,
  spreadBps: 0,
});

/** One long trade that its stop ends, with a candle of another run between: 14 entries, numbered as the comments say. */
export function stoppedLong(): MemoryJournal {
  const made = new HandMade();
  made.write('run_started', 'command start_run 1746338400000', start); // 1
  made.at += MINUTE;
  const raised = made.write('signal_raised', `BTC/USDT:USDT close ${made.at}`, signal(1, 61_850, made.at)); // 2
  const confirmed = made.write('signal_confirmed', raised, {
    side: 1,
    confirmations: 1,
    startedAt: made.at,
    stopDistance: null,
  }); // 3
  const intended = made.write('order_intended', confirmed, {
    order: 1,
    role: 'entry',
    type: 'market',
    side: 'buy',
    qty: qty('0.016'),
    reduceOnly: false,
    postOnly: false,
    tif: 'ioc',
    reason: 'signal',
    quote: quote(61_840.2),
    size: {
      by: 'fraction',
      equity: money('10000'),
      wanted: money('1000'),
      entry: price('61840.2'),
      stopPrice: price('61221.8'),
      notional: money('989.4432'),
      margin: money('494.7216'),
      risk: money('10.8843584'),
    },
  }); // 4
  const filled = made.write('order_filled', intended, {
    order: 1,
    fill: qty('0.016'),
    price: price('61840.2'),
    fee: money('0.4947216'),
    liquidity: 'taker',
    model: 'T0 open',
    trade: 't1',
    mid: 61_840.2,
    slippageBps: 0,
    venueAt: made.at,
    left: qty('0'),
  }); // 5
  const opened = made.write('position_opened', filled, {
    order: 1,
    fill: qty('0.016'),
    price: price('61840.2'),
    fee: money('0.4947216'),
    balance: money('9999.5052784'),
    after: { side: 'long', qty: qty('0.016'), cost: money('989.4432') },
    openedAt: made.at,
    risk: money('10.8843584'),
    stopPrice: price('61221.8'),
    protection: 'pending',
  }); // 6
  const stop = made.write('order_intended', opened, {
    order: 2,
    role: 'stop',
    type: 'stop',
    side: 'sell',
    qty: qty('0.016'),
    trigger: price('61221.8'),
    reduceOnly: true,
    postOnly: false,
    tif: 'gtc',
    reason: 'stop_loss',
  }); // 7
  made.write('stop_placed', stop, { order: 2, trigger: price('61221.8') }); // 8
  made.run = 2;
  made.write('signal_dropped', `ETH/USDT:USDT close ${made.at}`, { side: -1, reason: 'ready_stale' }); // 9, another run
  made.run = 1;
  made.at += 5 * MINUTE;
  const reached = made.write('stop_triggered', stop, { order: 2, trigger: price('61221.8'), seen: 61_200 }); // 10
  const exit = made.write('order_filled', reached, {
    order: 2,
    fill: qty('0.016'),
    price: price('61221.8'),
    fee: money('0.4897744'),
    liquidity: 'taker',
    model: 'T0 stop',
    trade: 't2',
    mid: 61_221.8,
    slippageBps: 0,
    venueAt: made.at,
    left: qty('0'),
  }); // 11
  const closed = made.write('position_closed', exit, {
    order: 2,
    fill: qty('0.016'),
    price: price('61221.8'),
    fee: money('0.4897744'),
    balance: money('9989.121104'),
    side: 'long',
    qty: qty('0.016'),
    entryAt: made.at - 5 * MINUTE,
    exitAt: made.at,
    entryPrice: price('61840.2'),
    exitPrice: price('61221.8'),
    entryValue: money('989.4432'),
    exitValue: money('979.5488'),
    gross: money('-9.8944'),
    fees: money('0.984496'),
    funding: money('0'),
    pnl: money('-10.878896'),
    r: -0.9995,
    mae: -10.2432,
    mfe: 1.5,
    reason: 'stop_loss',
  }); // 12
  made.write('cooldown_started', closed, { reason: 'stop_loss', until: made.at + 5 * MINUTE }); // 13
  made.at += MINUTE;
  made.write('signal_raised', `BTC/USDT:USDT close ${made.at}`, signal(-1, 61_100, made.at)); // 14
  return made.journal;
}
