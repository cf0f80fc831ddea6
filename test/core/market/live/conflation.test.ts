import { expect, it } from 'vitest';
import {
  BTC,
  book,
  candle,
  createFeed,
  createParts,
  MIDNIGHT,
  mark,
  openScene,
  quote,
  rowAt,
  START,
  stayLive,
  trade,
} from './fixtures.ts';

it('tells the first quote at once, then the newest one every 50 ms', async () => {
  const scene = await openScene();
  for (let ms = 0; ms < 200; ms += 10) {
    quote(scene, 100 + ms / 1_000, 100.5);
    await scene.timers.move(10);
  }
  await scene.timers.move(50);
  expect(scene.of('quote').map(({ bid }) => bid)).toEqual([100, 100.04, 100.09, 100.14, 100.19]);
});

it('tells no quote that is older than one that came before', async () => {
  const scene = await openScene();
  quote(scene, 100, 100.1, { updateId: 5_000_000 });
  quote(scene, 99, 99.1, { updateId: 4_999_999 });
  quote(scene, 98, 98.1, { updateId: 5_000_001, venueAt: START - 1_000 });
  await scene.timers.move(100);
  expect(scene.of('quote').map(({ bid }) => bid)).toEqual([100]);
  expect(scene.feed.facts(BTC).bid).toBe(100);
});

it('gathers trades and drops none but those that came twice', async () => {
  const scene = await openScene();
  for (let id = 1; id <= 300; id++) {
    trade(scene, id, 100, { qty: id });
    if (id % 7 === 0) trade(scene, id, 100, { qty: id });
    await scene.timers.move(1);
  }
  await scene.timers.move(100);
  const inputs = scene.of('trades');
  expect(inputs.length).toBeLessThanOrEqual(5);
  expect(inputs.flatMap(({ rows }) => rows.map(([, qty]) => qty))).toEqual(
    Array.from({ length: 300 }, (_, i) => i + 1),
  );
});

it('tells the newest 20 levels of the book every 100 ms', async () => {
  const scene = await openScene();
  const levels = Array.from({ length: 30 }, (_, level) => level / 100);
  for (let ms = 0; ms < 250; ms += 10) {
    book(
      scene,
      levels.map((away) => 100 + ms / 1_000 - away),
      levels.map((away) => 101 + away),
    );
    await scene.timers.move(10);
  }
  const books = scene.of('book');
  expect(books.map(({ bids }) => bids[0]?.[0])).toEqual([100, 100.09, 100.19]);
  expect(books[0]?.bids).toHaveLength(20);
  expect(scene.feed.facts(BTC).depth?.asks).toHaveLength(10);
});

it('keeps the order of arrival: what waits of a symbol goes before its candle', async () => {
  const scene = await openScene();
  await stayLive(scene, 50);
  scene.told.length = 0;
  quote(scene, 100, 100.1);
  trade(scene, 1, 100);
  quote(scene, 100.01, 100.1);
  trade(scene, 2, 100);
  candle(scene, rowAt(MIDNIGHT + 10 * 60_000));
  expect(scene.kinds()).toEqual(['quote', 'trades', 'quote', 'trades', 'close']);
});

it('tells of news that comes while one takes only when he is done', async () => {
  const scene = await openScene();
  const calls: string[] = [];
  scene.feed.onInput(() => {
    calls.push('begin');
    if (calls.length === 1) trade(scene, 1, 100);
    calls.push('end');
  });
  quote(scene, 100, 100.1);
  expect(calls).toEqual(['begin', 'end', 'begin', 'end', 'begin', 'end']);
  expect(scene.kinds()).toEqual(['feed', 'trades', 'quote']);
});

it('leaves bounded queues at 5,000 ticks a second that nobody takes', async () => {
  const parts = createParts();
  const feed = await createFeed(parts);
  await feed.open(BTC, MIDNIGHT);
  const scene = { ...parts, stream: parts.streams[0] } as never;
  await parts.timers.move(0);
  for (let tick = 0; tick < 25_000; tick++) {
    quote(scene, 100, 100.1);
    book(scene, [100], [100.1]);
    mark(scene, 100);
    trade(scene, tick + 1, 100);
    if (tick % 50 === 0) await parts.timers.move(10);
  }
  const counts = new Map<string, number>();
  let rows = 0;
  let sum = 0;
  for (let input = feed.take(); input !== undefined; input = feed.take()) {
    counts.set(input.kind, (counts.get(input.kind) ?? 0) + 1);
    if (input.kind !== 'trades') continue;
    rows = input.rows.length;
    sum = input.rows.reduce((total, [, qty]) => total + qty, 0);
  }
  expect(Object.fromEntries(counts)).toEqual({ clock: 1, feed: 1, quote: 1, book: 1, mark: 1, trades: 1 });
  expect(rows).toBeLessThanOrEqual(4_096);
  expect(sum).toBe(25_000);
});
