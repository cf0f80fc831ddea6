import { describe, expect, test } from 'vitest';
import type { Candles } from '../../../../src/core/domain/candle.ts';
import { createReplayFeed } from '../../../../src/core/lab/host/replay.ts';
import { createSyntheticFeed } from '../../../../src/core/lab/host/synthetic.ts';
import { waves } from '../../../support/candles.ts';

const MINUTE_MS = 60_000;
const SYMBOL = 'BTC/USDT:USDT';

describe('the simulated market as a feed', () => {
  const feed = createSyntheticFeed(3);

  test.each([0, 7, 400])('the candle at hand becomes the closed one (%i minutes in)', (minutes) => {
    const openAt = feed.beginsAt + minutes * MINUTE_MS;
    const index = feed.closedBy(SYMBOL, openAt);
    const closed = feed.row(SYMBOL, index);
    expect(closed[0]).toBe(openAt);
    const [, , high = 0, low = 0] = feed.facts(SYMBOL, openAt + 30_000).forming ?? [];
    expect(high).toBeLessThanOrEqual(closed[2]);
    expect(low).toBeGreaterThanOrEqual(closed[3]);
    const [at, open, top, bottom, close, volume = 0] = feed.facts(SYMBOL, openAt + MINUTE_MS - 1).forming ?? [];
    expect([at, open, top, bottom, close]).toEqual(closed.slice(0, 5));
    expect(volume).toBeCloseTo(closed[5], 8);
    expect(feed.closedBy(SYMBOL, openAt + MINUTE_MS)).toBe(index + 1);
  });

  test('has funding on a perpetual alone, at 00:00, 08:00 and 16:00', () => {
    const eight = 8 * 3_600_000;
    const { nextFundingAt, fundingRate } = feed.facts(SYMBOL, feed.beginsAt + 1);
    expect([nextFundingAt, typeof fundingRate]).toEqual([feed.beginsAt + eight, 'number']);
    expect(feed.facts('BTC/USDT', feed.beginsAt)).toMatchObject({ mark: null, fundingRate: null, nextFundingAt: null });
  });
});

describe('a file as a feed', () => {
  const rows = waves(1_500).filter((_, i) => i < 10 || i >= 20);
  const column = (value: (row: (typeof rows)[number]) => number): Float64Array => Float64Array.from(rows, value);
  const candles: Candles = {
    timeframeMs: MINUTE_MS,
    length: rows.length,
    openAt: column((row) => row.openAt),
    open: column((row) => row.open),
    high: column((row) => row.high),
    low: column((row) => row.low),
    close: column((row) => row.close),
    volume: column(() => 1),
  };
  const feed = createReplayFeed({ symbol: SYMBOL, candles, priceDigits: 2, sha256: 'a'.repeat(64) });
  const firstAt = rows[0]?.openAt ?? 0;

  test('tells of the candle at hand only how it opened', () => {
    const { forming, last, depth } = feed.facts(SYMBOL, firstAt + 5 * MINUTE_MS + 59_999);
    const open = rows[5]?.open;
    expect(forming?.slice(1)).toEqual([open, open, open, open, 0]);
    expect([last, depth]).toEqual([open, null]);
    expect(feed.closedBy(SYMBOL, firstAt + 5 * MINUTE_MS + 59_999)).toBe(5);
  });

  test('keeps the last close, and its age, in a gap and after the end', () => {
    const gap = feed.facts(SYMBOL, firstAt + 15 * MINUTE_MS);
    expect([gap.forming, gap.last, gap.quoteAt]).toEqual([null, rows[9]?.close, firstAt + 10 * MINUTE_MS]);
    const end = feed.facts(SYMBOL, feed.endsAt + 7);
    expect([end.last, end.quoteAt]).toEqual([rows.at(-1)?.close, feed.endsAt]);
  });

  test('knows the change of a day once a day has passed', () => {
    const dayLater = firstAt + 1_445 * MINUTE_MS;
    expect(feed.facts(SYMBOL, firstAt + 700 * MINUTE_MS).change).toBeNull();
    const { last, change } = feed.facts(SYMBOL, dayLater);
    expect(change).toBeCloseTo((last ?? 0) / (rows[4]?.close ?? 1) - 1, 12);
  });
});
