import { expect, it } from 'vitest';
import { money } from '../../../../src/core/base/decimal.ts';
import type { ExchangeStream, StreamSink, VenueMarket, VenueNames } from '../../../../src/core/venue/exchange.ts';
import { listedMarket, problemOf, scriptedStream } from '../../../support/live-rest.ts';
import {
  BTC,
  candle,
  createFeed,
  createParts,
  MIDNIGHT,
  MINUTE_MS,
  mark,
  openScene,
  quote,
  rowAt,
  rowsFrom,
  type Scene,
  START,
  stayLive,
} from './fixtures.ts';

const HOUR_MS = 3_600_000;
const clocks = (scene: Scene): unknown[] => scene.of('clock').map(({ offsetMs, stepMs }) => [offsetMs, stepMs]);

it('measures the clock at the start and every ten minutes, and tells what changed', async () => {
  const parts = createParts({ answers: { offsetMs: 120 } });
  const feed = await createFeed(parts);
  await parts.timers.move(1_000);
  expect(feed.take()).toEqual({ kind: 'clock', offsetMs: 120 });
  parts.rest.answers.offsetMs = 150;
  await parts.timers.move(598_000);
  expect(feed.take()).toBeUndefined();
  await parts.timers.move(2_000);
  expect(feed.take()).toEqual({ kind: 'clock', offsetMs: 150 });
  expect(parts.rest.count('measureClock')).toBe(2);
  expect(feed.frame().offsetMs).toBe(150);
});

it('is unsure of a clock that is measured badly, or not three times in a row', async () => {
  const rough = await openScene({ answers: { offsetErrorMs: 501 } });
  expect(rough.feed.frame().offsetMs).toBeNull();
  const scene = await openScene();
  scene.rest.problems.set('measureClock', problemOf('TIMED_OUT'));
  await scene.timers.move(10 * MINUTE_MS + 12_000);
  expect(clocks(scene)).toEqual([]);
  await scene.timers.move(10_000);
  expect(clocks(scene)).toEqual([[null, undefined]]);
  scene.rest.problems.clear();
  await scene.timers.move(10_000);
  expect(clocks(scene)).toEqual([
    [null, undefined],
    [0, undefined],
  ]);
});

it('asks a venue that tells no time once, and says nothing of a clock that nobody can measure', async () => {
  const parts = createParts();
  parts.rest.problems.set('measureClock', problemOf('NOT_SUPPORTED'));
  const feed = await createFeed(parts);
  await feed.open(BTC, MIDNIGHT);
  await parts.timers.move(60_000);
  parts.timers.jump({ wall: -90_000, mono: 0 });
  await parts.timers.move(60_000);
  const told = [];
  for (let input = feed.take(); input !== undefined; input = feed.take()) told.push(input.kind);
  expect(told).not.toContain('clock');
  expect(parts.rest.count('measureClock')).toBe(1);
  expect(parts.logged).toContain('the venue tells no time: its clock is taken for ours');
});

it('sees its own clock jump and measures anew', async () => {
  const scene = await openScene();
  await stayLive(scene, 2);
  scene.told.length = 0;
  scene.timers.jump({ wall: -90_000, mono: 0 });
  scene.rest.answers.offsetMs = 90_000;
  await scene.timers.move(1_000);
  expect(clocks(scene)).toEqual([
    [null, -90_000],
    [500, undefined],
  ]);
  quote(scene, 100, 100.1, { venueAt: START + 3_000 });
  await scene.timers.move(100);
  expect(scene.of('quote').at(-1)).toMatchObject({ lagMs: 0 });
});

it('goes on at half its pace while its clock was set back, until that has come up, and says how far it is off', async () => {
  const scene = await openScene();
  await stayLive(scene, 2);
  scene.timers.jump({ wall: -HOUR_MS, mono: 0 });
  scene.rest.answers.offsetMs = HOUR_MS;
  const seen: number[] = [];
  for (let minute = 0; minute < 125; minute++) {
    seen.push(scene.feed.now());
    await stayLive(scene, 60);
  }
  const passed = seen.slice(1).map((at, i) => at - (seen[i] ?? 0));
  expect(new Set(passed.slice(0, 119))).toEqual(new Set([30_000]));
  expect(new Set(passed.slice(-4))).toEqual(new Set([60_000]));
  expect(scene.feed.now()).toBe(scene.timers.wall());
  expect(scene.of('clock').filter(({ stepMs }) => stepMs !== undefined)).toHaveLength(1);
  expect(scene.feed.frame().offsetMs).toBe(HOUR_MS);
});

it('goes on from the instant that a journal has reached, where its clock is behind that', async () => {
  const scene = await openScene();
  const seen: number[] = [];
  for (let step = 0; step < 5; step++) {
    seen.push(scene.feed.now(START + 50_000) - START);
    await stayLive(scene, 30);
  }
  expect(seen).toEqual([50_000, 65_000, 80_000, 95_000, 120_000]);
});

