import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BookSnapshot, VenueProblem } from '../../../../src/core/venue/exchange.ts';
import { say } from './small-exchange.ts';
import { ID, openWorld, SYMBOL, type World } from './world.ts';

const DEPTH = 'btcusdt@depth@100ms';

let world: World;

beforeEach(async () => {
  world = await openWorld();
  world.stream.open(SYMBOL);
  await world.until(() => world.exchange.on('/public/stream')[0]?.streams.size === 2, 'subscriptions');
});
afterEach(() => world.end());

/** 30 levels a side around 100, best ones at 99.9 and 100.1. */
const snapshot = (updateId: number): BookSnapshot => ({
  updateId,
  bids: Array.from({ length: 30 }, (_, index) => [(999 - index) / 10, 1] as const),
  asks: Array.from({ length: 30 }, (_, index) => [(1_001 + index) / 10, 1] as const),
});

type Rows = readonly (readonly [price: number, qty: number])[];

/** The changes with ids from `U` to `u`, after those up to `pu`. */
function diff(U: number, u: number, pu: number, bids: Rows = [], asks: Rows = []): void {
  world.exchange.push(DEPTH, say.diff(ID, { U, u, pu }, bids, asks, world.timers.wall()));
}

function quote(u: number, bid: number, ask: number): void {
  world.exchange.push('btcusdt@bookTicker', say.quote(ID, u, bid, ask, world.timers.wall()));
}

async function whole(): Promise<void> {
  diff(11, 20, 10);
  await world.until(() => world.asked.length === 1, 'a question');
  world.asked[0]?.answer(snapshot(15));
  await world.until(() => world.heard.books.length === 1, 'the book');
}

const problem = (silentUntil?: number): VenueProblem => ({
  problem: 'RATE_LIMITED',
  expected: 'a book',
  found: 'HTTP 429 of http://host/depth?signature=SECRET',
  fix: 'wait',
  silentUntil,
});

test('diffs wait for the snapshot; only from the one that meets it on there is a book', async () => {
  diff(1, 10, 0, [[99, 9]]);
  diff(11, 20, 10, [[99.95, 2]]);
  await world.until(() => world.asked.length === 1, 'a question');
  diff(21, 30, 20, [[99.95, 0]], [[100.05, 3]]);
  await world.pass(1_000);
  expect(world.heard.books).toEqual([]);
  world.asked[0]?.answer(snapshot(15));
  await world.until(() => world.heard.books.length > 0, 'the book');
  expect(world.heard.books).toEqual([{ symbol: SYMBOL, updateId: 30, bid: 99.9, ask: 100.05 }]);
  diff(31, 40, 30, [], [[100.05, 0]]);
  await world.until(() => world.heard.books.length > 1, 'the next');
  expect(world.heard.books[1]).toEqual({ symbol: SYMBOL, updateId: 40, bid: 99.9, ask: 100.1 });
  expect(world.heard.said('book')).toEqual(['book live']);
  expect([world.asked.length, world.stream.health().resyncs]).toEqual([1, 0]);
});

test('a snapshot that is younger than every diff is met by one of the next', async () => {
  diff(1, 10, 0);
  await world.until(() => world.asked.length === 1, 'a question');
  world.asked[0]?.answer(snapshot(25));
  await world.pass(250);
  expect(world.heard.books).toEqual([]);
  diff(11, 20, 10);
  diff(21, 30, 20);
  await world.until(() => world.heard.books.length === 1, 'the book');
  expect([world.asked.length, world.stream.health().resyncs]).toEqual([1, 0]);
});

test('a snapshot that is older than the first diff is asked for again', async () => {
  diff(11, 20, 10);
  await world.until(() => world.asked.length === 1, 'a question');
  world.asked[0]?.answer(snapshot(5));
  await world.pass(500);
  world.asked[1]?.answer(snapshot(15));
  await world.until(() => world.heard.books.length === 1, 'the book');
  expect(world.heard.books[0]?.updateId).toBe(20);
});

