import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { money, price, qty } from '../../../src/core/base/decimal.ts';
import { backtest } from '../../../src/core/boot/backtest.ts';
import { BACKTEST_FIELDS } from '../../../src/core/command/run/backtest-fields.ts';
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

test.each([
  ['25.5', 1],
  ['17158.644748860435', 8],
  ['0.00001234', 8],
  ['0.00000000368', 11],
  ['0.000000003680123456', 13],
])('a price of %s is told with %i digits after the point', async (lowest, digits) => {
  const folder = scratchFolder();
  const rows = Array.from(
    { length: 3 },
    (_, i) => `${1_704_067_200_000 + i * 60_000},${lowest},${lowest},${lowest},${lowest},1`,
  );
  writeFiles(folder, { 'candles.csv': rows.join('\n') });
  const request = { ...reference(join(folder, 'candles.csv')), symbol: 'PEPE/USDT', instrument: {} };
  const report = await backtest(request, HOOKS, pathsIn(folder));
  expect(report).toMatchObject({ view: { digits: { price: digits } } });
});

test.each([
  ['1000000', 2],
  ['100', 2],
  ['99', 5],
  ['1.5', 6],
  ['0.01', 8],
])('of a balance of %s a millionth is told, or a cent: %i digits', async (balance, digits) => {
  const folder = scratchFolder();
  writeFiles(folder, { 'candles.csv': candlesToCsv(waves(100)) });
  const request = { ...reference(join(folder, 'candles.csv')), symbol: 'ETH/BTC:BTC', balance: money(balance) };
  expect(await backtest(request, HOOKS, pathsIn(folder))).toMatchObject({ view: { digits: { money: digits } } });
});

test.each([
  [
    'strategy that wants more candles than there are',
    'trend',
    100,
    { done: false, bars: 6, needed: 140, higherBars: 1, higherNeeded: 250 },
    /wants to see 140 candles of 15m \(it saw 6\) and 250 candles of 1h \(it saw 1\) first/,
  ],
  [
    'strategy that wants more candles of one time frame alone',
    'trend',
    2_400,
    { done: false, bars: 160, needed: 140, higherBars: 40, higherNeeded: 250 },
    /trend wants to see 250 candles of 1h \(it saw 40\) first/,
  ],
  [
    'strategy whose votes are never numbers',
    'mute',
    100,
    { done: true, bars: 100, needed: 1 },
    /no vote in the end: each is NaN/,
  ],
])('says why nothing was traded with a %s', async (_what, strategy, length, warmup, note) => {
  const folder = scratchFolder();
  const mute = `export default (kit) => kit.define({
  name: 'mute', version: 1, title: 'Mute', about: 'Says nothing.', params: {},
  votes: () => [{ name: 'one', weight: 1, about: 'it' }], values: [], confirmations: () => 1,
  warmup: () => ({ bars: 1, higherBars: 0 }), timeframes: () => ({ own: 'feed' }),
  create: () => ({ close(bar, opinion) { opinion.votes[0] = bar.nothing; } }),
});
`;
  writeFiles(folder, { 'candles.csv': candlesToCsv(waves(length)), 'mute.mjs': mute });
  const named = strategy === 'mute' ? join(folder, 'mute.mjs') : strategy;
  const request = { ...reference(join(folder, 'candles.csv')), symbol: 'BTC/USDT:USDT', strategy: named, params: {} };
  const report = await backtest(request, HOOKS, pathsIn(folder));
  expect(report).toMatchObject({ json: { warmup }, notes: [expect.stringMatching(note)] });
});

test('says that a strategy ran on another time frame than its own, where nobody asked for that', async () => {
  const folder = scratchFolder();
  const hours = waves(100).map((row, i) => ({ ...row, openAt: Date.UTC(2025, 0, 1) + i * 3_600_000 }));
  writeFiles(folder, { 'candles.csv': candlesToCsv(hours) });
  const request = { ...reference(join(folder, 'candles.csv')), symbol: 'BTC/USDT:USDT', strategy: 'trend', params: {} };
  const note = 'trend takes 15m by itself, which these candles do not make up: it ran on 1h and 4h';
  expect(await backtest(request, HOOKS, pathsIn(folder))).toMatchObject({ notes: expect.arrayContaining([note]) });
  const asked = { ...request, timeframe: '1h' };
  expect(await backtest(asked, HOOKS, pathsIn(folder))).not.toMatchObject({ notes: expect.arrayContaining([note]) });
});

test.each([
  ['a tick above the price', { tick: price('1000000') }, /--tick of at most the lowest price, \d+/],
  [
    'a step that nobody can pay',
    { step: qty('1000000') },
    /--step that costs at most 200000, which the balance pays for/,
  ],
  ['a smallest notional that nobody can pay', { notionalMin: money('200001') }, /--min-notional of at most 200000/],
])('refuses %s, and writes nothing', async (_what, instrument, expected) => {
  const folder = scratchFolder();
  writeFiles(folder, { 'candles.csv': candlesToCsv(waves(100)) });
  const request = {
    ...reference(join(folder, 'candles.csv')),
    balance: money('10000'),
    instrument,
    journalDir: join(folder, 'j'),
  };
  const refusal = await backtest(request, HOOKS, pathsIn(folder));
  expect(refusal).toMatchObject({ exit: 2, code: 'INSTRUMENT_UNFIT', expected: expect.stringMatching(expected) });
  expect(existsSync(request.journalDir)).toBe(false);
});

test('prints what its schema tells, and tells all that it prints', async () => {
  const folder = scratchFolder();
  writeFiles(folder, { 'few.csv': candlesToCsv(waves(100)), 'many.csv': candlesToCsv(waves(20_000)) });
  const types = new Map(BACKTEST_FIELDS.map(([path, type]) => [path, type]));
  const seen = new Set<string>();
  // Keys of these are names of others' making.
  const isFree = (path: string): boolean => /^(run\.params|denials)\./.test(path);
  const look = (value: unknown, path: string): void => {
    const told = types.get(path);
    if (path !== '' && !path.endsWith('[]') && !isFree(path)) {
      seen.add(path);
      expect(told, path).toBeDefined();
      if (value === null) expect(told, path).toMatch(/null$/);
      else if (typeof value === 'number') expect(told, path).toMatch(/^(number|fraction|ms)/);
    }
    if (Array.isArray(value)) for (const each of value) look(each, `${path}[]`);
    else if (typeof value === 'object' && value !== null)
      for (const [name, inner] of Object.entries(value)) look(inner, path === '' ? name : `${path}.${name}`);
  };
  const few = { ...reference(join(folder, 'few.csv')), strategy: 'trend', params: {} };
  const many = reference(join(folder, 'many.csv'));
  const held = { ...many, risk: { ...many.risk, stop: { by: 'none' }, target: { by: 'none' } } } as const;
  for (const request of [few, held]) {
    const report = await backtest({ ...request, symbol: 'BTC/USDT:USDT' }, HOOKS, pathsIn(folder));
    look('json' in report ? report.json : {}, '');
  }
  expect(BACKTEST_FIELDS.map(([path]) => path).filter((path) => !seen.has(path))).toEqual([]);
});
