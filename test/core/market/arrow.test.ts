import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RecordBatchReader, Table, tableFromArrays, tableFromIPC, tableToIPC } from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { decodeCandles, encodeCandles } from '../../../src/core/market/arrow-candles.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { candlesOf, refusalOf, START_AT } from './fixtures.ts';

const CANDLES = candlesOf([
  [0, 10, 12, 9, 11, 0.5],
  [1, 11, 13, 10, 12.25, 0],
]);
const ABOUT = { exchange: 'file', symbol: 'BTC/USDT:USDT', timeframe: '1m', priceDigits: 2, volumeDigits: 1 };

async function written(): Promise<string> {
  const path = join(scratchFolder(), 'x.arrow');
  writeFileSync(path, await encodeCandles(CANDLES, ABOUT));
  return path;
}

test('another Arrow library reads the file: types, metadata, one batch', async () => {
  const bytes = await encodeCandles(CANDLES, ABOUT);
  const table = tableFromIPC(bytes);
  expect(table.schema.fields.map((field) => `${field.name} ${field.type}`)).toEqual([
    'date Timestamp<MILLISECOND, UTC>',
    ...['open', 'high', 'low', 'close', 'volume'].map((name) => `${name} Float64`),
  ]);
  expect(Object.fromEntries(table.schema.metadata)).toMatchObject({
    exchange: 'file',
    symbol: 'BTC/USDT:USDT',
    timeframe: '1m',
  });
  expect([...RecordBatchReader.from(bytes)]).toHaveLength(1);
  expect([...(table.getChild('close') ?? [])]).toEqual([11, 12.25]);
  expect([...(table.getChild('date') ?? [])].map(Number)).toEqual([START_AT, START_AT + 60_000]);
});

const polars = await import('nodejs-polars').then(
  (library) => library.default,
  () => undefined,
);

test.skipIf(polars === undefined)(
  'polars reads the file (left out where its native package is not installed)',
  async () => {
    const frame = (polars as NonNullable<typeof polars>).scanIPC(await written()).collectSync();
    expect(frame.columns).toEqual(['date', 'open', 'high', 'low', 'close', 'volume']);
    expect(frame.getColumn('close').toArray()).toEqual([11, 12.25]);
    expect(frame.getColumn('volume').sum()).toBe(0.5);
    expect(frame.getColumn('date').toArray().map(Number)).toEqual([START_AT, START_AT + 60_000]);
  },
);

describe('Arrow files that are not as the store has them', () => {
  const floats = Float64Array.of(1, 2);
  const table = tableFromArrays({ open: floats, high: floats });

  test.each<readonly [what: string, bytes: () => Uint8Array, message: RegExp]>([
    ['other columns', () => tableToIPC(table, 'file'), /the columns date,open,high,low,close,volume, found open,high/],
    [
      'other types',
      () => tableToIPC(tableFromArrays({ open: Int32Array.of(1) }), 'file'),
      /a column open of 64-bit floats/,
    ],
    [
      'several batches',
      () => tableToIPC(new Table([...table.batches, ...table.batches]), 'file'),
      /one batch of rows, found 2/,
    ],
    ['a stream', () => tableToIPC(table, 'stream'), /an Arrow file, found another kind of file/],
    ['text', () => Buffer.from('timestamp,open\n'.repeat(10)), /an Arrow file, found another kind of file/],
    ['nothing', () => new Uint8Array(0), /an Arrow file/],
  ])('refused: %s', (_, bytes, message) => {
    const path = join(scratchFolder(), 'x.arrow');
    writeFileSync(path, bytes());
    const refusal = refusalOf(() => decodeCandles(path));
    expect(refusal.message).toMatch(message);
    expect(refusal.file).toBe(path);
  });
});

test('what is written is what is read', async () => {
  const { columns, metadata } = decodeCandles(await written());
  const { timeframeMs, ...expected } = CANDLES;
  expect(columns).toEqual(expected);
  expect(metadata.get('symbol')).toBe('BTC/USDT:USDT');
});
