import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CandleRow } from '../../../../src/core/domain/frame.ts';
import { problemOf } from '../../../support/live-rest.ts';
import {
  BTC,
  candle,
  MIDNIGHT,
  MINUTE_MS,
  openScene,
  quote,
  rowAt,
  rowsFrom,
  type Scene,
  stayLive,
  trade,
} from './fixtures.ts';

const NONE = { quote: false, book: false, trade: false, candle: false, mark: false };
/** The first candle after the history. */
const NEXT = MIDNIGHT + 10 * MINUTE_MS;
const minute = (index: number): CandleRow => rowAt(NEXT + index * MINUTE_MS);

/** What was told of candles: `h 10 11`, `c 12`, `gap 13 2`, in minutes since midnight. */
function line(scene: Scene): string[] {
  const of = (at: number): number => (at - MIDNIGHT) / MINUTE_MS;
  return scene.told.flatMap((input) => {
    if (input.kind === 'close') return [`c ${of(input.bar.openAt)}`];
    if (input.kind === 'history') return [`h ${input.rows.map(([openAt]) => of(openAt)).join(' ')}`];
    return input.kind === 'gap' ? [`gap ${of(input.from)} ${input.missing}`] : [];
  });
}

/** To the given ms after the close of the first candle, and so on. */
const toClose = (scene: Scene, index: number, ms = 0): Promise<void> =>
  scene.timers.move(NEXT + (index + 1) * MINUTE_MS + ms - scene.timers.wall());

it('gives the candles of the stream as they close, each once', async () => {
  const scene = await openScene();
  for (const index of [0, 1, 2]) {
    await toClose(scene, index, -1_000);
    candle(scene, minute(index), { isClosed: false, venueAt: scene.timers.wall() });
    expect(scene.feed.facts(BTC).forming).toEqual(minute(index));
    await toClose(scene, index, 50);
    candle(scene, minute(index));
    candle(scene, minute(index));
    expect(scene.feed.facts(BTC).forming).toBeNull();
  }
  expect(line(scene)).toEqual(['c 10', 'c 11', 'c 12']);
  expect(scene.feed.closed(BTC)).toEqual(rowsFrom(MIDNIGHT, 13));
  expect(scene.rest.count('candles')).toBe(1);
});

it('never takes a forming candle for a closed one, whatever it calls itself', async () => {
  const scene = await openScene();
  candle(scene, minute(0), { venueAt: scene.timers.wall() });
  candle(scene, minute(0), { venueAt: NaN });
  candle(scene, [NEXT, 100, 99, 101, 100, 5]);
  candle(scene, [NEXT + 1, 100, 101, 99, 100, 5]);
  candle(scene, minute(0), { timeframeMs: 300_000 });
  await scene.timers.move(1_000);
  expect(line(scene)).toEqual([]);
  expect(scene.feed.frame().refused).toBe(4);
});

it('a closed candle of the future, by whatever clock, makes no hole until then', async () => {
  const scene = await openScene();
  candle(scene, minute(30), { venueAt: NEXT + 31 * MINUTE_MS });
  await toClose(scene, 1, 50);
  for (const index of [0, 1]) candle(scene, minute(index));
  await scene.timers.move(0);
  expect(line(scene)).toEqual(['c 10', 'c 11']);
  expect(scene.feed.frame().refused).toBe(1);
});

it('fills what the stream left out before the next close', async () => {
  const scene = await openScene();
  await toClose(scene, 0, 50);
  candle(scene, minute(0));
  scene.stream.changed(BTC, 'candle', 'lost');
  scene.rest.problems.set('candles', problemOf('TIMED_OUT'));
  await toClose(scene, 3, 50);
  candle(scene, minute(3));
  expect(line(scene)).toEqual(['c 10']);
  scene.rest.problems.clear();
  await scene.timers.move(1_000);
  expect(line(scene)).toEqual(['c 10', 'h 11 12', 'c 13']);
});

it('asks REST when the stream does not tell a close in time', async () => {
  const scene = await openScene();
  await stayLive(scene, 51);
  expect(line(scene)).toEqual([]);
  await stayLive(scene, 4);
  expect(line(scene)).toEqual(['c 10']);
});

it('asks for the hole as soon as prices are back after an outage, once', async () => {
  const scene = await openScene();
  for (const channel of ['quote', 'candle'] as const) scene.stream.changed(BTC, channel, 'lost');
  scene.rest.problems.set('candles', problemOf('NO_NETWORK'));
  // The tries are half a minute apart by now.
  await toClose(scene, 3, 1_000);
  scene.rest.problems.clear();
  const before = scene.rest.count('candles');
  quote(scene, 100, 100.1);
  quote(scene, 100, 100.2);
  await scene.timers.move(0);
  expect(line(scene)).toEqual(['h 10 11 12', 'c 13']);
  expect(scene.rest.count('candles')).toBe(before + 1);
});

