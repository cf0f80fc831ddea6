import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaultKind } from '../../../../src/core/sandbox/fault.ts';
import { type Sandbox, serveSandbox } from '../../../../src/core/sandbox/server.ts';
import type { Timers, VenueProblemCode } from '../../../../src/core/venue/exchange.ts';
import { type ShiftedClock, shiftedClock, stubMarket } from '../../../support/sandbox-market.ts';
import { good, type Opened, opened, problem, realTimers } from './loopback.ts';

const BTC = 'BTC/USDT:USDT';
const MINUTE = 60_000;
const START = Date.UTC(2026, 5, 1, 12, 0, 5);
const key = (apiKey: string) => ({ exchange: 'binanceusdm', apiKey, secret: 'sandbox-secret' });

let clock: ShiftedClock;
let sandbox: Sandbox;
let timers: Timers;
const open: Opened[] = [];

beforeEach(async () => {
  clock = shiftedClock(START);
  timers = { ...realTimers, wall: clock.wall };
  const accounts = {
    usdm: {
      balances: [
        { asset: 'USDT', free: '9000.5', locked: '0' },
        { asset: 'BNB', free: '0', locked: '0' },
      ],
      positions: [
        {
          symbol: 'BTCUSDT',
          side: 'BOTH' as const,
          amount: '-0.250',
          entryPrice: '61000.5',
          breakEvenPrice: '61000.5',
          leverage: 7,
          marginType: 'isolated' as const,
          isolatedMargin: '2000',
          updatedAt: START,
        },
      ],
      openOrders: [
        {
          orderId: 11,
          symbol: 'ETHUSDT',
          side: 'BUY',
          type: 'LIMIT',
          origQty: '0.400',
          executedQty: '0.100',
          price: '2900.10',
          stopPrice: '0',
          reduceOnly: false,
          time: START,
        },
      ],
      openAlgoOrders: [
        {
          algoId: 2_148_627,
          symbol: 'BTCUSDT',
          side: 'BUY',
          orderType: 'STOP_MARKET',
          quantity: '0.250',
          price: '0',
          triggerPrice: '62000.0',
          reduceOnly: true,
          createTime: START,
        },
      ],
      income: [
        {
          symbol: 'BTCUSDT',
          incomeType: 'FUNDING_FEE',
          income: '-0.37500000',
          asset: 'USDT',
          time: START - 2,
          tranId: '1',
          tradeId: '',
        },
        {
          symbol: 'BTCUSDT',
          incomeType: 'COMMISSION',
          income: '-0.01000000',
          asset: 'USDT',
          time: START - 1,
          tranId: '2',
          tradeId: '3',
        },
      ],
    },
    spot: { balances: [{ asset: 'BTC', free: '0.10000000', locked: '0.02500000' }] },
  };
  sandbox = await serveSandbox({ usdm: stubMarket('usdm', clock), spot: stubMarket('spot', clock), clock, accounts });
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((rest) => rest.close()));
  await sandbox.close();
});

async function usdm(options: Parameters<typeof opened>[0] | object = {}): Promise<Opened> {
  const rest = await opened({ base: sandbox.usdm?.base ?? '', timers, ...options });
  open.push(rest);
  return rest;
}

async function spot(options: object = {}): Promise<Opened> {
  const rest = await opened({ base: sandbox.spot?.base ?? '', exchange: 'binance', timers, ...options });
  open.push(rest);
  return rest;
}

