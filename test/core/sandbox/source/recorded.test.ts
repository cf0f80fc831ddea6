import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { MarketFrame } from '../../../../src/core/sandbox/market.ts';
import { openRecorded, type RecordedOptions } from '../../../../src/core/sandbox/source/recorded.ts';
import { ROOT } from '../../../support/checkout.ts';
import { type HandTimers, handTimers } from '../../../support/hand-timers.ts';
import { sandboxListing } from '../../../support/sandbox-candles.ts';

const TICKS = resolve(ROOT, '../shared/data/ticks');
const hasTicks = existsSync(TICKS);
const NOW = Date.UTC(2027, 0, 15, 8, 0, 42) + 123;
const MINUTE_MS = 60_000;

const RECORDINGS = [
  ['usdm', 'BTC/USDT:USDT', 'BTCUSDT'],
  ['usdm', 'ETH/USDT:USDT', 'ETHUSDT'],
  ['spot', 'BTC/USDT', 'BTCUSDT'],
] as const;

type Recorded = (typeof RECORDINGS)[number];

function opened(
  [kind, symbol, id]: Recorded,
  clock: HandTimers,
  more: Partial<RecordedOptions> = {},
): ReturnType<typeof openRecorded> {
  const file = resolve(TICKS, `binance-${kind}-${id}-20240808.frames.gz`);
  return openRecorded({ files: [file], kind, listings: [sandboxListing(symbol)], clock, ...more });
}

interface Quote {
  readonly u: number;
  readonly b: string;
  readonly B: string;
  readonly a: string;
  readonly A: string;
}
interface Diff {
  readonly E: number;
  readonly U: number;
  readonly u: number;
  readonly pu?: number;
}

/** Plays for so many seconds and counts what holds. */
function watched(
  market: ReturnType<typeof openRecorded>,
  clock: HandTimers,
  { id, seconds }: { readonly id: string; readonly seconds: number },
) {
  const name = id.toLowerCase();
  const quotes = new Map<number, Quote>();
  const seen = { equal: 0, unequal: 0, breaks: 0, future: 0, diffs: 0 };
  let lastId: number | undefined;
  const hear = ({ stream, data }: MarketFrame): void => {
    for (const [, at] of data.matchAll(/"[ET]":(\d{13})/g)) {
      if (Number(at) > market.now() && !stream.includes('arkPrice') && !stream.includes('line')) seen.future++;
    }
    if (stream === `${name}@bookTicker`) {
      const quote = JSON.parse(data) as Quote;
      quotes.set(quote.u, quote);
    }
    if (stream !== `${name}@depth`) return;
    const diff = JSON.parse(data) as Diff;
    seen.diffs++;
    if (lastId !== undefined && (diff.pu ?? diff.U - 1) !== lastId) seen.breaks++;
    lastId = diff.u;
    const { bids, asks, lastUpdateId } = market.depth(id, 1);
    const quote = quotes.get(lastUpdateId);
    if (quote === undefined) return;
    const isEqual = `${bids[0]} ${asks[0]}` === `${quote.b},${quote.B} ${quote.a},${quote.A}`;
    seen[isEqual ? 'equal' : 'unequal']++;
  };
  const end = market.onFrame(hear);
  for (let second = 0; second < seconds; second++) {
    clock.pass(1_000);
    market.play();
  }
  end();
  return seen;
}