it('measures out of turn when prices come from the future', async () => {
  const scene = await openScene();
  await stayLive(scene, 40);
  expect(scene.rest.count('measureClock')).toBe(1);
  scene.rest.answers.offsetMs = 3_000;
  quote(scene, 100, 100.1, { venueAt: scene.timers.wall() + 3_000 });
  await scene.timers.move(1_000);
  expect(clocks(scene)).toEqual([[3_000, undefined]]);
  expect(scene.of('quote').at(-1)).toMatchObject({ lagMs: 0 });
});

it('does not give a candle twice, or late, when its clock goes back', async () => {
  const scene = await openScene();
  await scene.timers.move(50_050);
  candle(scene, rowAt(MIDNIGHT + 10 * MINUTE_MS));
  scene.timers.jump({ wall: -90_000, mono: 0 });
  scene.rest.answers.offsetMs = 90_000;
  await scene.timers.move(1_000);
  candle(scene, rowAt(MIDNIGHT + 10 * MINUTE_MS));
  await scene.timers.move(59_000);
  candle(scene, rowAt(MIDNIGHT + 11 * MINUTE_MS));
  expect(scene.of('close').map(({ bar }) => bar.openAt)).toEqual(
    [10, 11].map((minute) => MIDNIGHT + minute * MINUTE_MS),
  );
});

it.each([
  ['a suspend that the monotonic clock does not count', { wall: 2 * HOUR_MS, mono: 0 }],
  ['a stop that it counts', { wall: 2 * HOUR_MS, mono: 2 * HOUR_MS }],
])('treats %s like a reconnect', async (_what, ms) => {
  const scene = await openScene();
  await stayLive(scene, 2);
  scene.told.length = 0;
  scene.timers.jump(ms);
  await scene.timers.move(1_000);
  expect(scene.of('feed').map(({ state }) => state)).toEqual(['stale']);
  const rows = scene.of('history').flatMap((input) => input.rows.map(([openAt]) => openAt));
  expect([...rows, ...scene.of('close').map(({ bar }) => bar.openAt)]).toEqual(
    rowsFrom(MIDNIGHT + 10 * MINUTE_MS, 120).map(([openAt]) => openAt),
  );
  expect(scene.of('close')).toHaveLength(1);
  await scene.timers.move(1_000);
  quote(scene, 100, 100.1, { venueAt: START });
  expect(scene.of('feed')).toHaveLength(1);
  quote(scene, 100, 100.1);
  expect(scene.of('feed').map(({ state }) => state)).toEqual(['stale', 'connected']);
});

const changed = (changes: Partial<VenueMarket['instrument']>): VenueMarket => {
  const market = listedMarket(BTC);
  if (market.instrument === undefined) throw new Error('the built-in table knows BTC');
  return { ...market, instrument: { ...market.instrument, ...changes } };
};

it('asks for the markets every hour and tells what changed of an open symbol', async () => {
  const scene = await openScene();
  const before = scene.rest.count('markets');
  await stayLive(scene, 1);
  await scene.timers.move(HOUR_MS);
  expect(scene.rest.count('markets')).toBeGreaterThan(before);
  expect(scene.of('instrument')).toEqual([]);
  scene.rest.answers.markets = [changed({ notionalMin: money('5') })];
  await scene.timers.move(HOUR_MS + 1_000);
  expect(scene.of('instrument')).toMatchObject([
    { symbol: BTC, status: 'trading', instrument: { notionalMin: money('5') } },
  ]);
  expect(scene.feed.instrument(BTC)?.notionalMin).toBe(money('5'));
});

it('asks for them soon when an answer says that filters changed', async () => {
  const scene = await openScene({ answers: { quotes: new Map() } });
  scene.rest.answers.markets = [changed({ tiers: [] }), listedMarket('ETH/USDT:USDT')];
  scene.rest.problems.set('poll', problemOf('FILTERS_CHANGED'));
  for (let second = 0; second < 65; second++) {
    quote(scene, 100, 100.1);
    await scene.timers.move(1_000);
  }
  expect(scene.rest.count('markets')).toBe(2);
  expect(scene.feed.serves('ETH/USDT:USDT')).toBe(true);
});

it('tells a symbol that is halted, and one that is not listed any more', async () => {
  const scene = await openScene();
  scene.rest.answers.markets = [listedMarket(BTC, { status: 'halted', statusText: 'HALT' })];
  await scene.timers.move(70_000);
  scene.rest.answers.markets = [listedMarket('ETH/USDT:USDT')];
  await scene.timers.move(HOUR_MS);
  expect(scene.of('instrument').map(({ status }) => status)).toEqual(['halted', 'delisted']);
  expect(scene.feed.facts(BTC).status).toBe('delisted');
  expect(scene.feed.serves(BTC)).toBe(false);
});

const SETTLEMENT = MIDNIGHT + 8 * HOUR_MS;

async function toSettlement(scene: Scene, ms: number): Promise<void> {
  await scene.timers.move(SETTLEMENT + ms - scene.timers.wall());
}