describe('a session with the stand-in', () => {
  it('lists its markets and tells prices, book and funding', async () => {
    const rest = await usdm();
    expect([rest.exchange, rest.title]).toEqual(['binanceusdm', 'Binance USDS-M']);
    expect(good(await rest.markets()).map((one) => [one.symbol, one.status, one.fundingMs])).toEqual([
      [BTC, 'trading', 8 * 60 * MINUTE],
      ['ETH/USDT:USDT', 'trading', 8 * 60 * MINUTE],
    ]);
    expect(good(await rest.poll(BTC))).toEqual({
      symbol: BTC,
      bid: expect.any(Number),
      ask: expect.any(Number),
      bidQty: 1.5,
      askQty: 1.5,
      mark: expect.any(Number),
      fundingRate: 0.0001,
      nextFundingAt: Date.UTC(2026, 5, 1, 16),
      venueAt: expect.any(Number),
    });
    const book = good(await rest.book(BTC, 7));
    expect([book.bids.length, book.asks.length, book.updateId > 0]).toEqual([7, 7, true]);
    expect((book.bids[0]?.[0] ?? 0) < (book.asks[0]?.[0] ?? 0)).toBe(true);
    const from = START - 2 * 24 * 60 * MINUTE;
    const rates = good(await rest.fundingRates(BTC, from, 4));
    expect(rates.map((row) => row.rate)).toEqual(Array(4).fill('0.00010000'));
    expect(rates.map((row) => row.at >= from && row.at % (8 * 60 * MINUTE))).toEqual([0, 0, 0, 0]);
    expect(problem(await rest.poll('BTC/USD:USDT'))).toMatchObject({
      problem: 'UNKNOWN_SYMBOL',
      fix: `did you mean ${BTC}?`,
    });
  });

  it('pages through candles to the last closed one, and stops there', async () => {
    const rest = await usdm();
    const from = START - (START % MINUTE) - 250 * MINUTE;
    const seen: number[] = [];
    for (let at = from; ; ) {
      const rows = good(await rest.candles(BTC, { timeframeMs: MINUTE, from: at, limit: 100, of: 'trades' }));
      seen.push(...rows.map((row) => row[0]));
      if (rows.length === 0) break;
      at = (rows.at(-1)?.[0] ?? 0) + MINUTE;
    }
    // 12:00:05: the minute of 12:00 forms.
    expect(seen).toEqual(Array.from({ length: 250 }, (_, row) => from + row * MINUTE));
    const query = { timeframeMs: MINUTE, from, limit: 3, of: 'mark' as const };
    expect(good(await rest.candles(BTC, query)).map((row) => row[5])).toEqual([0, 0, 0]);
    expect(problem(await rest.candles(BTC, { ...query, timeframeMs: 7_000 })).problem).toBe('NOT_SUPPORTED');
    const plain = await spot();
    expect(problem(await plain.candles('BTC/USDT', query)).problem).toBe('NOT_SUPPORTED');
    expect(good(await plain.candles('BTC/USDT', { ...query, of: 'trades' })).length).toBe(3);
  });

  it('goes by the clock of the venue, not by ours', async () => {
    // Ours is a minute ahead: by it the candle that forms would be closed.
    const rest = await usdm({ timers: { ...timers, wall: () => clock.wall() + MINUTE } });
    const from = START - (START % MINUTE) - 2 * MINUTE;
    const rows = good(await rest.candles(BTC, { timeframeMs: MINUTE, from, limit: 10, of: 'trades' }));
    expect(rows.map((row) => row[0])).toEqual([from, from + MINUTE]);
    const { offsetMs, offsetErrorMs } = rest.health();
    expect(Math.abs((offsetMs ?? 0) + MINUTE)).toBeLessThan(50);
    expect(offsetErrorMs).toBeLessThan(50);
  });

  it('measures the clock anew when ours was set', async () => {
    const wall = { shiftMs: 0 };
    const rest = await usdm({ timers: { ...timers, wall: () => clock.wall() + wall.shiftMs } });
    const query = {
      timeframeMs: MINUTE,
      from: START - (START % MINUTE) - 2 * MINUTE,
      limit: 10,
      of: 'trades' as const,
    };
    expect(good(await rest.candles(BTC, query)).length).toBe(2);
    wall.shiftMs = 60 * MINUTE;
    expect(good(await rest.candles(BTC, query)).length).toBe(2);
    expect(Math.abs((rest.health().offsetMs ?? 0) + 60 * MINUTE)).toBeLessThan(50);
  });

  it('reads an account: balances, positions, orders with the conditional ones, funding and fees', async () => {
    const rest = await usdm({ key: key('sandbox-read') });
    const account = good(await rest.account());
    expect(account).toMatchObject({
      exchange: 'binanceusdm',
      key: 'sand...read',
      positionMode: 'one-way',
      missing: [],
    });
    expect(account.balances).toEqual([
      { asset: 'USDT', total: '9000.50000000', free: expect.any(String), used: expect.any(String) },
    ]);
    expect(account.positions).toMatchObject([
      { symbol: BTC, side: 'short', qty: '0.250', entry: '61000.5', leverage: '7', isIsolated: true },
    ]);
    expect(account.orders).toEqual([
      {
        id: '11',
        symbol: 'ETH/USDT:USDT',
        side: 'buy',
        type: 'limit',
        qty: '0.400',
        filled: '0.100',
        price: '2900.10',
        trigger: null,
        reduceOnly: false,
        closesPosition: false,
        at: START,
      },
      {
        id: '2148627',
        symbol: BTC,
        side: 'buy',
        type: 'stop_market',
        qty: '0.250',
        filled: null,
        price: null,
        trigger: '62000.0',
        reduceOnly: true,
        closesPosition: false,
        at: START,
      },
    ]);
    expect(account.flows.map((flow) => [flow.kind, flow.amount, flow.asset])).toEqual([
      ['fee', '-0.01000000', 'USDT'],
      ['funding', '-0.37500000', 'USDT'],
    ]);
    const plain = good(await (await spot({ key: key('sandbox-read') })).account());
    expect(plain.balances).toEqual([{ asset: 'BTC', total: '0.125', free: '0.10000000', used: '0.02500000' }]);
    expect([plain.missing, plain.partial]).toEqual([[expect.stringContaining('Funding and fees')], ['flows']]);
  });

  it('names the part of an account that the venue does not give', async () => {
    const rest = await usdm({ key: key('sandbox-read') });
    sandbox.faults.set({ kind: 'error', path: '/fapi/v1/openAlgoOrders', status: 400, code: -1000 });
    const account = good(await rest.account());
    expect(account.orders.length).toBe(1);
    expect(account.missing).toEqual([expect.stringMatching(/^Conditional orders \(stops\): HTTP 400, code -1000/)]);
    expect(account.partial).toEqual(['orders']);
  });

  it('tells what a key may do', async () => {
    const rights = async (name: string) => good(await (await usdm({ key: key(name) })).keyRights());
    expect(await rights('sandbox-withdraw')).toMatchObject({
      canRead: true,
      canWithdraw: true,
      positionMode: 'one-way',
    });
    expect(await rights('sandbox-read')).toMatchObject({ canTrade: false, canWithdraw: false, isBoundToIp: true });
    expect(await rights('sandbox-noip')).toMatchObject({ isBoundToIp: false });
    expect(problem(await (await usdm({ key: key('sandbox-revoked') })).keyRights()).problem).toBe('BAD_KEY');
    expect(problem(await (await usdm()).keyRights()).problem).toBe('BAD_KEY');
  });

  it('has its clock put right before it signs', async () => {
    const rest = await usdm({ key: key('sandbox-read') });
    good(await rest.account());
    sandbox.faults.set({ kind: 'clock-skew', ms: 90_000 });
    expect(problem(await rest.account()).problem).toBe('CLOCK_OFF');
    expect(Math.abs(good(await rest.measureClock()) - 90_000)).toBeLessThan(50);
    good(await rest.account());
  });

  it('hears what a symbol became', async () => {
    const rest = await usdm();
    good(await rest.markets());
    sandbox.faults.set({ kind: 'halt', id: 'BTCUSDT' });
    sandbox.faults.set({ kind: 'delist', id: 'ETHUSDT' });
    expect(good(await rest.markets(true)).map((one) => one.status)).toEqual(['halted', 'delisted']);
  });
});

