import { join } from 'node:path';
import { expect, test } from 'vitest';
import { backtest } from '../../../src/core/boot/backtest.ts';
import { candlesToCsv, waves } from '../../support/candles.ts';
import { pathsIn, reference } from '../../support/engine-modes.ts';
import { scratchFolder, writeFiles } from '../../support/scratch.ts';

const HOOKS = { signal: new AbortController().signal, progress: () => {} };

test('a journal is of one backtest: a second one into its folder is refused, and the first is kept', async () => {
  const folder = scratchFolder();
  writeFiles(folder, { 'candles.csv': candlesToCsv(waves(100)) });
  const request = { ...reference(join(folder, 'candles.csv')), symbol: 'BTC/USDT:USDT', journalDir: join(folder, 'j') };
  const paths = pathsIn(folder);
  const first = await backtest(request, HOOKS, paths);
  expect(first).toMatchObject({ json: { digest: expect.stringMatching(/^[0-9a-f]{64}$/) } });
  expect(await backtest(request, HOOKS, paths)).toMatchObject({ exit: 2, code: 'JOURNAL_EXISTS' });
});
