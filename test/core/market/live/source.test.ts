import { expect, it } from 'vitest';
import type { PolledQuote, VenueProblem } from '../../../../src/core/venue/exchange.ts';
import { problemOf } from '../../../support/live-rest.ts';
import { BTC, book, mark, openScene, quote, type Scene, START, stayLive } from './fixtures.ts';

const POLLED = {
  bid: 100.2,
  ask: 100.3,
  bidQty: 3,
  askQty: null,
  mark: 100.25,
  fundingRate: 0.0002,
  nextFundingAt: null,
  venueAt: null,
};
const quotes = () => new Map([[BTC, POLLED]]);
const NONE = { quote: false, book: false, trade: false, candle: false, mark: false };

const states = (scene: Scene): string[] => scene.of('feed').map(({ state, source }) => `${state} ${source}`);

it('polls while the stream is lost, and comes back to it, each told once', async () => {
  const scene = await openScene({ answers: { quotes: quotes() } });
  await stayLive(scene, 5);
  expect(states(scene)).toEqual(['connected stream']);
  expect(scene.rest.count('poll')).toBe(0);
  scene.stream.changed(BTC, 'quote', 'lost');
  scene.stream.changed(BTC, 'quote', 'lost');
  await scene.timers.move(2_500);
  expect(states(scene).slice(1)).toEqual(['lost stream']);
  scene.told.length = 0;
  await scene.timers.move(10_000);
  expect(states(scene)).toEqual(['switched rest']);
  expect(scene.of('quote').at(-1)).toMatchObject({ bid: 100.2, bidQty: 3, askQty: Infinity, source: 'rest' });
  expect(scene.of('quote').length).toBe(10);
  expect(scene.feed.frame()).toMatchObject({ state: 'degraded' });
  expect(scene.feed.frame().streams).toContainEqual({
    symbol: BTC,
    channel: 'quote',
    state: 'polled',
    lastAt: START + 17_000,
  });
  scene.told.length = 0;
  scene.stream.changed(BTC, 'quote', 'live');
  await stayLive(scene, 2);
  expect(states(scene)).toEqual(['connected rest']);
  expect(scene.of('quote').every(({ source }) => source === 'rest')).toBe(true);
  await stayLive(scene, 2);
  expect(states(scene)).toEqual(['connected rest', 'switched stream']);
  const polls = scene.rest.count('poll');
  await stayLive(scene, 5);
  expect(scene.rest.count('poll')).toBe(polls);
  expect(scene.feed.facts(BTC)).toMatchObject({ source: 'stream', bid: 100 });
});

it('polls when the stream never begins, or gives nothing without a word', async () => {
  const scene = await openScene({ answers: { quotes: quotes() } });
  await scene.timers.move(4_000);
  expect(states(scene)).toEqual(['switched rest']);
  await stayLive(scene, 5);
  expect(states(scene).slice(1)).toEqual(['connected rest', 'switched stream']);
  await scene.timers.move(5_000);
  expect(states(scene).slice(3)).toEqual(['switched rest']);
});

it('takes a quiet market for no failure as long as the stream answers pings', async () => {
  const scene = await openScene({ answers: { quotes: quotes() } });
  await stayLive(scene, 2);
  scene.stream.changed(BTC, 'quote', 'quiet');
  for (let second = 0; second < 20; second++) {
    mark(scene, 100);
    await scene.timers.move(1_000);
  }
  expect(states(scene)).toEqual(['connected stream']);
  scene.stream.changed(BTC, 'quote', 'silent');
  await scene.timers.move(1_000);
  expect(states(scene)).toEqual(['connected stream', 'switched rest']);
});

it('takes a quote for current as long as the book has the same best prices', async () => {
  const scene = await openScene({ answers: { quotes: quotes() } });
  quote(scene, 100, 100.1);
  for (let second = 0; second < 10; second++) {
    mark(scene, 100);
    book(scene, [100, 99.9], [100.1, 100.2 + second]);
    await scene.timers.move(1_000);
  }
  expect(states(scene)).toEqual(['connected stream']);
  expect(scene.of('quote')).toHaveLength(10);
  expect(scene.feed.facts(BTC).quoteAt).toBe(START + 9_000);
  for (let second = 0; second < 4; second++) {
    book(scene, [100.05], [100.1]);
    await scene.timers.move(1_000);
  }
  expect(states(scene)).toEqual(['connected stream', 'switched rest']);
});

