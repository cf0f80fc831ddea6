import { existsSync, readdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataPorts } from '../../../src/core/boot/data.ts';
import { pathsOf } from '../../../src/core/boot/paths.ts';
import { dataList } from '../../../src/core/command/data/list.ts';
import { candlesToCsv, waves } from '../../support/candles.ts';
import { ROOT } from '../../support/checkout.ts';
import { scratchFolder, writeFiles } from '../../support/scratch.ts';

const SIGNAL = new AbortController().signal;
const TICKS = join(ROOT, '../shared/data/ticks');
const of = { exchange: 'file', symbol: 'BTC/USDT', timeframe: '5m', series: 'candles' } as const;

async function exported(ports: ReturnType<typeof dataPorts>): Promise<readonly string[]> {
  let text = '';
  await ports.export(
    of,
    (part) => {
      text += part;
      return Promise.resolve();
    },
    SIGNAL,
  );
  return text.trim().split('\n').slice(1);
}

describe('imported data', () => {
  it('is put together to the time frame that is asked for', async () => {
    const folder = scratchFolder();
    writeFiles(folder, { 'candles.csv': candlesToCsv(waves(50)) });
    const ports = dataPorts(pathsOf({ XDG_DATA_HOME: folder }));
    expect(await ports.import({ ...of, path: join(folder, 'candles.csv') }, SIGNAL)).toMatchObject({
      rows: 10,
      added: 10,
    });
    expect(await ports.import({ ...of, path: join(folder, 'candles.csv') }, SIGNAL)).toMatchObject({
      added: 0,
      known: 10,
    });
    expect(await ports.import({ ...of, timeframe: '1s', path: join(folder, 'candles.csv') }, SIGNAL)).toMatchObject({
      code: 'TIMEFRAME_DIFFERS',
      fix: '--timeframe 1m',
    });
    const weeks = Array.from({ length: 9 }, (_, week) => `${1_704_067_200_000 + week * 604_800_000},1,1,1,1,1`);
    writeFiles(folder, { 'weeks.csv': weeks.join('\n') });
    expect(await ports.import({ ...of, timeframe: '1d', path: join(folder, 'weeks.csv') }, SIGNAL)).toMatchObject({
      found: 'candles of 7d',
      fix: expect.stringMatching(/^the store keeps 1s .* 1d alone: .* backtest --data, which takes 7d$/),
    });
  });

  it('is left as it was by a signal, with no draft beside it; an export ends after the part that is written', async () => {
    const folder = scratchFolder();
    writeFiles(folder, { 'candles.csv': candlesToCsv(waves(5_000)), 'more.csv': candlesToCsv(waves(6_000)) });
    const paths = pathsOf({ XDG_DATA_HOME: folder });
    const ports = dataPorts(paths);
    const series = { ...of, timeframe: '1m' };
    await ports.import({ ...series, path: join(folder, 'candles.csv') }, SIGNAL);
    const files = (): unknown => {
      const stored = join(paths.data, 'candles/file');
      return readdirSync(stored).map((name) => [name, readFileSync(join(stored, name)).length]);
    };
    const before = files();
    const stop = new AbortController();
    const importing = ports.import({ ...series, path: join(folder, 'more.csv') }, stop.signal);
    stop.abort('SIGINT');
    await expect(importing).rejects.toBe('SIGINT');
    expect(files()).toEqual(before);
    const ending = new AbortController();
    let rows = 0;
    const exporting = ports.export(
      series,
      (part) => {
        rows += part.split('\n').length - 1;
        if (rows > 1) ending.abort('SIGTERM');
        return Promise.resolve();
      },
      ending.signal,
    );
    await expect(exporting).rejects.toBe('SIGTERM');
    expect(rows).toBe(1 + 4_096);
  });

  it('is refused where no whole candle comes of it, and nothing is stored', async () => {
    const folder = scratchFolder();
    const trades = 'time,price,qty\n1746057605000,1,2\n1746057610000,1,2\n';
    writeFiles(folder, { 'candles.csv': candlesToCsv(waves(50)), 'trades.csv': trades });
    const paths = pathsOf({ XDG_DATA_HOME: folder });
    const ports = dataPorts(paths);
    for (const [file, timeframe] of [
      ['candles.csv', '1h'],
      ['trades.csv', '1m'],
    ] as const) {
      expect(await ports.import({ ...of, timeframe, path: join(folder, file) }, SIGNAL)).toMatchObject({
        code: 'BAD_DATA',
        expected: `${file}: all of at least one candle of ${timeframe}`,
        found: expect.stringMatching(/^what came from \d{4}-\d\d-\d\d \d\d:\d\d:\d\d to .* \d\d:\d\d:\d\d$/),
      });
    }
    expect(await ports.list()).toEqual([]);
  });

  it('that was damaged is marked in the list, beside the others and with what to do', async () => {
    const folder = scratchFolder();
    writeFiles(folder, { 'candles.csv': candlesToCsv(waves(50)) });
    const paths = pathsOf({ XDG_DATA_HOME: folder });
    const ports = dataPorts(paths);
    for (const symbol of ['BTC/USDT', 'ETH/USDT'])
      await ports.import({ ...of, symbol, path: join(folder, 'candles.csv') }, SIGNAL);
    const file = join(paths.data, 'candles/file/BTC_USDT-5m.arrow');
    truncateSync(file, 500);
    const listed = await dataList.run({ boot: () => Promise.resolve({ data: ports }) } as never, {} as never);
    expect(listed).toMatchObject({
      data: { series: [{ symbol: 'BTC/USDT', rows: null, damage: { found: 'one that ends early' } }, { rows: 10 }] },
      notes: [expect.stringMatching(`^file BTC/USDT 5m: expected a whole Arrow file.* Move ${file} away`)],
    });
  });

  it.skipIf(!existsSync(TICKS))(
    'of recorded trades is the candle of the exchange, in every digit (needs ../shared)',
    async () => {
      const ports = dataPorts(pathsOf({ XDG_DATA_HOME: scratchFolder() }));
      await ports.import({ ...of, path: join(TICKS, 'binance-spot-BTCUSDT-20240808.trades.csv.gz') }, SIGNAL);
      const oracle = readFileSync(join(TICKS, 'oracle-binance-spot-BTCUSDT-5m-20240808T2355.csv'), 'utf8');
      expect(await exported(ports)).toEqual(oracle.trim().split('\n').slice(1));
    },
  );
});