it('prices that are back do not end the silence that a venue wants', async () => {
  const scene = await openScene();
  for (const channel of ['quote', 'candle'] as const) scene.stream.changed(BTC, channel, 'lost');
  scene.rest.problems.set('candles', problemOf('RATE_LIMITED', NEXT + 4 * MINUTE_MS));
  await toClose(scene, 2);
  scene.rest.problems.clear();
  const before = scene.rest.count('candles');
  quote(scene, 100, 100.1);
  await scene.timers.move(30_000);
  expect(scene.rest.count('candles')).toBe(before);
  await toClose(scene, 3, 1_000);
  expect(line(scene)).toEqual(['h 10 11 12', 'c 13']);
});

it('tells a gap when REST does not have the candle either, and goes on', async () => {
  const rows = rowsFrom(MIDNIGHT, 30).filter(([openAt]) => openAt !== minute(1)[0] && openAt !== minute(2)[0]);
  const scene = await openScene({ answers: { candles: new Map([[BTC, rows]]) } });
  for (const index of [0, 3]) {
    await toClose(scene, index, 50);
    candle(scene, minute(index));
  }
  expect(line(scene)).toEqual(['c 10']);
  await scene.timers.move(10_000);
  expect(line(scene)).toEqual(['c 10', 'gap 11 2', 'c 13']);
  expect(scene.rest.count('candles')).toBeLessThan(30);
});

it('does not wait for a REST that is banned: the hole is a gap, and closes go on', async () => {
  const scene = await openScene({ answers: { quotes: new Map() } });
  scene.rest.problems.set('poll', problemOf('BANNED', scene.timers.wall() + 3_600_000));
  await toClose(scene, 1, 50);
  candle(scene, minute(1));
  await scene.timers.move(1_000);
  expect(line(scene)).toEqual(['gap 10 1', 'c 11']);
});

it('waits for a market that stands still instead of telling a gap each minute', async () => {
  const scene = await openScene({ answers: { candles: new Map([[BTC, rowsFrom(MIDNIGHT, 10)]]) } });
  await scene.timers.move(10 * MINUTE_MS);
  expect(line(scene)).toEqual([]);
  scene.rest.answers.candles.set(BTC, [...rowsFrom(MIDNIGHT, 10), ...rowsFrom(NEXT + 5 * MINUTE_MS, 10)]);
  await scene.timers.move(2 * MINUTE_MS);
  const [gap, history] = line(scene);
  expect(gap).toBe('gap 10 5');
  expect(history).toMatch(/^h 15 16/);
});

it('asks right after each close where no stream gives candles, again until it is there', async () => {
  const scene = await openScene({ withStream: false, streams: NONE });
  await toClose(scene, 0, 400);
  expect(line(scene)).toEqual(['c 10']);
  scene.rest.problems.set('candles', problemOf('VENUE_DOWN'));
  await toClose(scene, 1, 2_000);
  scene.rest.problems.clear();
  await scene.timers.move(2_000);
  expect(line(scene)).toEqual(['c 10', 'c 11']);
});

it('pages through a long absence, oldest first, and closes only the newest', async () => {
  const scene = await openScene({ answers: { candles: new Map([[BTC, rowsFrom(MIDNIGHT, 6_000)]]) } });
  scene.timers.jump({ wall: 5_000 * MINUTE_MS, mono: 0 });
  await scene.timers.move(5_000);
  const told = line(scene);
  expect(told.at(-1)).toBe('c 5009');
  const rows = scene.of('history').flatMap((input) => input.rows.map(([openAt]) => openAt));
  expect(rows).toEqual(rowsFrom(NEXT, 4_999).map(([openAt]) => openAt));
  expect(scene.feed.closed(BTC).length).toBeGreaterThanOrEqual(1_500);
  expect(scene.feed.closed(BTC).length).toBeLessThanOrEqual(3_000);
});

/** All trades of the first two candles after the history; those of the second make exactly `made`. */
async function tradeMinute(scene: Scene, made: CandleRow, ids: readonly number[]): Promise<void> {
  await toClose(scene, 0, -500);
  trade(scene, 1, 100);
  await toClose(scene, 0, 50);
  candle(scene, minute(0), { lastId: 1 });
  const [, open, high, low, close] = made;
  const prices = [open, high, low, close];
  for (const [index, price] of prices.entries()) trade(scene, ids[index] as number, price, { qty: 1.25 });
  await toClose(scene, 1, 20);
}

it('gives a candle at once that is what its trades made', async () => {
  const scene = await openScene();
  await tradeMinute(scene, minute(1), [2, 3, 4, 5]);
  candle(scene, minute(1), { lastId: 5 });
  expect(line(scene)).toEqual(['c 10', 'c 11']);
  expect(scene.logged).toEqual([]);
});

it('lets REST decide where a candle differs from its trades', async () => {
  const scene = await openScene();
  await tradeMinute(scene, minute(1), [2, 3, 4, 5]);
  const wrong: CandleRow = [minute(1)[0], 100, 101, 99, 99.5, 5];
  candle(scene, wrong, { lastId: 5 });
  expect(line(scene)).toEqual(['c 10']);
  await scene.timers.move(0);
  expect(line(scene)).toEqual(['c 10', 'c 11']);
  expect(scene.feed.closed(BTC).at(-1)).toEqual(minute(1));
  expect(scene.logged).toEqual([expect.stringContaining('differs from its trades')]);
});