describe('a whole book', () => {
  beforeEach(whole);

  test('with a hole in its diffs says nothing until it is built anew, which is said once', async () => {
    diff(31, 40, 30, [[99.95, 1]]);
    await world.until(() => world.asked.length === 2, 'a second question');
    diff(41, 50, 40);
    await world.pass(1_000);
    expect(world.heard.books).toHaveLength(1);
    expect(world.heard.said('book')).toEqual(['book live', 'book opening']);
    world.asked[1]?.answer(snapshot(35));
    await world.until(() => world.heard.books.length === 2, 'the book');
    expect(world.heard.books[1]).toEqual({ symbol: SYMBOL, updateId: 50, bid: 99.95, ask: 100.1 });
    expect(world.heard.said('book')).toEqual(['book live', 'book opening', 'book live']);
    expect(world.stream.health().resyncs).toBe(1);
  });

  test('that crosses itself is built anew', async () => {
    diff(21, 30, 20, [[100.5, 1]]);
    await world.until(() => world.asked.length === 2, 'a second question');
    expect(world.heard.books).toHaveLength(1);
    world.asked[1]?.answer(snapshot(30));
    diff(31, 40, 30);
    await world.until(() => world.heard.books.length === 2, 'the book');
    expect(world.heard.books[1]).toMatchObject({ updateId: 40, bid: 99.9 });
  });

  test('takes a diff that comes twice once', async () => {
    diff(21, 30, 20);
    diff(21, 30, 20);
    diff(11, 20, 10);
    diff(31, 40, 30);
    await world.until(() => world.heard.books.length === 3, 'both');
    expect(world.heard.books.map(({ updateId }) => updateId)).toEqual([20, 30, 40]);
    expect(world.stream.health().resyncs).toBe(0);
  });

  test('that goes on disagreeing with the quotes is built anew; a quote that is ahead is no disagreement', async () => {
    let id = 20;
    for (let second = 0; second < 12; second += 1) {
      quote(id + 5, 99.9, 100.1);
      quote(id + 12, 99.9, 100.1 + second);
      diff(id + 1, id + 10, id);
      id += 10;
      await world.pass(1_000);
    }
    expect(world.stream.health().resyncs).toBe(0);
    for (let second = 0; second < 8; second += 1) {
      quote(id + 5, 98, 102);
      quote(id + 12, 98, 102);
      diff(id + 1, id + 10, id);
      id += 10;
      await world.pass(1_000);
    }
    expect(world.stream.health().resyncs).toBe(1);
    expect(world.logged).toContain(`${SYMBOL}: the book is built anew: book and quotes disagree`);
  });

  test('is empty when the connection breaks, and the snapshot of before is not taken', async () => {
    diff(31, 40, 30);
    await world.until(() => world.asked.length === 2, 'a second question');
    world.exchange.cut();
    await world.pass(3_000);
    world.asked[1]?.answer(snapshot(35));
    await world.pass(250);
    diff(101, 110, 100);
    await world.until(() => world.asked.length === 3, 'a third question');
    expect(world.heard.books).toHaveLength(1);
    world.asked[2]?.answer(snapshot(105));
    await world.until(() => world.heard.books.length === 2, 'the book');
    expect(world.heard.said('book')).toEqual(['book live', 'book opening', 'book lost', 'book opening', 'book live']);
  });

  test('vouches for quotes that do not change, and speaks against quotes that should have', async () => {
    quote(20, 99.9, 100.1);
    let id = 20;
    for (let second = 0; second < 15; second += 1, id += 10) {
      diff(id + 1, id + 10, id, [[98, second + 2]]);
      await world.pass(1_000);
    }
    expect(world.heard.said('quote')).toEqual(['quote live', 'quote quiet']);
    diff(id + 1, id + 10, id, [[99.95, 1]]);
    await world.pass(1_000);
    expect(world.heard.said('quote')).toEqual(['quote live', 'quote quiet', 'quote silent']);
    const asked = world.exchange.on('/public/stream')[0]?.asked.map(({ method, params }) => [method, ...params]);
    expect(asked?.slice(-2)).toEqual([
      ['UNSUBSCRIBE', 'btcusdt@bookTicker'],
      ['SUBSCRIBE', 'btcusdt@bookTicker'],
    ]);
  });
});

