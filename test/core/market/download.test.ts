import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CandleRow } from '../../../src/core/domain/frame.ts';
import { type Download, downloadCandles, downloadFunding, fundingPath } from '../../../src/core/market/download.ts';
import { openCandles } from '../../../src/core/market/store.ts';
import { handTimers } from '../../support/hand-timers.ts';
import { problemOf, type StubRest, stubRest } from '../../support/live-rest.ts';
import { scratchFolder } from '../../support/scratch.ts';

const BTC = 'BTC/USDT:USDT';
const FROM = Date.UTC(2025, 4, 4);
const MINUTE = 60_000;
const KEY = { exchange: 'binanceusdm', symbol: BTC, timeframeMs: MINUTE };

const rowsOf = (count: number): CandleRow[] =>
  Array.from({ length: count }, (_, i): CandleRow => [FROM + i * MINUTE, 100 + i, 101 + i, 99 + i, 100.5 + i, 1 + i]);

function scene(rows: readonly CandleRow[]): {
  readonly rest: StubRest;
  readonly timers: ReturnType<typeof handTimers>;
  readonly download: (more?: Partial<Download>) => Download;
  readonly root: string;
} {
  const timers = handTimers(FROM + 10_000 * MINUTE);
  const rest = stubRest(() => timers.wall());
  rest.answers.candles.set(BTC, [...rows]);
  rest.answers.pageMax = 700;
  const root = join(scratchFolder(), 'candles');
  return {
    rest,
    timers,
    root,
    download: (more = {}) => ({
      rest,
      root,
      key: KEY,
      from: FROM,
      to: FROM + rows.length * MINUTE,
      timers,
      signal: new AbortController().signal,
      onProgress: () => {},
      ...more,
    }),
  };
}

const storedOf = async (root: string): Promise<readonly number[]> => [...(await openCandles(root, KEY)).candles.openAt];

describe('a download of candles', () => {
  test('asks page by page and keeps every candle of the range, and none beyond it', async () => {
    const rows = rowsOf(2_500);
    const { download, root, rest } = scene(rows);
    const done = await downloadCandles(download({ to: FROM + 2_000 * MINUTE }));
    expect(done).toMatchObject({ rows: 2_000, added: 2_000, gaps: { count: 0 }, isInterrupted: false });
    expect(await storedOf(root)).toEqual(rows.slice(0, 2_000).map(([at]) => at));
    expect(rest.asked.filter((each) => each.startsWith('candles')).length).toBe(3);
  });

  test('what came before an interruption is kept, and the same again asks for the rest alone', async () => {
    const rows = rowsOf(2_000);
    const { download, root, rest } = scene(rows);
    const end = new AbortController();
    const first = await downloadCandles(
      download({ signal: end.signal, onProgress: (done) => (done >= 700 ? end.abort() : undefined) }),
    );
    expect(first).toMatchObject({ isInterrupted: true, added: 700 });
    const asked = rest.asked.length;
    const second = await downloadCandles(download());
    expect(second).toMatchObject({ rows: 2_000, added: 1_300 });
    expect(rest.asked[asked]).toContain(`${FROM + 700 * MINUTE}`);
    expect(await storedOf(root)).toEqual(rows.map(([at]) => at));
    const third = await downloadCandles(download());
    expect(third).toMatchObject({ rows: 2_000, added: 0 });
  });

  test('a hole of the venue is told, and does not stop it', async () => {
    const rows = rowsOf(1_500).filter((_, i) => i < 500 || i >= 620);
    const { download } = scene(rows);
    const done = await downloadCandles(download({ to: FROM + 1_500 * MINUTE }));
    expect(done).toMatchObject({ rows: 1_380, gaps: { count: 1, missing: 120 } });
  });

  test('a silence that the venue asks for is kept, then it goes on', async () => {
    const { download, rest, timers } = scene(rowsOf(100));
    rest.problems.set('candles', problemOf('RATE_LIMITED', timers.wall() + 30_000));
    const done = downloadCandles(download());
    await timers.move(29_000);
    const asked = rest.asked.length;
    rest.problems.clear();
    await timers.move(2_000);
    expect(await done).toMatchObject({ rows: 100, problem: undefined });
    expect(asked).toBe(1);
  });

  test('a ban ends it, with what was saved', async () => {
    const { download, rest } = scene(rowsOf(2_000));
    const done = await downloadCandles(
      download({ onProgress: () => rest.problems.set('candles', problemOf('BANNED')) }),
    );
    expect(done).toMatchObject({ added: 700, problem: { problem: 'BANNED' } });
  });
});

test('settlements are kept as text, once each, and go on after the last one', async () => {
  const { download, rest, root } = scene(rowsOf(10));
  const hour = 3_600_000;
  rest.answers.funding.set(BTC, [
    { at: FROM, rate: '0.00010000' },
    { at: FROM + 8 * hour, rate: '-0.00001200' },
  ]);
  await downloadFunding(download({ to: FROM + 9 * hour }));
  rest.answers.funding.get(BTC)?.push({ at: FROM + 16 * hour, rate: '0.00005' });
  const again = await downloadFunding(download({ to: FROM + 20 * hour }));
  expect(again).toMatchObject({ rows: 3, added: 1 });
  expect(readFileSync(fundingPath(root, KEY), 'utf8')).toBe(
    `timestamp_ms,funding_rate\n${FROM},0.00010000\n${FROM + 8 * hour},-0.00001200\n${FROM + 16 * hour},0.00005\n`,
  );
});

test('settlements of two downloads at the same time are all kept', async () => {
  const { download, rest, root } = scene(rowsOf(10));
  const hour = 3_600_000;
  const all = [0, 8, 16, 24].map((hours) => ({ at: FROM + hours * hour, rate: '0.0001' }));
  rest.answers.funding.set(BTC, all);
  await Promise.all([
    downloadFunding(download({ to: FROM + 9 * hour })),
    downloadFunding(download({ from: FROM + 10 * hour, to: FROM + 25 * hour })),
  ]);
  const lines = readFileSync(fundingPath(root, KEY), 'utf8').trim().split('\n').slice(1);
  expect(lines).toEqual(all.map(({ at, rate }) => `${at},${rate}`));
});
