import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { UserEvent } from '../../../../src/core/sandbox/account/account.ts';
import { type Bench, bench } from './client.ts';

let venue: Bench;
beforeAll(async () => {
  venue = await bench();
});
afterEach(() => venue.sandbox.faults.clear());
afterAll(() => venue.sandbox.close());

const post = (path: string, body: unknown) => venue.ask(path, { method: 'POST', body: JSON.stringify(body) });

test('the clock tells the time of the exchange, its speed and the wall', async () => {
  const { body } = await venue.ask('/sandbox/clock');
  expect(Object.keys(body)).toEqual(['now', 'speed', 'wall']);
  expect(Math.abs(body.now - venue.clock.wall())).toBeLessThan(1000);
});

describe('faults', () => {
  test('are set one by one or in a list, shown, and cleared by kind', async () => {
    await venue.fault('halt:id=BTCUSDT');
    const set = await post('/sandbox/faults', [{ kind: 'reset', path: '/api' }, 'silence:afterMs=5000']);
    expect(set.body).toEqual({
      active: [
        { kind: 'halt', id: 'BTCUSDT' },
        { kind: 'reset', path: '/api' },
      ],
      waiting: [{ kind: 'silence', afterMs: 5000 }],
    });
    await venue.ask('/sandbox/faults?kind=reset', { method: 'DELETE' });
    expect((await venue.ask('/sandbox/faults')).body.active).toEqual([{ kind: 'halt', id: 'BTCUSDT' }]);
    await venue.ask('/sandbox/faults', { method: 'DELETE' });
    expect((await venue.ask('/sandbox/faults')).body).toEqual({ active: [], waiting: [] });
  });

  test('of a list with a mistake none is set', async () => {
    const reply = await post('/sandbox/faults', ['halt', 'rest']);
    expect(reply).toMatchObject({
      status: 400,
      body: { problem: { found: 'kind "rest"', fix: 'did you mean reset?' } },
    });
    expect(venue.sandbox.faults.all).toEqual([]);
  });

  test('of a kind that is none are not cleared in silence', async () => {
    const reply = await venue.ask('/sandbox/faults?kind=halts', { method: 'DELETE' });
    expect(reply).toMatchObject({ status: 400, body: { problem: { fix: 'did you mean halt?' } } });
  });

  test('do not strike the hand that steers', async () => {
    await venue.fault('reset');
    expect((await venue.ask('/sandbox/clock')).status).toBe(200);
  });
});