describe.skipIf(!hasTicks)('recorded frames (../shared/data/ticks)', () => {
  test.each(RECORDINGS)('%s %s: the book is the recorded best price wherever their ids meet', (kind, symbol, id) => {
    const recording = [kind, symbol, id] as Recorded;
    const clock = handTimers(NOW);
    const { equal, ...seen } = watched(opened(recording, clock), clock, { id, seconds: 345 });
    expect(equal).toBeGreaterThan(400);
    expect(seen).toMatchObject({ unequal: 0, breaks: 0, future: 0 });
  });

  test('begins less than a minute ago, moved by whole minutes, and what was due is there at once', () => {
    const clock = handTimers(NOW);
    const market = opened(RECORDINGS[0], clock);
    expect(market.now()).toBe(NOW);
    const [first] = market.trades('BTCUSDT', { limit: 1, fromId: 5_266_583_935 });
    const shiftMs = (first?.at ?? 0) - 1_723_161_256_322;
    expect(shiftMs % MINUTE_MS).toBe(0);
    expect(NOW - (first?.at ?? 0)).toBeLessThan(MINUTE_MS + 1_000);
    expect(market.depth('BTCUSDT', 1000).bids.length).toBeGreaterThan(900);
  });

  test('changes no byte of a frame but its instants', () => {
    const frames = (at: 'now' | 'recorded'): string[] => {
      const clock = handTimers(NOW);
      const market = opened(RECORDINGS[0], clock, { at });
      const data: string[] = [];
      market.onFrame((frame) => {
        if (/@(bookTicker|trade|depth)$/.test(frame.stream)) data.push(`${frame.stream} ${frame.data}`);
      });
      clock.pass(30_000);
      market.play();
      return data;
    };
    const recorded = frames('recorded');
    // What the recording had before its book was known is past when it is played as now, too.
    const moved = frames('now');
    const bare = (text: string | undefined): string | undefined => text?.replace(/"[ET]":\d+/g, '');
    const from = recorded.findIndex((text) => bare(text) === bare(moved[0]));
    expect(from).toBeGreaterThanOrEqual(0);
    const both = Math.min(moved.length, recorded.length - from);
    expect(both).toBeGreaterThan(500);
    expect(moved.slice(0, both).map(bare)).toEqual(recorded.slice(from, from + both).map(bare));
  });

  test('its own instants, where they are asked for', () => {
    const market = opened(RECORDINGS[0], handTimers(NOW), { at: 'recorded' });
    expect(new Date(market.now()).toISOString()).toBe('2024-08-08T23:54:16.567Z');
  });

  test('the candle of 23:55 of BTC spot is the one that the exchange published', () => {
    const [, row = ''] = readFileSync(resolve(TICKS, 'oracle-binance-spot-BTCUSDT-5m-20240808T2355.csv'), 'utf8').split(
      '\n',
    );
    const clock = handTimers(NOW);
    const market = opened(RECORDINGS[2], clock, { at: 'recorded' });
    const closed: string[] = [];
    market.onFrame(({ stream, data }) => {
      if (stream === 'btcusdt@kline_5m' && data.includes('"x":true')) closed.push(data);
    });
    clock.pass(350_000);
    market.play();
    const { t, o, h, l, c, v } = JSON.parse(closed[1] ?? '{}').k;
    expect([t, o, h, l, c, v].map(Number)).toEqual(row.split(',').map(Number));
    const [kline] = market.klines('BTCUSDT', 300_000, { startAt: t, endAt: t, limit: 5, of: 'trades' });
    expect([kline?.open, kline?.high, kline?.low, kline?.close, kline?.volume]).toEqual([o, h, l, c, v]);
  });

  test('passes faster where it is asked to, and falls silent at its end', () => {
    const clock = handTimers(NOW);
    const market = opened(RECORDINGS[1], clock, { at: 'recorded', speed: 60 });
    const seen = watched(market, clock, { id: 'ETHUSDT', seconds: 6 });
    expect(seen.diffs).toBeGreaterThan(6_000);
    const last = market.depth('ETHUSDT', 1);
    expect(watched(market, clock, { id: 'ETHUSDT', seconds: 60 })).toMatchObject({ diffs: 0 });
    expect(market.depth('ETHUSDT', 1)).toEqual(last);
  });

  test.each(RECORDINGS)(
    '%s %s: a loop goes on with the ids, and the book leads over to its beginning',
    (kind, symbol, id) => {
      const recording = [kind, symbol, id] as Recorded;
      const clock = handTimers(NOW);
      const market = opened(recording, clock, { loop: true });
      const { diffs, ...seen } = watched(market, clock, { id, seconds: 420 });
      expect(diffs).toBeGreaterThan(3_500);
      expect(seen).toMatchObject({ unequal: 0, breaks: 0, future: 0 });
    },
  );
});
