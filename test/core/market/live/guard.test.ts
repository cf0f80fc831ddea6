import { expect, it } from 'vitest';
import { BTC, book, mark, openScene, quote, trade } from './fixtures.ts';

it.each([
  ['zero', 0, 100.1],
  ['negative', -100, 100.1],
  ['not a number', NaN, 100.1],
  ['infinite', 100, Infinity],
  ['crossed', 100.2, 100.1],
  ['far above the mark', 111, 111.1],
  ['far below the mark', 89, 89.1],
])('refuses a quote that is %s', async (_what, bid, ask) => {
  const scene = await openScene();
  mark(scene, 100);
  quote(scene, bid, ask);
  expect(scene.of('quote')).toEqual([]);
  expect(scene.feed.frame().refused).toBe(1);
  quote(scene, 100, 100.1);
  expect(scene.of('quote')).toHaveLength(1);
});

it('refuses trades, marks and books that cannot be', async () => {
  const scene = await openScene();
  mark(scene, 100);
  for (const price of [0, -1, NaN, Infinity, 120]) trade(scene, 1, price);
  trade(scene, 1, 100, { qty: NaN });
  for (const price of [0, -1, NaN, 250]) mark(scene, price);
  book(scene, [100, 100.5], [101]);
  book(scene, [100, 99], [100]);
  book(scene, [101], [100]);
  book(scene, [100, NaN], [101]);
  await scene.timers.move(200);
  expect(scene.kinds()).toEqual(['mark', 'book']);
  expect(scene.feed.frame().refused).toBe(13);
  expect(scene.feed.facts(BTC)).toMatchObject({ mark: 100, last: 100.9 });
});

it('takes a price far off the last one only when a second source says the same, where no mark is known', async () => {
  const scene = await openScene();
  quote(scene, 100, 100.1);
  quote(scene, 80, 80.1);
  quote(scene, 80, 80.1);
  await scene.timers.move(100);
  expect(scene.of('quote').map(({ bid }) => bid)).toEqual([100]);
  trade(scene, 1, 80.1);
  quote(scene, 80, 80.1);
  await scene.timers.move(100);
  expect(scene.of('quote').map(({ bid }) => bid)).toEqual([100, 80]);
});

it('does not follow a crash of the book beside a mark that stands', async () => {
  const scene = await openScene();
  mark(scene, 100);
  trade(scene, 1, 13);
  quote(scene, 13, 13.1);
  trade(scene, 2, 13);
  quote(scene, 13, 13.1);
  await scene.timers.move(100);
  expect(scene.kinds()).toEqual(['mark']);
});

it('drops and counts ticks of symbols that nobody opened', async () => {
  const scene = await openScene();
  quote(scene, 100, 100.1, { symbol: 'DOGE/USDT:USDT' });
  expect(scene.told).toEqual([]);
  expect(scene.feed.frame().dropped).toBe(1);
});
