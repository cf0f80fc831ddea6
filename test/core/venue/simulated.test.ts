import { describe, expect, test } from 'vitest';
import { money, NO_QTY, price, qty, rate, text } from '../../../src/core/base/decimal.ts';
import type { Input, Report } from '../../../src/core/domain/input.ts';
import type { Order } from '../../../src/core/domain/order.ts';
import type { Run } from '../../../src/core/domain/run.ts';
import type { Costs } from '../../../src/core/domain/settings.ts';
import { SimulatedVenue } from '../../../src/core/venue/simulated/simulated.ts';
import { createTapedVenue } from '../../../src/core/venue/taped.ts';
import { AT, account, entryOrder, FREE, PERPETUAL, position, run, SPOT, stateOf } from '../risk/scene.ts';

const BTC = 'BTC/USDT:USDT';
const range = (low: number, high: number, open = low): Input => ({
  kind: 'range',
  symbol: BTC,
  at: AT,
  open,
  high,
  low,
});
const open = (at: number): Input => ({ kind: 'open', symbol: BTC, at: AT, price: at });
const quote = (bid: number, ask: number, size = Number.POSITIVE_INFINITY): Input => ({
  kind: 'quote',
  symbol: BTC,
  at: AT,
  bid,
  ask,
  bidQty: size,
  askQty: size,
  source: 'script',
});

/** A venue with one run and its orders. */
function venueOf(orders: Order[], given: Partial<Run> = {}, costs: Costs = FREE) {
  const owner = run({ orders, ...given });
  const state = { ...stateOf(owner), accounts: [account({ costs })] };
  const venue = new SimulatedVenue(state, { liquidationOf: () => undefined, freeFor: (_, { balance }) => balance });
  /** What it says to an input, in order; the fills are booked on the order as the engine would. */
  const say = (input: Input): string[] => {
    venue.see(input);
    const said: string[] = [];
    while (venue.dueAt <= AT) {
      const report = venue.take(AT);
      if (report === undefined) continue;
      said.push(lineOf(report));
      book(owner, report);
    }
    return said;
  };
  return { venue, owner, say };
}

function lineOf(report: Report): string {
  if (report.type === 'filled') {
    return `filled ${report.order} ${text(report.fill)} @ ${text(report.price)} ${report.liquidity} fee ${text(report.fee)}`;
  }
  return report.type === 'rejected' ? `rejected ${report.order} ${report.code}` : `${report.type} ${report.order}`;
}

function book(owner: Run, report: Report): void {
  const order = owner.orders.find((each) => each.order === report.order);
  if (order === undefined) return;
  if (report.type === 'accepted') order.status = 'working';
  if (report.type === 'filled') order.filled = (order.filled + report.fill) as typeof order.filled;
  const isGone = order.filled === order.qty || ['canceled', 'expired', 'rejected'].includes(report.type);
  if (isGone) owner.orders.splice(owner.orders.indexOf(order), 1);
}

describe('a resting limit', () => {
  const buy = (): Order => entryOrder({ side: 'buy', limit: price('100'), qty: qty('0.1') });
  const sell = (): Order => entryOrder({ side: 'sell', limit: price('100'), qty: qty('0.1') });

  test.each<[string, Order, Input, string[]]>([
    ['a touch fills no buy', buy(), range(100, 101), []],
    ['a tick through fills a buy at its limit', buy(), range(99.9, 101), ['filled 1 0.1 @ 100 maker fee 0.002']],
    ['a gap through fills it at its limit, not better', buy(), range(90, 95), ['filled 1 0.1 @ 100 maker fee 0.002']],
    ['a touch fills no sell', sell(), range(99, 100), []],
    ['a tick through fills a sell', sell(), range(99, 100.1), ['filled 1 0.1 @ 100 maker fee 0.002']],
    ['an ask at the limit fills no buy', buy(), quote(99, 100), []],
    ['an ask below it does', buy(), quote(99, 99.9), ['filled 1 0.1 @ 100 maker fee 0.002']],
  ])('%s', (_, order, input, said) => {
    const costs = { ...FREE, makerRate: rate('0.0002'), takerRate: rate('0.0005'), slippage: rate('0.001') };
    expect(venueOf([order], {}, costs).say(input)).toEqual(said);
  });

  test('gets a rebate rounded down, in the coin on spot, too', () => {
    const costs = { ...FREE, makerRate: rate('-0.0001') };
    const odd = (): Order => entryOrder({ side: 'buy', limit: price('100.1'), qty: qty('0.1') });
    const instrument = { ...PERPETUAL, assetStep: money('0.01') };
    expect(venueOf([odd()], { instrument }, costs).say(range(99, 101))).toEqual(['filled 1 0.1 @ 100.1 maker fee 0']);
    const small = { ...odd(), qty: qty('0.00001') };
    const { venue } = venueOf([small], { instrument: { ...SPOT, symbol: BTC } }, costs);
    venue.see(range(99, 101));
    expect(venue.take(AT)).toMatchObject({ feeBase: 0n });
  });

  test('takes what a thin touch shows, and waits for the price to come through again', () => {
    const { say } = venueOf([buy()]);
    expect(say(quote(99, 99.9, 0.04))).toEqual(['filled 1 0.04 @ 100 maker fee 0']);
    expect(say(quote(105, 106))).toEqual([]);
    expect(say(quote(99, 99.9, 7))).toEqual(['filled 1 0.06 @ 100 maker fee 0']);
  });
});