describe('faults of the stand-in', () => {
  it.each<[FaultKind, VenueProblemCode]>([
    ['reset', 'NO_NETWORK'],
    ['reset-after', 'BAD_ANSWER'],
    ['hang', 'TIMED_OUT'],
    ['truncate', 'BAD_ANSWER'],
    ['empty', 'BAD_ANSWER'],
    ['html', 'BAD_ANSWER'],
    ['redirect', 'BAD_ANSWER'],
    ['status', 'VENUE_DOWN'],
    ['rate-limit', 'RATE_LIMITED'],
    ['ban', 'BANNED'],
    ['maintenance', 'MAINTENANCE'],
  ])('%s is %s, and over when it is over', async (kind, expected) => {
    const rest = await usdm(kind === 'hang' ? { timeoutMs: 1_000 } : {});
    good(await rest.poll(BTC));
    const before = rest.health().asked;
    sandbox.faults.set({ kind });
    expect(problem(await rest.poll(BTC)).problem).toBe(expected);
    sandbox.faults.clear();
    const { silentUntil } = rest.health();
    if (expected === 'RATE_LIMITED' || expected === 'BANNED') {
      expect(silentUntil).toBeGreaterThan(clock.wall() + 50_000);
      const asked = rest.health().asked;
      expect(problem(await rest.poll(BTC)).problem).toBe(expected);
      expect(rest.health().asked).toBe(asked);
      clock.shift((silentUntil ?? 0) - clock.wall() + 1);
    } else {
      expect(silentUntil).toBeNull();
    }
    good(await rest.poll(BTC));
    expect(rest.health().asked).toBeGreaterThan(before);
  });

  it('a delay is waited for, up to the time-out', async () => {
    const patient = await usdm();
    good(await patient.markets());
    sandbox.faults.set({ kind: 'delay', ms: 80 });
    good(await patient.poll(BTC));
    sandbox.faults.clear();
    sandbox.faults.set({ kind: 'delay', ms: 900 });
    const rest = await usdm({ timeoutMs: 80 });
    expect(problem(await rest.poll(BTC)).problem).toBe('TIMED_OUT');
  });

  it('keeps a fifth of the weight for prices: history is put off, a poll and a missing candle are not', async () => {
    const rest = await usdm();
    good(await rest.markets());
    good(await rest.measureClock());
    const query = { timeframeMs: MINUTE, from: START - 2_000 * MINUTE, limit: 1_499, of: 'trades' as const };
    let put = 0;
    for (let asked = 0; asked < 200 && put === 0; asked++) {
      const answer = await rest.candles(BTC, query);
      if ('problem' in answer) {
        put = rest.health().weightUsed ?? 0;
        expect(answer).toMatchObject({ problem: 'RATE_LIMITED', found: expect.stringContaining('kept for prices') });
        expect(answer.silentUntil).toBeGreaterThan(clock.wall());
      }
    }
    expect(put).toBeGreaterThan(0.8 * 2400 - 20);
    expect(put).toBeLessThanOrEqual(0.8 * 2400);
    expect(rest.health()).toMatchObject({ weightMax: 2400, silentUntil: null });
    good(await rest.poll(BTC));
    // A candle that the stream left out is no history.
    good(await rest.candles(BTC, { ...query, limit: 2 }));
    clock.shift(MINUTE);
    good(await rest.candles(BTC, query));
  });
});

it('ends: nothing is asked after it, and no connection is left', async () => {
  const rest = await usdm();
  good(await rest.markets());
  await rest.close();
  expect(problem(await rest.markets(true)).problem).toBe('REFUSED');
  await expect
    .poll(async () => {
      const stats = await (
        await fetch(`${sandbox.usdm?.base}/sandbox/stats`, { headers: { connection: 'close' } })
      ).json();
      return (stats as { connections: number }).connections;
    })
    .toBeLessThanOrEqual(1);
});