it('tells a book that is lost without levels', async () => {
  const scene = await openScene();
  book(scene, [100], [100.1]);
  await scene.timers.move(500);
  scene.stream.changed(BTC, 'book', 'lost');
  scene.stream.changed(BTC, 'book', 'silent');
  await scene.timers.move(500);
  expect(scene.of('book').map(({ bids }) => bids.length)).toEqual([1, 0]);
  expect(scene.feed.facts(BTC).depth).toBeNull();
});

it('says stale once when neither gives for 5 s, and that it is over', async () => {
  const scene = await openScene();
  await stayLive(scene, 2);
  await scene.timers.move(20_000);
  expect(states(scene)).toEqual(['connected stream', 'switched rest', 'stale rest']);
  expect(scene.feed.frame().state).toBe('degraded');
  scene.rest.answers.quotes = quotes();
  await scene.timers.move(2_000);
  expect(states(scene).slice(3)).toEqual(['connected rest']);
});

it('does not ask while the venue wants silence', async () => {
  const scene = await openScene({ answers: { quotes: quotes() } });
  scene.stream.changed(BTC, 'quote', 'lost');
  scene.rest.problems.set('poll', problemOf('BANNED', scene.timers.wall() + 60_000));
  await scene.timers.move(4_000);
  const asked = scene.rest.asked.length;
  expect(scene.rest.count('poll')).toBe(1);
  expect(scene.feed.frame()).toMatchObject({ state: 'banned', silentUntil: START + 60_000 });
  scene.rest.problems.clear();
  await scene.timers.move(55_000);
  expect(scene.rest.asked).toHaveLength(asked);
  await scene.timers.move(3_000);
  expect(scene.rest.count('poll')).toBeGreaterThan(1);
  expect(scene.feed.frame().state).toBe('degraded');
});

it('never has two polls of a symbol under way', async () => {
  const scene = await openScene();
  const answers: ((answer: PolledQuote | VenueProblem) => void)[] = [];
  scene.rest.poll = () => new Promise((resolve) => answers.push(resolve));
  await scene.timers.move(20_000);
  expect(answers).toHaveLength(1);
  answers[0]?.({ symbol: BTC, ...POLLED });
  await scene.timers.move(1_000);
  expect(answers).toHaveLength(2);
  expect(scene.of('quote')).toHaveLength(1);
});

it('polls an exchange that has no stream', async () => {
  const scene = await openScene({ answers: { quotes: quotes() }, withStream: false, streams: NONE });
  await scene.timers.move(3_000);
  expect(states(scene)).toEqual(['connected rest']);
  expect(scene.of('quote')).toHaveLength(3);
  expect(scene.of('mark')).toHaveLength(3);
  expect(scene.feed.facts(BTC)).toMatchObject({ source: 'rest', mark: 100.25, fundingRate: 0.0002, askQty: null });
  expect(scene.feed.frame().streams.map(({ channel, state }) => `${channel} ${state}`)).toEqual([
    'quote polled',
    'candle polled',
  ]);
});

it('asks for the mark where only that is missing', async () => {
  const scene = await openScene({ answers: { quotes: quotes() } });
  for (let second = 0; second < 10; second++) {
    quote(scene, 100, 100.1);
    await scene.timers.move(1_000);
  }
  expect(scene.rest.count('poll')).toBeGreaterThanOrEqual(2);
  expect(scene.of('mark').every(({ price }) => price === 100.25)).toBe(true);
  expect(scene.of('quote').every(({ source }) => source === 'stream')).toBe(true);
});

it('is down when neither the stream nor REST works', async () => {
  const scene = await openScene();
  scene.stream.state = 'down';
  scene.rest.problems.set('poll', problemOf('NO_NETWORK'));
  await stayLive(scene, 1);
  expect(scene.feed.frame().state).toBe('degraded');
  await scene.timers.move(5_000);
  expect(scene.feed.frame().state).toBe('down');
});

it('says how old a quote was when it came, by the venue clock', async () => {
  const scene = await openScene({ answers: { offsetMs: 300 } });
  quote(scene, 100, 100.1, { venueAt: scene.timers.wall() });
  await scene.timers.move(100);
  quote(scene, 100, 100.1, { venueAt: scene.timers.wall() + 400 });
  await scene.timers.move(100);
  quote(scene, 100, 100.1, { venueAt: NaN });
  expect(scene.of('quote').map(({ lagMs }) => lagMs)).toEqual([300, 0, undefined]);
});