describe('an order that arrives', () => {
  const arriving = (given: Partial<Order>, held: Partial<Run> = {}, costs: Costs = FREE) => {
    const order = entryOrder({ status: 'intended', mid: 99, ...given });
    const scene = venueOf([order], held, costs);
    scene.say(open(99));
    scene.venue.submit(scene.owner, order);
    return scene.say({ kind: 'time', at: AT });
  };

  test('rests where it does not cross', () => {
    expect(arriving({ limit: price('98.9') })).toEqual(['accepted 1']);
    expect(arriving({ limit: price('99.1'), side: 'sell' })).toEqual(['accepted 1']);
  });

  test('takes where it crosses; post-only is rejected instead', () => {
    expect(arriving({ limit: price('99') })).toEqual(['filled 1 0.1 @ 99 taker fee 0']);
    expect(arriving({ limit: price('99'), postOnly: true, tif: 'gtx' })).toEqual(['rejected 1 POST_ONLY_CROSSES']);
    expect(arriving({ limit: price('99'), postOnly: true, tif: 'gtx', side: 'sell' })).toEqual([
      'rejected 1 POST_ONLY_CROSSES',
    ]);
  });

  test.each<[string, Partial<Order>, string]>([
    ['a buy at the ask', { limit: price('99.1') }, 'filled 1 0.1 @ 99.1 taker fee 0'],
    ['a buy below it', { limit: price('99') }, 'accepted 1'],
    ['a sell at the bid', { limit: price('98.9'), side: 'sell' }, 'filled 1 0.1 @ 98.9 taker fee 0'],
    ['a sell above it', { limit: price('99'), side: 'sell' }, 'accepted 1'],
    ['post-only, below the ask', { limit: price('99'), postOnly: true, tif: 'gtx' }, 'accepted 1'],
  ])('crosses half the modelled spread from a candle: %s', (_, order, said) => {
    expect(arriving(order, {}, { ...FREE, spread: rate('0.002') })).toEqual([said]);
  });

  test('reduces what is there, and nothing else', () => {
    const exit: Partial<Order> = {
      role: 'exit',
      type: 'market',
      reduceOnly: true,
      limit: undefined,
      tif: 'ioc',
      side: 'sell',
    };
    expect(arriving(exit)).toEqual(['rejected 1 REDUCE_ONLY']);
    expect(arriving(exit, { position: position(-1, '0.1', '100') })).toEqual(['rejected 1 REDUCE_ONLY']);
    expect(arriving(exit, { position: position(1, '0.03', '100') })[0]).toBe('filled 1 0.03 @ 99 taker fee 0');
  });

  test('comes after its latency, and a cancel that was sent later comes later', () => {
    const order = entryOrder({ status: 'intended', mid: 99, limit: price('90') });
    const { venue, owner } = venueOf([order], {}, { ...FREE, latencyMs: 150 });
    venue.submit(owner, order);
    expect(venue.dueAt).toBe(AT + 150);
    order.askedAt = AT + 20;
    venue.cancel(owner, order);
    const said: [number, string | undefined][] = [];
    while (venue.dueAt < Number.POSITIVE_INFINITY) said.push([venue.dueAt - AT, venue.take(venue.dueAt)?.type]);
    expect(said).toEqual([
      [150, 'accepted'],
      [170, 'canceled'],
    ]);
  });

  test('and after a restart what was asked at one instant is answered in the order in which it was asked', () => {
    const early = entryOrder({ order: 1, status: 'unknown', seq: 2, askedSeq: 9, limit: price('90') });
    const late = entryOrder({ order: 2, status: 'intended', seq: 8, askedSeq: 8, limit: price('91') });
    const { venue } = venueOf([early, late], {}, { ...FREE, latencyMs: 150 });
    venue.restore();
    const said: (number | undefined)[] = [];
    while (venue.dueAt < Number.POSITIVE_INFINITY) said.push(venue.take(venue.dueAt)?.order);
    expect(said).toEqual([2, 1]);
  });

  test('and after a restart what was asked back on its way still comes first', () => {
    const order = entryOrder({ status: 'canceling', askedAt: AT + 20, seq: 8, askedSeq: 9, limit: price('90') });
    const { venue } = venueOf([order], {}, { ...FREE, latencyMs: 150 });
    venue.restore();
    const said: [number, string | undefined][] = [];
    while (venue.dueAt < Number.POSITIVE_INFINITY) said.push([venue.dueAt - AT, venue.take(venue.dueAt)?.type]);
    expect(said).toEqual([
      [150, 'accepted'],
      [170, 'canceled'],
    ]);
  });
});

