import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { money, rate, text } from '../../../src/core/base/decimal.ts';
import { backtest } from '../../../src/core/boot/backtest.ts';
import { dataPorts } from '../../../src/core/boot/data.ts';
import { pathsOf } from '../../../src/core/boot/paths.ts';
import { prepareRun } from '../../../src/core/boot/run.ts';
import { dataList } from '../../../src/core/command/data/list.ts';
import { BARE_RISK } from '../../../src/core/command/run/settings.ts';
import type { BacktestRequest } from '../../../src/core/lab/request.ts';
import { createMidStore } from '../../../src/core/market/mid-store.ts';
import { candlesToCsv, waves } from '../../support/candles.ts';
import { scratchFolder, writeFiles } from '../../support/scratch.ts';

const SYMBOL = 'ABC/USDT:USDT';
const MINUTES = 400;

/** A store with candles of trades of a symbol, and with those of its mids, which an engine kept: one tick higher. */
async function stored() {
  const folder = scratchFolder();
  const paths = pathsOf({ XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder, XDG_STATE_HOME: folder });
  const rows = waves(MINUTES);
  const file = join(folder, 'candles.csv');
  writeFiles(folder, { 'candles.csv': candlesToCsv(rows) });
  const ports = dataPorts(paths);
  const of = { exchange: 'binanceusdm', symbol: SYMBOL, timeframe: '1m' } as const;
  await ports.import({ ...of, series: 'candles', path: file }, hooks.signal);
  const root = join(paths.data, 'candles');
  const mids = createMidStore({ root, exchange: of.exchange, timeframeMs: 60_000, log: () => {} });
  // Between a bid and an ask that lie a tick of 0.01 apart, as doubles add up.
  const mid = (price: number): number => (price + (price + 0.01)) / 2;
  for (const { openAt, open, high, low, close } of rows) {
    if (openAt === rows[100]?.openAt) continue;
    mids.keep(SYMBOL, [openAt, mid(open), mid(high), mid(low), mid(close), 1]);
  }
  await mids.end();
  return { paths, file, ports, of, opens: rows.map(({ open }) => open), mid };
}

const requestOf = (more: Partial<BacktestRequest> = {}): BacktestRequest => ({
  strategy: 'trend',
  params: {},
  symbol: SYMBOL,
  seed: 1,
  risk: BARE_RISK,
  observe: false,
  balance: money('10000'),
  costs: { makerRate: rate('0'), takerRate: rate('0'), spread: rate('0'), slippage: rate('0'), latencyMs: 0 },
  instrument: {},
  source: { from: 'store', exchange: 'binanceusdm' },
  sourceTimeframe: '15m',
  timeframe: '15m',
  ...more,
});

const hooks = { signal: new AbortController().signal, progress: () => {} };

describe('stored mids', () => {
  it('are what a backtest of mids reads, and nothing else; its tick is that of the touches', async () => {
    const { paths, opens, mid } = await stored();
    const prepared = async (params: Readonly<Record<string, string>>) => {
      const answer = await prepareRun(requestOf({ params }), paths);
      if ('exit' in answer) throw new Error(answer.found);
      return answer;
    };
    const [mids, trades] = [await prepared({ price: 'mid' }), await prepared({})];
    expect(mids.series.candles.open[0]).toBe(mid(opens[0] ?? 0));
    expect([mids.series.candles.length, trades.series.candles.length]).toEqual([MINUTES - 1, MINUTES]);
    expect(trades.series.candles.open[0]).toBe(opens[0]);
    expect([mids, trades].map(({ deployment }) => text(deployment.run.instrument.tick))).toEqual(['0.01', '0.01']);
  });

  it('are named in what a backtest tells; a file that is given is taken as it is, and that is said', async () => {
    const { paths, file } = await stored();
    const told = async (more: Partial<BacktestRequest>) => {
      const report = await backtest(requestOf(more), hooks, paths);
      if (!('json' in report)) throw new Error('expected a report');
      const { price, gaps, candles } = report.json.data as Record<string, unknown>;
      return { price, gaps, candles, fact: report.view.facts?.find(({ name }) => name === 'price')?.value };
    };
    expect(await told({ params: { price: 'mid' } })).toEqual({
      ...{ price: 'mid', gaps: 1, candles: MINUTES - 1 },
      fact: 'mids that an engine kept',
    });
    expect(await told({})).toEqual({ price: 'trade', gaps: 0, candles: MINUTES, fact: undefined });
    const byFile = { params: { price: 'mid' }, source: { from: 'file', path: file }, sourceTimeframe: '1m' } as const;
    expect(await told(byFile)).toMatchObject({
      price: 'file',
      candles: MINUTES,
      fact: expect.stringContaining('file'),
    });
  });

  it('that are not there are asked for in words, whatever else there is', async () => {
    const { paths } = await stored();
    const elsewhere = { source: { from: 'store', exchange: 'file' } } as const;
    expect(await prepareRun(requestOf({ ...elsewhere, params: { price: 'mid' } }), paths)).toMatchObject({
      ...{ exit: 2, code: 'NO_CANDLES' },
      expected: `stored candles of the mids of ${SYMBOL} 15m (file)`,
      found: `the store has binanceusdm ${SYMBOL} 1m, binanceusdm ${SYMBOL} 1m mid`,
      fix: expect.stringContaining('price=mid'),
    });
  });

  it('are listed, checked and exported under their name', async () => {
    const { ports, of, opens, mid } = await stored();
    expect((await ports.list()).map(({ series, rows }) => [series, rows])).toEqual([
      ['candles', MINUTES],
      ['mid', MINUTES - 1],
    ]);
    const listed = await dataList.run({ boot: () => Promise.resolve({ data: ports }) } as never, {} as never);
    expect(listed).toMatchObject({ data: { series: [{ series: 'candles' }, { series: 'mid' }] } });
    expect(await ports.check({ ...of, series: 'mid' }, hooks.signal)).toMatchObject({
      name: `binanceusdm ${SYMBOL} 1m mid`,
      rows: MINUTES - 1,
      gaps: [{ missing: 1 }],
      faults: [],
    });
    let csv = '';
    await ports.export(
      { ...of, series: 'mid' },
      (part) => {
        csv += part;
        return Promise.resolve();
      },
      hooks.signal,
    );
    expect(Number(csv.split('\n')[1]?.split(',')[1])).toBe(mid(opens[0] ?? 0));
    expect(await ports.check({ ...of, series: 'mark' }, hooks.signal)).toMatchObject({ code: 'BAD_DATA' });
  });
});