describe('the account', () => {
  test('is read as it was set, and its stream is told what changed', async () => {
    const events: UserEvent[] = [];
    const stop = venue.sandbox.usdm?.account.onEvent((event) => events.push(event));
    const set = await post('/sandbox/account', {
      balances: [{ asset: 'USDT', free: '900', locked: 100 }],
      positions: [{ symbol: 'ETHUSDT', side: 'LONG', amount: '2', entryPrice: '3000', leverage: 10 }],
      dualSide: true,
      reason: 'DEPOSIT',
    });
    stop?.();
    expect(set.status).toBe(200);
    expect(events).toMatchObject([
      {
        e: 'ACCOUNT_UPDATE',
        a: {
          m: 'DEPOSIT',
          B: [{ a: 'USDT', wb: '1000', cw: '1000', bc: '-9000' }],
          P: [{ s: 'ETHUSDT', pa: '2', ep: '3000', ps: 'LONG' }],
        },
      },
    ]);
    expect((await venue.signed('/fapi/v1/positionSide/dual')).body).toEqual({ dualSidePosition: true });
    const [risk] = (await venue.signed('/fapi/v3/positionRisk')).body;
    expect(risk).toMatchObject({ symbol: 'ETHUSDT', positionSide: 'LONG', positionAmt: '2', entryPrice: '3000' });
    expect(Number(risk.unRealizedProfit)).toBeCloseTo(2 * (Number(risk.markPrice) - 3000), 6);
    expect(Number(risk.initialMargin)).toBeCloseTo(Number(risk.notional) / 10, 6);
    const account = (await venue.signed('/fapi/v2/account')).body;
    expect(account.totalWalletBalance).toBe('1000.00000000');
    const tied = Number(risk.initialMargin) + 100;
    expect(Number(account.availableBalance)).toBeCloseTo(1000 + Number(risk.unRealizedProfit) - tied, 5);
    expect(account.positions).toHaveLength(4);
  });

  test('orders, algo orders, trades and income are read by market, time and kind', async () => {
    const at = (time: number, more: object) => ({ symbol: 'BTCUSDT', time, ...more });
    await post('/sandbox/account', {
      openOrders: [at(5, { orderId: 1, clientOrderId: 'a' }), { ...at(6, { orderId: 2 }), symbol: 'ETHUSDT' }],
      openAlgoOrders: [{ symbol: 'BTCUSDT', algoId: 9, createTime: 5 }],
      orders: [at(1, { orderId: 3 }), at(3, { orderId: 4 })],
      trades: [at(1, { id: 11 }), at(2, { id: 12 }), at(3, { id: 13 })],
      income: [at(1, { incomeType: 'FUNDING_FEE' }), at(2, { incomeType: 'COMMISSION' })],
    });
    const ids = async (path: string, of: string) =>
      (await venue.signed(path)).body.map((row: Record<string, unknown>) => row[of]);
    expect(await ids('/fapi/v1/openOrders', 'orderId')).toEqual([1, 2]);
    expect(await ids('/fapi/v1/openOrders?symbol=ETHUSDT', 'orderId')).toEqual([2]);
    expect(await ids('/fapi/v1/openAlgoOrders?symbol=BTCUSDT', 'algoId')).toEqual([9]);
    expect(await ids('/fapi/v1/allOrders?symbol=BTCUSDT&startTime=2&limit=1', 'orderId')).toEqual([4]);
    expect(await ids('/fapi/v1/userTrades?symbol=BTCUSDT&fromId=12', 'id')).toEqual([12, 13]);
    expect(await ids('/fapi/v1/userTrades?symbol=BTCUSDT&limit=1', 'id')).toEqual([13]);
    expect(await ids('/fapi/v1/income?incomeType=FUNDING_FEE', 'time')).toEqual([1]);
    expect((await venue.signed('/fapi/v1/order?symbol=BTCUSDT&origClientOrderId=a')).body).toMatchObject({
      orderId: 1,
    });
    expect((await venue.signed('/fapi/v1/order?symbol=BTCUSDT&orderId=99')).body).toEqual({
      code: -2013,
      msg: 'Order does not exist.',
    });
  });

  test.each([
    [{ balances: [{ asset: 'USDT', free: 'much' }] }, 'free as a decimal number'],
    [{ balances: { asset: 'USDT' } }, 'balances as a list'],
    [{ positions: [{ symbol: 'DOGEUSDT', amount: '1', entryPrice: '1' }] }, 'one of the markets BTCUSDT, ETHUSDT'],
    [{ positions: [{ symbol: 'BTCUSDT', side: 'UP', amount: '1', entryPrice: '1' }] }, 'side BOTH, LONG or SHORT'],
    [{ balance: [] }, 'one of balances, positions'],
    [{ dualSide: 'yes' }, 'dualSide as true or false'],
    [{ event: { e: 'MARGIN_CALL' } }, 'event with its name e and its time E'],
    ['nonsense', 'an account as an object'],
  ])('%j is refused and changes nothing', async (change, expected) => {
    const before = venue.sandbox.usdm?.account.state;
    const reply = await post('/sandbox/account', change);
    expect(reply.status).toBe(400);
    expect(reply.body.problem.expected).toContain(expected);
    expect(venue.sandbox.usdm?.account.state).toBe(before);
  });
});

test('stats count requests by path and tell the weight', async () => {
  const fresh = await bench();
  await fresh.ask('/fapi/v1/time');
  await fresh.ask('/fapi/v1/ticker/24hr');
  await fresh.ask('/fapi/v1/time?x=1');
  expect((await fresh.ask('/sandbox/stats')).body).toMatchObject({
    requests: { 'GET /fapi/v1/ticker/24hr': 1, 'GET /fapi/v1/time': 2 },
    weight: { used: 42, limit: 2400 },
    streams: 0,
  });
  await fresh.sandbox.close();
});

test('what is not under /sandbox is told with what is', async () => {
  const reply = await venue.ask('/sandbox/fault');
  expect(reply).toMatchObject({ status: 404, body: { problem: { found: 'GET /sandbox/fault' } } });
});
