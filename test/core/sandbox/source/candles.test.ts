import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import type { MarketFrame } from '../../../../src/core/sandbox/market.ts';
import { type CandleOptions, openCandles } from '../../../../src/core/sandbox/source/candles.ts';
import { handTimers } from '../../../support/hand-timers.ts';
import { sandboxListing, waveSeries } from '../../../support/sandbox-candles.ts';

const MINUTE_MS = 60_000;
const START_AT = Date.UTC(2025, 4, 5);
const PRESENT_AT = START_AT + 60 * MINUTE_MS;
const NOW = Date.UTC(2026, 10, 20, 9, 30, 17);

const wave = waveSeries('BTC/USDT:USDT', { base: 60_000, startAt: START_AT, rows: 120 });

function opened(more: Partial<CandleOptions> = {}) {
  const clock = handTimers(NOW);
  const market = openCandles({ kind: 'usdm', series: [wave], clock, at: 'recorded', from: PRESENT_AT, ...more });
  const pass = (ms: number): void => {
    clock.pass(ms);
    market.play();
  };
  return { clock, market, pass };
}

const closedOf = (frames: readonly MarketFrame[], stream: string) =>
  frames
    .filter((frame) => frame.stream === stream && frame.data.includes('"x":true'))
    .map(({ data }) => JSON.parse(data).k as Record<'t' | 'o' | 'h' | 'l' | 'c' | 'v', string>);