it('stands by the stream where REST does not tell', async () => {
  const scene = await openScene();
  await tradeMinute(scene, minute(1), [2, 3, 4, 5]);
  scene.rest.problems.set('candles', problemOf('NO_NETWORK'));
  const wrong: CandleRow = [minute(1)[0], 100, 101, 99, 99.5, 5];
  candle(scene, wrong, { lastId: 5 });
  await scene.timers.move(45_000);
  expect(scene.feed.closed(BTC).at(-1)).toEqual(wrong);
});

it('does not hold a candle to trades of which one was not seen', async () => {
  const scene = await openScene();
  await tradeMinute(scene, minute(1), [2, 3, 4, 6]);
  candle(scene, [minute(1)[0], 100, 101, 98, 99.5, 7], { lastId: 6 });
  expect(line(scene)).toEqual(['c 10', 'c 11']);
  expect(scene.logged).toEqual([]);
});

it.each([
  ['is what they made', 6.25, 0],
  ['differs from them', 6, 1],
])('waits a moment for trades that come after their candle, which %s', async (_what, volume, differing) => {
  const scene = await openScene();
  await tradeMinute(scene, minute(1), [2, 3, 4, 5]);
  candle(scene, [minute(1)[0], 100, 101, 98, 98, volume], { lastId: 6 });
  expect(line(scene)).toEqual(['c 10']);
  trade(scene, 6, 98, { qty: 1.25, venueAt: minute(1)[0] + MINUTE_MS - 1 });
  await scene.timers.move(100);
  expect(line(scene)).toEqual(['c 10', 'c 11']);
  expect(scene.logged).toHaveLength(differing);
  expect(scene.feed.closed(BTC).at(-1)?.[5]).toBe(differing === 0 ? 6.25 : 5);
});

it('waits no longer for trades than a moment', async () => {
  const scene = await openScene();
  await tradeMinute(scene, minute(1), [2, 3, 4, 5]);
  candle(scene, minute(1), { lastId: 6 });
  await scene.timers.move(300);
  expect(line(scene)).toEqual(['c 10', 'c 11']);
});

it('tells the change of 24 h from closed candles, and none where it knows less', async () => {
  const [openAt, open, high, low] = rowAt(MIDNIGHT - 1_431 * MINUTE_MS);
  const first: CandleRow = [openAt, open, high, low, 99.5, 5];
  const rows = [first, ...rowsFrom(openAt + MINUTE_MS, 1_440)];
  const scene = await openScene({ answers: { candles: new Map([[BTC, rows]]) }, from: openAt });
  expect(scene.feed.facts(BTC)).toMatchObject({ last: 100.9, change: 100.9 / 99.5 - 1 });
  const short = await openScene();
  expect(short.feed.facts(BTC).change).toBeNull();
});

/** A tick of the stream, or a moment that passes. */
type Act = { readonly index: number; readonly isClosed: boolean } | { readonly ms: number };

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ index: fc.integer({ min: -3, max: 14 }), isClosed: fc.boolean() }),
  fc.record({ ms: fc.integer({ min: 1, max: 90_000 }) }),
);

it('gives candles that rise by one time frame, or tells the gap, whatever the order of ticks', async () => {
  const missing = fc.uniqueArray(fc.integer({ min: 0, max: 12 }), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 30 }), missing, fc.boolean(), async (acts, holes, isDown) => {
      const absent = new Set(holes.map((index) => minute(index)[0]));
      const rows = rowsFrom(MIDNIGHT, 60).filter(([openAt]) => !absent.has(openAt));
      const scene = await openScene({ answers: { candles: new Map([[BTC, rows]]) } });
      if (isDown) scene.rest.problems.set('candles', problemOf('NO_NETWORK'));
      for (const step of acts) {
        if ('ms' in step) await scene.timers.move(step.ms);
        else candle(scene, minute(step.index), { isClosed: step.isClosed, venueAt: scene.timers.wall() });
      }
      scene.rest.problems.clear();
      await scene.timers.move(2 * MINUTE_MS);
      checkLine(scene);
      await scene.feed.end();
      expect(scene.timers.waiting).toBe(0);
    }),
    { numRuns: 60 },
  );
});

/** Every candle follows the one before it or a gap, and a close is never older than one time frame. */
function checkLine(scene: Scene): void {
  let nextAt = NEXT;
  for (const input of scene.told) {
    if (input.kind === 'gap') {
      expect(input.from).toBe(nextAt);
      nextAt += input.missing * MINUTE_MS;
    }
    const given =
      input.kind === 'close' ? [input.bar.openAt] : input.kind === 'history' ? input.rows.map((row) => row[0]) : [];
    for (const openAt of given) {
      expect(openAt).toBe(nextAt);
      nextAt += MINUTE_MS;
    }
  }
  expect(nextAt).toBeLessThanOrEqual(scene.timers.wall());
  expect(nextAt).toBeGreaterThan(scene.timers.wall() - 60 * MINUTE_MS);
}