it('tells a settlement once, with the last rate before it', async () => {
  const scene = await openScene();
  await toSettlement(scene, -5_000);
  mark(scene, 100, { fundingRate: 0.00012 });
  expect(scene.feed.facts(BTC)).toMatchObject({
    fundingRate: 0.00012,
    nextFundingAt: SETTLEMENT,
    fundingMs: 8 * HOUR_MS,
  });
  await toSettlement(scene, -100);
  expect(scene.of('funding')).toEqual([]);
  mark(scene, 100, { fundingRate: 0.0003, nextFundingAt: SETTLEMENT + 8 * HOUR_MS });
  await scene.timers.move(5_000);
  expect(scene.of('funding')).toEqual([
    { kind: 'funding', symbol: BTC, rate: 120_000_000_000_000n, settledAt: SETTLEMENT },
  ]);
});

it('asks for the settlement that no mark told, until the venue says it', async () => {
  const scene = await openScene();
  mark(scene, 100);
  await toSettlement(scene, 12_000);
  expect(scene.of('funding')).toEqual([]);
  scene.rest.answers.funding.set(BTC, [{ at: SETTLEMENT + 7, rate: '-0.00005' }]);
  await scene.timers.move(60_000);
  mark(scene, 100);
  await scene.timers.move(60_000);
  expect(scene.of('funding')).toMatchObject([{ rate: -50_000_000_000_000n, settledAt: SETTLEMENT + 7 }]);
});

it('plays a stand-in at its own speed', async () => {
  const parts = createParts();
  const speed = 60;
  const began = parts.timers.wall();
  const clock = (): number => MIDNIGHT + 10 * MINUTE_MS + (parts.timers.wall() - began) * speed;
  let measured = 0;
  const measureClock = async () => {
    measured++;
    return clock() - parts.timers.wall();
  };
  const rest = { ...parts.rest, measureClock };
  const feed = await createFeed({ ...parts, options: { ...parts.options, rest, clock, speed } });
  await feed.open(BTC, MIDNIGHT);
  while (feed.take() !== undefined);
  expect([feed.now(), feed.speed]).toEqual([MIDNIGHT + 10 * MINUTE_MS, 60]);
  expect(feed.frame().offsetMs).toBe(0);
  await parts.timers.move(1_000);
  parts.streams[0]?.sink.candle({
    symbol: BTC,
    timeframeMs: MINUTE_MS,
    openAt: MIDNIGHT + 10 * MINUTE_MS,
    open: 100,
    high: 101,
    low: 99,
    close: 100,
    volume: 5,
    isClosed: true,
    firstId: NaN,
    lastId: NaN,
    venueAt: MIDNIGHT + 11 * MINUTE_MS,
    at: 0,
  });
  expect(feed.take()).toMatchObject({ kind: 'close', bar: { closeAt: MIDNIGHT + 11 * MINUTE_MS } });
  // REST knows the stand-in's clock by its offset alone, and that grows as it runs ahead.
  await parts.timers.move(5_000);
  expect(measured).toBeGreaterThanOrEqual(5);
});

it('knows a market that was listed after the start by both of its names', async () => {
  let names: VenueNames | undefined;
  const stream = (sink: StreamSink, known: VenueNames): ExchangeStream => {
    names = known;
    return scriptedStream(sink);
  };
  const scene = await openScene({ options: { stream } });
  const fresh = 'NEW/USDT:USDT';
  expect([names?.idOf(fresh), names?.symbolOf('NEWUSDT')]).toEqual([undefined, undefined]);
  scene.rest.answers.markets.push(listedMarket(fresh));
  await scene.timers.move(HOUR_MS + 1_000);
  expect([names?.idOf(fresh), names?.symbolOf('NEWUSDT')]).toEqual(['NEWUSDT', fresh]);
});

it('leaves nothing when it ends', async () => {
  const scene = await openScene();
  await stayLive(scene, 3);
  scene.rest.problems.set('candles', problemOf('TIMED_OUT'));
  scene.rest.answers.markets.push(listedMarket('ETH/USDT:USDT'));
  const ending = scene.feed.open(BTC, MIDNIGHT);
  await scene.feed.end();
  await scene.feed.end();
  expect(await ending).toHaveProperty('rows');
  expect([scene.timers.waiting, scene.stream.isEnded, scene.rest.isClosed]).toEqual([0, true, true]);
  scene.told.length = 0;
  quote(scene, 100, 100.1);
  await scene.timers.move(MINUTE_MS);
  expect(scene.told).toEqual([]);
});

it('gives up an opening that is under way when it ends', async () => {
  const parts = createParts();
  const feed = await createFeed(parts);
  parts.rest.problems.set('candles', problemOf('TIMED_OUT'));
  const opening = feed.open(BTC, MIDNIGHT);
  await parts.timers.move(100);
  await feed.end();
  expect(await opening).toHaveProperty('code');
  expect(parts.timers.waiting).toBe(0);
  expect(parts.rest.count('candles')).toBe(1);
});