describe('candles as a source', () => {
  test('each candle is made again by trades, exactly, and closes when its time has passed', () => {
    const { market, pass } = opened();
    const frames: MarketFrame[] = [];
    market.onFrame((frame) => frames.push(frame));
    for (let minute = 0; minute < 20; minute++) {
      pass(MINUTE_MS);
      const closed = closedOf(frames, 'btcusdt@kline_1m');
      expect(closed).toHaveLength(minute + 1);
    }
    const { columns } = wave;
    for (const [turn, { t, o, h, l, c, v }] of closedOf(frames, 'btcusdt@kline_1m').entries()) {
      const row = 60 + turn;
      const source = [columns.openAt, columns.open, columns.high, columns.low, columns.close, columns.volume];
      expect([t, o, h, l, c, v].map(Number)).toEqual(source.map((column) => column[row]));
    }
  });

  property.prop(
    [
      fc.array(
        fc.record({
          open: fc.integer({ min: 1, max: 2_000 }),
          up: fc.integer({ min: 0, max: 500 }),
          down: fc.integer({ min: 0, max: 500 }),
          move: fc.integer({ min: -400, max: 400 }),
          volume: fc.oneof(fc.constant(0), fc.integer({ min: 4, max: 30_000 })),
        }),
        { minLength: 2, maxLength: 6 },
      ),
    ],
    { numRuns: 40 },
  )('any candle is made again: flat, tiny, huge or without volume', (rows) => {
    const priced = rows.map(({ open, up, down, move, volume }) => {
      const close = Math.max(1, open + move);
      return { open, close, high: Math.max(open, close) + up, low: Math.max(1, Math.min(open, close) - down), volume };
    });
    const column = (value: (row: (typeof priced)[number]) => number) => priced.map(value);
    const columns = {
      openAt: priced.map((_, row) => START_AT + row * MINUTE_MS),
      open: column(({ open }) => open / 10),
      high: column(({ high }) => high / 10),
      low: column(({ low }) => low / 10),
      close: column(({ close }) => close / 10),
      volume: column(({ volume }) => volume / 1_000),
    };
    const series = [{ listing: sandboxListing('BTC/USDT:USDT'), columns, timeframeMs: MINUTE_MS }];
    const { market, pass } = opened({ series, from: START_AT });
    pass(rows.length * MINUTE_MS);
    const klines = market.klines('BTCUSDT', MINUTE_MS, { startAt: START_AT, limit: 100, of: 'trades' });
    expect(klines.map(({ open, high, low, close, volume }) => [open, high, low, close, volume].map(Number))).toEqual(
      priced.map(({ open, high, low, close, volume }) => [open / 10, high / 10, low / 10, close / 10, volume / 1_000]),
    );
  });

  test('a candle of two lots is two trades', () => {
    const columns = { openAt: [START_AT], open: [100], high: [101], low: [100], close: [101], volume: [0.002] };
    const series = [{ listing: sandboxListing('BTC/USDT:USDT'), columns, timeframeMs: MINUTE_MS }];
    const { market, pass } = opened({ series, from: START_AT });
    pass(MINUTE_MS);
    expect(market.trades('BTCUSDT', { limit: 9 }).map(({ price, qty }) => [price, qty])).toEqual([
      ['100.0', '0.001'],
      ['101.0', '0.001'],
    ]);
  });

  test('history lies before the present, and nothing of the future is told', () => {
    const { market, pass } = opened();
    const query = { limit: 1_000, of: 'trades' } as const;
    expect(market.klines('BTCUSDT', MINUTE_MS, query)).toHaveLength(61);
    pass(90_000);
    const klines = market.klines('BTCUSDT', MINUTE_MS, query);
    expect(klines.at(-1)?.openAt).toBe(PRESENT_AT + MINUTE_MS);
    expect(klines[0]?.openAt).toBe(START_AT);
    expect(market.klines('BTCUSDT', MINUTE_MS, { ...query, startAt: PRESENT_AT + 2 * MINUTE_MS })).toEqual([]);
    expect(market.trades('BTCUSDT', { limit: 1 })[0]?.at).toBeLessThanOrEqual(market.now());
  });

  test('longer candles are the sum of history and of what was traded since', () => {
    const { market, pass } = opened();
    pass(10 * MINUTE_MS + 500);
    const [hour] = market.klines('BTCUSDT', 60 * MINUTE_MS, { startAt: PRESENT_AT, limit: 1, of: 'trades' });
    const minutes = market.klines('BTCUSDT', MINUTE_MS, { startAt: PRESENT_AT, limit: 100, of: 'trades' });
    const sum = minutes.reduce((total, { volume }) => total + Math.round(Number(volume) * 1_000), 0);
    expect(Math.round(Number(hour?.volume) * 1_000)).toBe(sum);
    expect(hour?.high).toBe(minutes.map(({ high }) => high).sort((a, b) => Number(b) - Number(a))[0]);
    const [day] = market.klines('BTCUSDT', 86_400_000, { limit: 1, of: 'trades' });
    expect(day).toMatchObject({ openAt: START_AT, open: '60000.0', close: hour?.close });
  });

  test('limits count from the start that is given, else from the end', () => {
    const { market } = opened();
    const openAts = (query: { startAt?: number; endAt?: number; limit: number }): number[] =>
      market
        .klines('BTCUSDT', 5 * MINUTE_MS, { ...query, of: 'trades' })
        .map(({ openAt }) => (openAt - START_AT) / MINUTE_MS);
    expect(openAts({ limit: 3 })).toEqual([50, 55, 60]);
    expect(openAts({ startAt: START_AT + 1, limit: 3 })).toEqual([5, 10, 15]);
    expect(openAts({ endAt: START_AT + 12 * MINUTE_MS, limit: 2 })).toEqual([5, 10]);
    expect(openAts({ startAt: START_AT, endAt: START_AT + 5 * MINUTE_MS, limit: 9 })).toEqual([0, 5]);
  });

  test('diffs make the book again, and best prices are its best', () => {
    const { market, pass } = opened();
    const bids = new Map(market.depth('BTCUSDT', 1_000).bids);
    let lastId = market.depth('BTCUSDT', 1).lastUpdateId;
    let quotes = 0;
    market.onFrame(({ stream, data }) => {
      const message = JSON.parse(data);
      if (stream === 'btcusdt@depth') {
        expect(message.pu).toBe(lastId);
        lastId = message.u;
        for (const [price, qty] of message.b) {
          if (Number(qty) === 0) bids.delete(price);
          else bids.set(price, qty);
        }
      }
      if (stream !== 'btcusdt@bookTicker') return;
      quotes++;
      const best = Math.max(...[...bids.keys()].map(Number));
      expect([Number(message.b), message.u, message.B]).toEqual([best, lastId, bids.get(message.b)]);
      expect(Number(message.b)).toBeLessThan(Number(message.a));
    });
    pass(2 * MINUTE_MS);
    expect(quotes).toBeGreaterThan(100);
    expect(new Map(market.depth('BTCUSDT', 1_000).bids)).toEqual(bids);
  });

  test('played as now, days stay days', () => {
    const { market } = opened({
      at: 'now',
      series: [waveSeries('BTC/USDT:USDT', { base: 60_000, startAt: START_AT, rows: 4_000 })],
      from: undefined as never,
    });
    expect(market.now()).toBe(NOW);
    const [oldest] = market.klines('BTCUSDT', MINUTE_MS, { startAt: 0, limit: 1, of: 'trades' });
    expect(((oldest?.openAt ?? 0) - START_AT) % 86_400_000).toBe(0);
  });

  test('a present behind the end is refused', () => {
    expect(() => opened({ from: START_AT + 500 * MINUTE_MS })).toThrow(/BTCUSDT: expected candles from/);
  });
});
