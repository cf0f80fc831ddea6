import { existsSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataPorts } from '../../../src/core/boot/data.ts';
import { pathsOf } from '../../../src/core/boot/paths.ts';
import { dataList } from '../../../src/core/command/data/list.ts';
import { candlesToCsv, waves } from '../../support/candles.ts';
import { ROOT } from '../../support/checkout.ts';
import { scratchFolder, writeFiles } from '../../support/scratch.ts';

const TICKS = join(ROOT, '../shared/data/ticks');
const of = { exchange: 'file', symbol: 'BTC/USDT', timeframe: '5m', series: 'candles' } as const;

async function exported(ports: ReturnType<typeof dataPorts>): Promise<readonly string[]> {
  let text = '';
  await ports.export(of, (part) => {
    text += part;
    return Promise.resolve();
  });
  return text.trim().split('\n').slice(1);
}

describe('imported data', () => {
  it('is put together to the time frame that is asked for', async () => {
    const folder = scratchFolder();
    writeFiles(folder, { 'candles.csv': candlesToCsv(waves(50)) });
    const ports = dataPorts(pathsOf({ XDG_DATA_HOME: folder }));
    expect(await ports.import({ ...of, path: join(folder, 'candles.csv') })).toMatchObject({ rows: 10, added: 10 });
    expect(await ports.import({ ...of, path: join(folder, 'candles.csv') })).toMatchObject({ added: 0, known: 10 });
    expect(await ports.import({ ...of, timeframe: '1s', path: join(folder, 'candles.csv') })).toMatchObject({
      code: 'TIMEFRAME_DIFFERS',
    });
  });

  it('that was damaged is marked in the list, beside the others and with what to do', async () => {
    const folder = scratchFolder();
    writeFiles(folder, { 'candles.csv': candlesToCsv(waves(50)) });
    const paths = pathsOf({ XDG_DATA_HOME: folder });
    const ports = dataPorts(paths);
    for (const symbol of ['BTC/USDT', 'ETH/USDT'])
      await ports.import({ ...of, symbol, path: join(folder, 'candles.csv') });
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
      await ports.import({ ...of, path: join(TICKS, 'binance-spot-BTCUSDT-20240808.trades.csv.gz') });
      const oracle = readFileSync(join(TICKS, 'oracle-binance-spot-BTCUSDT-5m-20240808T2355.csv'), 'utf8');
      expect(await exported(ports)).toEqual(oracle.trim().split('\n').slice(1));
    },
  );
});