test('of many symbols only a few snapshots are asked for at once, each of them comes', async () => {
  for (let index = 0; index < 20; index += 1) world.stream.open(`C${index}/USDT:USDT`);
  await world.pass(1_000);
  const say20 = (U: number) => {
    for (let index = 0; index < 20; index += 1) {
      const data = say.diff(`C${index}USDT`, { U, u: U + 9, pu: U - 1 }, [], [], world.timers.wall());
      world.exchange.push(`c${index}usdt@depth@100ms`, data);
    }
  };
  say20(11);
  await world.until(() => world.asked.length > 0, 'questions');
  await world.pass(2_000);
  expect(world.asked).toHaveLength(4);
  for (let answered = 0; answered < 20; answered += 1) {
    await world.until(() => world.asked.length > answered, 'the next question');
    world.asked[answered]?.answer(snapshot(15));
  }
  await world.until(() => world.heard.books.length === 20, 'all books');
  expect(new Set(world.asked.map(({ symbol }) => symbol)).size).toBe(20);
});

describe('a snapshot that does not come', () => {
  test('is asked for again after a while, one at a time, and its problem is told without its address', async () => {
    diff(11, 20, 10);
    await world.until(() => world.asked.length === 1, 'a question');
    world.asked[0]?.answer(problem());
    await world.pass(900);
    expect(world.asked).toHaveLength(1);
    await world.pass(600);
    expect(world.asked).toHaveLength(2);
    diff(21, 30, 20);
    await world.pass(5_000);
    expect(world.asked).toHaveLength(2);
    world.asked[1]?.answer(snapshot(15));
    await world.until(() => world.heard.books.length === 1, 'the book');
    expect(world.heard.books[0]?.updateId).toBe(30);
    expect(world.logged.join()).toContain('RATE_LIMITED');
    expect(world.logged.join()).not.toContain('SECRET');
  });

  test('is not asked for before the venue may be spoken to', async () => {
    diff(11, 20, 10);
    await world.until(() => world.asked.length === 1, 'a question');
    world.asked[0]?.answer(problem(world.timers.wall() + 60_000));
    await world.pass(59_000);
    expect(world.asked).toHaveLength(1);
    expect(world.heard.changes.filter(({ channel }) => channel === 'book')).toMatchObject([{ state: 'silent' }]);
    await world.pass(2_000);
    expect(world.asked).toHaveLength(2);
  });

  test('is asked for less and less often', async () => {
    for (let second = 0, id = 11; second < 180; second += 1, id += 10) {
      diff(id, id + 9, id - 1);
      await world.pass(1_000);
      world.asked.at(-1)?.answer(problem());
    }
    expect(world.asked.length).toBeGreaterThan(5);
    expect(world.asked.length).toBeLessThan(16);
  });

  test('is given up when no answer comes, or a bad one', async () => {
    diff(11, 20, 10);
    await world.until(() => world.asked.length === 1, 'a question');
    await world.pass(23_000);
    expect(world.asked).toHaveLength(2);
    world.asked[1]?.answer({ updateId: 15, bids: [[101, 1]], asks: [[100, 1]] });
    await world.pass(3_000);
    world.asked[2]?.answer({ ...snapshot(15), updateId: 0 });
    await world.pass(5_000);
    expect(world.heard.books).toEqual([]);
    world.asked[3]?.answer(snapshot(15));
    await world.until(() => world.heard.books.length === 1, 'the book');
  });
});
