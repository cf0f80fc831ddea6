import { describe, expect, test } from 'vitest';
import { NO_QTY, price, qty, rate, text } from '../../../src/core/base/decimal.ts';
import type { Input, TradeRow } from '../../../src/core/domain/input.ts';
import type { Order } from '../../../src/core/domain/order.ts';
import type { Run } from '../../../src/core/domain/run.ts';
import { SimulatedVenue } from '../../../src/core/venue/simulated/simulated.ts';
import { AT, account, entryOrder, FREE, PERPETUAL, position, run, stateOf } from '../risk/scene.ts';

const symbol = 'BTC/USDT:USDT';
const quote: Input = {
  kind: 'quote',
  symbol,
  at: AT,
  bid: 99.9,
  ask: 100.1,
  bidQty: 1,
  askQty: 1,
  source: 'stream',
};
const book: Input = {
  kind: 'book',
  symbol,
  at: AT,
  bids: [
    [99.9, 1],
    [99.8, 2],
    [99, 10],
  ],
  asks: [
    [100.1, 1],
    [100.2, 2],
    [101, 10],
  ],
};
const trades = (...rows: TradeRow[]): Input => ({ kind: 'trades', symbol, at: AT, rows });

/** The terms of a market entry as the engine sends it: an IOC limit with a cap. */
const taker = (given: Partial<Order>): Order =>
  entryOrder({ type: 'market', status: 'intended', tif: 'ioc', limit: undefined, filled: NO_QTY, ...given });

function played(orders: Order[], given: Partial<Run> = {}) {
  const owner = run({ orders, ...given });
  const state = { ...stateOf(owner), accounts: [account({ costs: { ...FREE, slippage: rate('0.001') } })] };
  const venue = new SimulatedVenue(state, { liquidationOf: () => undefined, freeFor: (_, { balance }) => balance });
  const settle = (): string[] => {
    const said: string[] = [];
    while (venue.dueAt <= AT) {
      const report = venue.take(AT);
      if (report === undefined) continue;
      const order = owner.orders.find((each) => each.order === report.order);
      if (report.type === 'accepted' && order !== undefined) order.status = 'working';
      if (report.type === 'filled') {
        said.push(`${text(report.fill)} @ ${text(report.price)} ${report.liquidity} ${report.model}`);
        if (order !== undefined) order.filled = (order.filled + report.fill) as typeof order.filled;
      } else said.push(report.type);
    }
    return said;
  };
  return {
    owner,
    send(order: Order) {
      venue.submit(owner, order);
      return settle();
    },
    see(...inputs: Input[]) {
      for (const input of inputs) venue.see(input);
      return settle();
    },
  };
}

describe('a taker on a book', () => {
  test('walks its levels and pays their average, to the tick and against itself', () => {
    const order = taker({ qty: qty('2') });
    const { see, send } = played([order]);
    see(quote, book);
    // (1 x 100.1 + 1 x 100.2) / 2 = 100.15, up to a tick of 0.1.
    expect(send(order)).toEqual(['2 @ 100.2 taker T2']);
  });

  test('takes no more than its cap allows, and what it took is gone until fresh data', () => {
    const [first, second, third] = [1, 2, 3].map((number) =>
      taker({ order: number, qty: qty('5'), limit: price('100.2') }),
    ) as [Order, Order, Order];
    const { see, send } = played([first, second, third]);
    see(quote, book);
    expect(send(first)).toEqual(['3 @ 100.2 taker T2', 'expired']);
    expect(send(second)).toEqual(['expired']);
    see(quote, book);
    expect(send(third)).toEqual(['3 @ 100.2 taker T2', 'expired']);
  });

  test('what a double loses of a sum of levels is no step of the size', () => {
    const small: Input = {
      ...book,
      asks: [
        [100.1, 0.0001],
        [100.2, 0.0002],
      ],
    };
    const order = taker({ qty: qty('1') });
    const { see, send } = played([order], { instrument: { ...PERPETUAL, step: qty('0.0001') } });
    see({ ...quote, askQty: 0.0001 }, small);
    // 0.0001 + 0.0002 is 0.00030000000000000003: more digits than money has.
    expect(send(order)[0]).toBe('0.0003 @ 100.2 taker T2');
  });

  test('what is left of a touch after a fill is whole steps, too', () => {
    const first = taker({ order: 1, qty: qty('0.0011') });
    const second = taker({ order: 2, qty: qty('1') });
    const { see, send } = played([first, second], { instrument: { ...PERPETUAL, step: qty('0.0001') } });
    see({ ...quote, askQty: 0.0033 });
    expect(send(first)[0]).toContain('0.0011 @');
    // 0.0033 - 0.0011 is 0.0021999999999999997.
    expect(send(second)[0]).toContain('0.0022 @');
  });

  test('a book that is older than a second is none: the touch with its slippage is met', () => {
    const order = taker({ qty: qty('1') });
    const { see, send } = played([order]);
    see({ ...book, at: AT - 1_001 }, quote);
    expect(send(order)).toEqual(['1 @ 100.3 taker T1']);
  });

  test('a stop that is hit takes the levels, worst last', () => {
    const stop = entryOrder({
      role: 'stop',
      type: 'stop',
      side: 'sell',
      qty: qty('3'),
      limit: undefined,
      trigger: price('100'),
      reduceOnly: true,
      status: 'working',
      filled: NO_QTY,
    });
    const { see } = played([stop], { position: position(1, '3', '105') });
    // (1 x 99.9 + 2 x 99.8) / 3 = 99.83..., down to a tick.
    expect(see(book, quote)[0]).toBe('3 @ 99.8 taker T2');
  });
});

