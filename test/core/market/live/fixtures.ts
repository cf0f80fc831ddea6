import type { CandleRow } from '../../../../src/core/domain/frame.ts';
import type { LiveFeed, LiveInput, Opened } from '../../../../src/core/market/feed.ts';
import { createLiveFeed } from '../../../../src/core/market/live/feed.ts';
import type { LiveOptions } from '../../../../src/core/market/live/options.ts';
import type { Channel } from '../../../../src/core/venue/exchange.ts';
import { type HandTimers, handTimers } from '../../../support/hand-timers.ts';
import {
  type ScriptedStream,
  type StubAnswers,
  type StubRest,
  scriptedStream,
  stubRest,
} from '../../../support/live-rest.ts';

export const MINUTE_MS = 60_000;
export const BTC = 'BTC/USDT:USDT';
/** 2024-06-01 00:00:00 UTC, far from a settlement. */
export const MIDNIGHT = Date.UTC(2024, 5, 1);
/** Ten minutes later, 10 s into a minute. */
export const START = MIDNIGHT + 10 * MINUTE_MS + 10_000;

/** A candle around 100 whose close tells its minute. */
export const rowAt = (openAt: number): CandleRow => {
  const close = 100 + ((openAt / MINUTE_MS) % 10) / 10;
  return [openAt, 100, 101, 99, close, 5];
};

export const rowsFrom = (from: number, count: number): CandleRow[] =>
  Array.from({ length: count }, (_, index) => rowAt(from + index * MINUTE_MS));

/** A feed with one open symbol, its clock moved by hand, and what it told. */
export interface Scene {
  readonly feed: LiveFeed;
  readonly timers: HandTimers;
  readonly rest: StubRest;
  readonly stream: ScriptedStream;
  readonly logged: string[];
  readonly told: LiveInput[];
  readonly opened: Opened;
  kinds(): string[];
  of<K extends LiveInput['kind']>(kind: K): Extract<LiveInput, { kind: K }>[];
}

export interface SceneChanges {
  readonly answers?: Partial<StubAnswers>;
  readonly streams?: { readonly [channel in Channel]: boolean };
  readonly options?: Partial<LiveOptions>;
  readonly symbol?: string;
  readonly from?: number;
  readonly withStream?: boolean;
}

export interface Parts {
  readonly timers: HandTimers;
  readonly rest: StubRest;
  readonly streams: ScriptedStream[];
  readonly logged: string[];
  readonly options: LiveOptions;
}

/** Ten closed candles before `START`, and more that close as time passes. */
export function createParts(changes: SceneChanges = {}): Parts {
  const timers = handTimers(START);
  const candles = new Map([[changes.symbol ?? BTC, rowsFrom(MIDNIGHT, 200)]]);
  const rest = stubRest(() => timers.wall(), { candles, ...changes.answers }, changes.streams);
  const streams: ScriptedStream[] = [];
  const logged: string[] = [];
  const options: LiveOptions = {
    exchange: 'stub',
    rest,
    stream: (sink) => {
      const stream = scriptedStream(sink);
      streams.push(stream);
      return stream;
    },
    timers,
    endpointText: 'the stub',
    proxyText: null,
    log: (text) => logged.push(text),
    ...(changes.withStream === false ? { stream: undefined } : {}),
    ...changes.options,
  };
  return { timers, rest, streams, logged, options };
}

export async function createFeed(parts: Parts): Promise<LiveFeed> {
  const feed = await createLiveFeed(parts.options);
  if ('code' in feed) throw new Error(`${feed.expected}, found ${feed.found}`);
  return feed;
}

export async function openScene(changes: SceneChanges = {}): Promise<Scene> {
  const parts = createParts(changes);
  const feed = await createFeed(parts);
  const told: LiveInput[] = [];
  feed.onInput(() => {
    for (let input = feed.take(); input !== undefined; input = feed.take()) told.push(input);
  });
  const opened = await feed.open(changes.symbol ?? BTC, changes.from ?? MIDNIGHT);
  if ('code' in opened) throw new Error(`${opened.expected}, found ${opened.found}`);
  await parts.timers.move(0);
  told.length = 0;
  return {
    ...parts,
    feed,
    stream: parts.streams[0] as ScriptedStream,
    told,
    opened,
    kinds: () => told.map(({ kind }) => kind),
    of: <K extends LiveInput['kind']>(kind: K) =>
      told.filter((input): input is Extract<LiveInput, { kind: K }> => input.kind === kind),
  };
}

let ids = 0;

/** Ticks of the open symbol at the present of a scene. */
export const quote = (scene: Scene, bid: number, ask: number, changes: object = {}): void =>
  scene.stream.sink.quote({
    symbol: BTC,
    bid,
    bidQty: 1,
    ask,
    askQty: 2,
    updateId: ++ids,
    venueAt: scene.timers.wall(),
    at: scene.timers.wall(),
    ...changes,
  });

export const trade = (scene: Scene, id: number, price: number, changes: object = {}): void =>
  scene.stream.sink.trade({
    symbol: BTC,
    price,
    qty: 1,
    sign: 1,
    id,
    venueAt: scene.timers.wall(),
    at: scene.timers.wall(),
    ...changes,
  });

export const mark = (scene: Scene, price: number, changes: object = {}): void =>
  scene.stream.sink.mark({
    symbol: BTC,
    price,
    fundingRate: 0.0001,
    nextFundingAt: MIDNIGHT + 8 * 3_600_000,
    venueAt: scene.timers.wall(),
    at: scene.timers.wall(),
    ...changes,
  });

export const candle = (scene: Scene, [openAt, open, high, low, close, volume]: CandleRow, changes: object = {}): void =>
  scene.stream.sink.candle({
    symbol: BTC,
    timeframeMs: MINUTE_MS,
    openAt,
    open,
    high,
    low,
    close,
    volume,
    isClosed: true,
    firstId: NaN,
    lastId: NaN,
    venueAt: openAt + MINUTE_MS,
    at: scene.timers.wall(),
    ...changes,
  });

export const book = (scene: Scene, bids: readonly number[], asks: readonly number[], changes: object = {}): void =>
  scene.stream.sink.book({
    symbol: BTC,
    bidPrice: Float64Array.from(bids),
    bidQty: Float64Array.from(bids, () => 1),
    bids: bids.length,
    askPrice: Float64Array.from(asks),
    askQty: Float64Array.from(asks, () => 1),
    asks: asks.length,
    updateId: ++ids,
    venueAt: scene.timers.wall(),
    at: scene.timers.wall(),
    ...changes,
  });

/** Lets so many seconds pass with a quote and a mark in each. */
export async function stayLive(scene: Scene, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    quote(scene, 100, 100.1);
    mark(scene, 100);
    await scene.timers.move(1_000);
  }
}
