import { join } from 'node:path';
import { expect, test } from 'vitest';
import { money, rate } from '../../../src/core/base/decimal.ts';
import { foreground } from '../../../src/core/boot/paper.ts';
import { replay } from '../../../src/core/boot/replay.ts';
import type { ForegroundRequest } from '../../../src/core/lab/request.ts';
import { candlesToCsv, waves } from '../../support/candles.ts';
import { pathsIn, reference } from '../../support/engine-modes.ts';
import { HOOKS, read, WHERE } from '../../support/foreground.ts';
import { scratchFolder, writeFiles } from '../../support/scratch.ts';

/** A machine with two files of candles and one of funding, and starts of one profile on it. */
function profileOnFile() {
  const folder = scratchFolder();
  const rows = waves(600, 40);
  writeFiles(folder, {
    'x-BTCUSDT-1m.csv': candlesToCsv(rows),
    'funding.csv': `timestamp_ms,funding_rate\n${rows[300]?.openAt},0.0001\n`,
    'other-funding.csv': `timestamp_ms,funding_rate\n${rows[300]?.openAt},0.0002\n`,
  });
  const paths = pathsIn(folder);
  const plain = reference(join(folder, 'x-BTCUSDT-1m.csv'));
  const request = { ...plain, params: { fast: '3', slow: '8' }, fundingFile: join(folder, 'funding.csv') };
  return {
    paths,
    folder,
    request,
    /** The middle of the file. */
    to: rows[300]?.openAt ?? 0,
    start: (change: Partial<ForegroundRequest> = {}) =>
      foreground(
        { ...request, profile: 'p', speed: 'max', logLevel: 'silent', ...change },
        { ...HOOKS, onEntry: () => {} },
        paths,
      ),
    lastSeq: () => read(paths, (journal) => journal.lastSeq),
  };
}

test('a profile goes on with the same command alone: another one is refused by what differs, and writes nothing', async () => {
  const { start, request, folder, lastSeq } = profileOnFile();
  expect(await start()).toMatchObject({ interrupted: false });
  const before = lastSeq();
  const { costs, instrument, risk } = request;
  const changes: readonly (readonly [Partial<ForegroundRequest>, code: string, found: string])[] = [
    [{ balance: money('500') }, 'RUN_DIFFERS', 'it differs in balance'],
    [{ costs: { ...costs, latencyMs: 5_000 } }, 'RUN_DIFFERS', 'it differs in costs'],
    [{ seed: 2 }, 'RUN_DIFFERS', 'it differs in seed'],
    [{ instrument: { ...instrument, notionalMin: money('5') } }, 'RUN_DIFFERS', 'it differs in instrument'],
    [{ risk: { ...risk, leverage: rate('1') } }, 'RUN_DIFFERS', 'it differs in size, exits or limits'],
    [{ timeframe: '5m', params: {} }, 'RUN_DIFFERS', 'it differs in time frame, parameters'],
    [{ sourceTimeframe: '1m' }, 'RUN_DIFFERS', 'it differs in time frame of the data'],
    [{ fundingFile: undefined }, 'FEED_DIFFERS', 'replay '],
    [{ fundingFile: join(folder, 'other-funding.csv') }, 'FEED_DIFFERS', ' with funding '],
  ];
  for (const [change, code, found] of changes) {
    expect(await start(change)).toMatchObject({ exit: 3, code, found: expect.stringContaining(found) });
  }
  expect(lastSeq()).toBe(before);
  expect(await start()).toMatchObject({ interrupted: false });
});

test('the same start turns OBSERVING into RUNNING and back', async () => {
  const { start, paths, to } = profileOnFile();
  for (const observe of [true, false, true, false]) expect(await start({ observe, to })).not.toHaveProperty('exit');
  await start();
  const { switched, opened } = read(paths, (journal) => ({
    switched: [...journal.entries({ kinds: ['run_switched'] })].map(({ body }) => body),
    opened: [...journal.entries({ kinds: ['position_opened'] })],
  }));
  expect(switched).toEqual([{ observe: false }, { observe: true }, { observe: false }]);
  expect(opened.length).toBeGreaterThan(0);
  expect(opened.every(({ at }) => at >= to)).toBe(true);
  expect(await replay({ where: WHERE }, HOOKS, paths)).toMatchObject({ same: true });
});
