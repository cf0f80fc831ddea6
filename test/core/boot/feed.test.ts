import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { money, price, qty, rate } from '../../../src/core/base/decimal.ts';
import { openFeed } from '../../../src/core/boot/feed.ts';
import { pathsOf } from '../../../src/core/boot/paths.ts';
import { prepareRun } from '../../../src/core/boot/run.ts';
import type { RunRequest } from '../../../src/core/lab/request.ts';
import { DEFAULT_RISK } from '../../../src/core/risk/defaults.ts';
import { candlesToCsv, waves } from '../../support/candles.ts';
import { scratchFolder, writeFiles } from '../../support/scratch.ts';

function requestOf(path: string, more: Partial<RunRequest> = {}): RunRequest {
  return {
    strategy: 'ema-cross',
    params: {},
    symbol: 'BTC/USDT:USDT',
    seed: 1,
    risk: DEFAULT_RISK,
    observe: false,
    balance: money('10000'),
    costs: { makerRate: rate('0'), takerRate: rate('0'), spread: rate('0'), slippage: rate('0'), latencyMs: 0 },
    instrument: {},
    source: { from: 'file', path },
    ...more,
  };
}

function written(name: string, text: string): { path: string; paths: ReturnType<typeof pathsOf> } {
  const folder = scratchFolder();
  writeFiles(folder, { [name]: text });
  return { path: join(folder, name), paths: pathsOf({ XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }) };
}

describe('a feed', () => {
  it('of trades becomes candles by the time of the trades, from the first whole one on', async () => {
    const at = Date.UTC(2025, 0, 1);
    const rows = [-5, 0, 20, 59, 60, 61, 125].map((second, i) => `${at + second * 1_000},${99 + i},0.5`);
    const { path, paths } = written('trades.csv', `timestamp_ms,price,qty\n${rows.join('\n')}\n`);
    const feed = await openFeed(requestOf(path), paths, false);
    if ('exit' in feed) throw new Error(feed.found);
    const { openAt, open, high, low, close, volume, timeframeMs } = feed.candles;
    expect(timeframeMs).toBe(60_000);
    expect([...openAt]).toEqual([at, at + 60_000]);
    expect([[...open], [...high], [...low], [...close], [...volume]]).toEqual([
      [100, 103],
      [102, 104],
      [100, 103],
      [102, 104],
      [1.5, 1],
    ]);
  });

  it('of trades knows how many digits their prices have: a coarser tick would round the fills', async () => {
    const at = Date.UTC(2025, 0, 1);
    const rows = [0, 60, 120].map((second) => `${at + second * 1_000},43059.97,0.5`);
    const { path, paths } = written('trades.csv', `timestamp_ms,price,qty\n${rows.join('\n')}\n`);
    expect(await openFeed(requestOf(path), paths, false)).toMatchObject({ priceDigits: 2 });
  });

  it('trades from the first candle at or after --from; what lies before warms up', async () => {
    const rows = waves(600);
    const { path, paths } = written('candles.csv', candlesToCsv(rows));
    const from = rows[300]?.openAt ?? 0;
    const prepared = await prepareRun(requestOf(path, { from, to: rows[400]?.openAt }), paths);
    if ('exit' in prepared) throw new Error(prepared.found);
    expect(prepared.series.tradeFrom).toBe(300);
    expect(prepared.series.candles.length).toBe(400);
  });

  it.each([
    ['a symbol that is none', { symbol: 'BTCUSDT' }, 'UNKNOWN_SYMBOL'],
    ['days without candles', { from: Date.UTC(2031, 0, 1) }, 'NO_CANDLES'],
    ['a file that is not there', { source: { from: 'file', path: 'nowhere.csv' } }, 'NO_FILE'],
    ['rates that are not there', { fundingFile: 'nowhere.csv' }, 'NO_FILE'],
    ['an empty store', { source: { from: 'store', exchange: 'file' } }, 'NO_CANDLES'],
    ['a time frame shorter than the candles', { timeframe: '1s' }, 'TIMEFRAME_TOO_SHORT'],
    ['a time frame that nobody knows', { timeframe: '7m' }, 'UNKNOWN_TIMEFRAME'],
    [
      'a higher time frame that does not fit',
      { strategy: 'trend', timeframe: '4h', params: { higherTimeframe: '6h' } },
      'TIMEFRAME_TOO_SHORT',
    ],
    [
      'steps whose products no money can hold',
      { instrument: { tick: price('0.000000000001'), step: qty('0.00000001') } },
      'INSTRUMENT_UNFIT',
    ],
    ['a parameter out of range', { params: { fast: '0' } }, 'BAD_PARAM'],
  ] as const)('with %s is refused before anything is written', async (_what, more, code) => {
    const { path, paths } = written('candles.csv', candlesToCsv(waves(50)));
    expect(await prepareRun(requestOf(path, more), paths)).toMatchObject({ ok: false, exit: 2, code });
  });
});