describe('when a position goes', () => {
  test('its reduce-only orders go, those of another run and entries stay', () => {
    const stop = entryOrder({
      order: 1,
      intendedAt: AT - 1,
      role: 'stop',
      type: 'stop',
      side: 'sell',
      trigger: price('99'),
      limit: undefined,
      reduceOnly: true,
    });
    const target = entryOrder({
      order: 2,
      intendedAt: AT - 1,
      role: 'target',
      type: 'target',
      side: 'sell',
      trigger: price('103'),
      limit: undefined,
      reduceOnly: true,
    });
    const scene = venueOf([stop, target], { position: position(1, '0.1', '100') });
    const said: string[] = [];
    scene.venue.see(range(98, 104));
    for (let report = scene.venue.take(AT); report !== undefined; report = scene.venue.take(AT)) {
      said.push(lineOf(report));
      book(scene.owner, report);
      if (report.type === 'filled') scene.owner.position = undefined;
    }
    expect(said).toEqual(['filled 1 0.1 @ 98 taker fee 0', 'canceled 2']);
  });
});

test('a gap below a target that is a buy of a short fills at the open', () => {
  const target = entryOrder({
    intendedAt: AT - 1,
    role: 'target',
    type: 'target',
    side: 'buy',
    trigger: price('95'),
    limit: undefined,
    reduceOnly: true,
  });
  const { say } = venueOf([target], { position: position(-1, '0.1', '100') });
  expect(say(range(93, 94.5, 94))[0]).toBe('filled 1 0.1 @ 94 taker fee 0');
});

test('nothing is known before the first price: a market order waits for no number', () => {
  const order = entryOrder({
    status: 'intended',
    type: 'market',
    limit: undefined,
    tif: 'ioc',
    mid: 50,
    filled: NO_QTY,
  });
  const { venue, owner, say } = venueOf([order]);
  venue.submit(owner, order);
  expect(say({ kind: 'time', at: AT })).toEqual(['filled 1 0.1 @ 50 taker fee 0']);
});

test('nobody buys at zero: at a price of one tick a market sell fills at that tick, slippage or not', () => {
  const plain = run({});
  const instrument = { ...plain.instrument, tick: price('0.0001') };
  const order = entryOrder({ status: 'intended', type: 'market', side: 'sell', limit: undefined, mid: 0.0001 });
  const { venue, owner, say } = venueOf(
    [{ ...order, filled: NO_QTY }],
    { instrument },
    { ...FREE, slippage: rate('0.0003') },
  );
  venue.submit(owner, order);
  expect(say(open(0.0001))).toEqual(['filled 1 0.1 @ 0.0001 taker fee 0']);
});

test('a taped venue says what is on the tape, at its place among the inputs', () => {
  const accepted: Report = { kind: 'report', type: 'accepted', at: AT, run: 1, order: 1 };
  const place = { now: AT - 1, inputs: 3 };
  const venue = createTapedVenue([{ n: 5, at: AT, input: accepted }], () => place);
  expect(venue.dueAt).toBe(AT);
  place.now = AT;
  expect(venue.dueAt).toBe(Number.POSITIVE_INFINITY);
  place.inputs = 4;
  expect(venue.dueAt).toBe(AT);
  expect([venue.take(AT), venue.dueAt, venue.take(AT)]).toEqual([accepted, Number.POSITIVE_INFINITY, undefined]);
});