describe('a limit in a queue', () => {
  const resting = (limit: string): Order =>
    entryOrder({
      type: 'limit',
      side: 'buy',
      qty: qty('1'),
      limit: price(limit),
      status: 'intended',
      tif: 'gtc',
      filled: NO_QTY,
    });

  test('waits for what stood before it; what trades take beyond that is its own', () => {
    const order = resting('99.8');
    const { see, send } = played([order]);
    see(quote, book);
    expect(send(order)).toEqual(['accepted']);
    expect(see(trades([99.8, 1.5, -1]))).toEqual([]);
    expect(see(trades([99.8, 3, 1], [99.8, 0.9, -1]))).toEqual(['0.4 @ 99.8 maker T2']);
    expect(see(trades([99.7, 0.001, -1]))).toEqual(['0.6 @ 99.8 maker T2']);
  });

  test('alone at its price it is served by the first trade there', () => {
    const order = resting('99.7');
    const { see, send } = played([order]);
    see(quote, book);
    send(order);
    expect(see(trades([99.8, 5, -1]))).toEqual([]);
    expect(see(trades([99.7, 0.25, -1]))).toEqual(['0.25 @ 99.7 maker T2']);
  });

  test('beyond the last level of the book nobody knows who stands before: the place comes with the book', () => {
    const order = resting('98.5');
    const { see, send } = played([order]);
    see(quote, book);
    send(order);
    expect(see(trades([98.5, 50, -1]))).toEqual([]);
    const deeper: Input = {
      ...book,
      bids: [
        [98.6, 1],
        [98.5, 4],
      ],
    };
    expect(see(deeper, trades([98.5, 4, -1]))).toEqual([]);
    expect(see(trades([98.5, 0.5, -1]))).toEqual(['0.5 @ 98.5 maker T2']);
  });

  test('trades while it is on its way are not for it', () => {
    const order = resting('99.7');
    const { see, send } = played([order]);
    see(quote, book, trades([99.7, 5, -1]));
    expect(send(order)).toEqual(['accepted']);
    expect(see(trades([99.7, 0.25, -1]))).toEqual(['0.25 @ 99.7 maker T2']);
  });

  test('two orders at one price share what a trade takes, the first one first', () => {
    const [first, second] = [1, 2].map((number) => ({ ...resting('99.7'), order: number })) as [Order, Order];
    const { see, send } = played([first, second]);
    see(quote, book);
    send(first);
    send(second);
    expect(see(trades([99.7, 1.5, -1]))).toEqual(['1 @ 99.7 maker T2', '0.5 @ 99.7 maker T2']);
  });

  test('parts of a step add up, and what a double loses is none', () => {
    const order = resting('99.8');
    const { see, send } = played([order], { instrument: { ...PERPETUAL, step: qty('0.1') } });
    see(quote, {
      ...book,
      bids: [
        [99.9, 1],
        [99.8, 0.1],
      ],
    });
    send(order);
    expect(see(trades([99.8, 0.3, -1]))).toEqual(['0.2 @ 99.8 maker T2']);
    expect(see(trades([99.8, 0.05, -1]))).toEqual([]);
    expect(see(trades([99.8, 0.05, -1]))).toEqual(['0.1 @ 99.8 maker T2']);
  });
});
