import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunRequest } from '../../../src/core/lab/request.ts';
import { SYNTHETIC_EPOCH_AT } from '../../../src/core/market/synthetic.ts';
import { candlesToCsv, waves } from '../../support/candles.ts';
import {
  CANDLES,
  candleFiles,
  hasCandles,
  inAllModes,
  NEEDS_CANDLES,
  reference,
  trendAsPaper,
} from '../../support/engine-modes.ts';
import { scratchFolder, writeFiles } from '../../support/scratch.ts';

const DAY_MS = 86_400_000;

/** The digests of all three wirings, once each, where the run wrote enough to mean something. */
async function digestsOf(request: RunRequest, entriesMin: number): Promise<readonly unknown[]> {
  const { backtest, paper, replay, entries } = await inAllModes(request, scratchFolder());
  return entries < entriesMin ? [`only ${entries} entries`] : [...new Set([backtest, paper, replay])];
}

const ONE_DIGEST = [expect.stringMatching(/^[0-9a-f]{64}$/)];

/** All files, the large ones too, are in the system test beside this one. */
const small = candleFiles().filter((file) => statSync(join(CANDLES, file)).size < 100_000);
const months = candleFiles().filter((file) => file.startsWith('binance-usdm') && file.includes('-1m-2025'));

describe.skipIf(!hasCandles)(`one feed in paper, backtest and replay wiring: one digest${NEEDS_CANDLES}`, () => {
  test.each(small)('%s, ema-cross as in the reference', async (file) => {
    expect(await digestsOf(reference(join(CANDLES, file)), 1)).toEqual(ONE_DIGEST);
  });

  test.each(months)('%s, trend as paper runs it', async (file) => {
    expect(await digestsOf(trendAsPaper(join(CANDLES, file)), 1_000)).toEqual(ONE_DIGEST);
  });

  test('with funding at its own instants', async () => {
    const fundingFile = join(CANDLES, 'binance-usdm-BTCUSDT-funding.csv.gz');
    const request = reference(join(CANDLES, 'binance-usdm-BTCUSDT-1m-20250504_20250603.csv.gz'));
    expect(await digestsOf({ ...request, fundingFile }, 20_000)).toEqual(ONE_DIGEST);
  });
});

/** Exchanges settle some milliseconds after the hour; an answer that was on its way comes at its own instant all the same. */
test.each([150, 90_000])('funding that settles before an answer of %d ms comes', async (latencyMs) => {
  const folder = scratchFolder();
  const rows = waves(600, 40);
  writeFiles(folder, {
    'x-BTCUSDT-1m.csv': candlesToCsv(rows),
    'funding.csv': ['timestamp_ms,funding_rate', ...rows.map(({ openAt }) => `${openAt + 7},0.0001`)].join('\n'),
  });
  const plain = reference(join(folder, 'x-BTCUSDT-1m.csv'));
  const quick = { params: { fast: '3', slow: '8' }, costs: { ...plain.costs, latencyMs } };
  const request = { ...plain, ...quick, fundingFile: join(folder, 'funding.csv') };
  expect(await digestsOf(request, 200)).toEqual(ONE_DIGEST);
});

test('quotes, funding and depth of the simulated market, too', async () => {
  const request = trendAsPaper('-BTCUSDT-');
  const source = { from: 'synthetic', seed: 7 } as const;
  const to = SYNTHETIC_EPOCH_AT + 3 * DAY_MS;
  const quick = { strategy: 'ema-cross', params: { fast: '3', slow: '8' } };
  expect(await digestsOf({ ...request, ...quick, risk: { ...request.risk, limits: {} }, source, to }, 2_000)).toEqual(
    ONE_DIGEST,
  );
});
