import { describe, expect, test } from 'vitest';
import { parseTrades } from '../../../src/core/market/trades.ts';
import { bytesOf, refusalOf, START_AT } from './fixtures.ts';

const A = START_AT;
const parse = (text: string) => parseTrades(bytesOf(text), 'x.csv');
const RECORDED = 'recv_ns,event_ms,trade_ms,trade_id,price,qty,buyer_is_maker,type';
const TIMES = [A, A, A + 500];
const PRICES = [100.5, 100.25, 101];
const QTYS = [0.02, 1, 0.048];

describe('shapes of trade files', () => {
  const line = (row: number): readonly [number, number, number] => [
    TIMES[row] as number,
    PRICES[row] as number,
    QTYS[row] as number,
  ];
  const file = (print: (at: number, price: number, qty: number, row: number) => string): string =>
    [0, 1, 2].map((row) => print(...line(row), row)).join('\n');
  const shapes: readonly (readonly [shape: string, text: string])[] = [
    ['plain header', `timestamp_ms,price,qty\n${file((...cells) => cells.slice(0, 3).join())}`],
    ['three bare columns', file((...cells) => cells.slice(0, 3).join())],
    [
      'a recorder',
      `${RECORDED}\n${file((at, price, qty, row) => `${at}000000,${at},${at},${70 + row},${price},${qty},${row & 1},MARKET`)}`,
    ],
    [
      'single trades of an exchange',
      file(
        (at, price, qty, row) => `${70 + row},${price},${qty},${price * qty},${at},${row & 1 ? 'True' : 'False'},True`,
      ),
    ],
    [
      'the same in microseconds',
      file((at, price, qty, row) => `${70 + row},${price},${qty},1,${at}000,${row & 1 ? 'true' : 'false'},true`),
    ],
    [
      'aggregated trades',
      file((at, price, qty, row) => `${70 + row},${price},${qty},1,2,${at},${row & 1 ? 'True' : 'False'},True`),
    ],
  ];

  test.each(shapes)('%s', (_, text) => {
    const trades = parse(text);
    expect([...trades.at]).toEqual(TIMES);
    expect([...trades.price]).toEqual(PRICES);
    expect([...trades.qty]).toEqual(QTYS);
    expect([trades.priceDigits, trades.qtyDigits]).toEqual([2, 3]);
    if (trades.buyerIsMaker !== undefined) expect([...trades.buyerIsMaker]).toEqual([0, 1, 0]);
  });

  test('the side is known only where the file says it', () => {
    expect(parse(`timestamp_ms,price,qty\n${A},1,1\n`).buyerIsMaker).toBeUndefined();
  });
});

const recorded = (...rows: string[]): string => [RECORDED, ...rows.map((row) => `0,0,${row}`)].join('\n');

test('trades that no market made are left out and counted', () => {
  const trades = parse(
    recorded(`${A},7,100,1,0,MARKET`, `${A},8,0,0,0,NA`, `${A},9,101,2,1,INSURANCE_FUND`, `${A},10,102,3,1,`),
  );
  expect([...trades.price]).toEqual([100, 102]);
  expect([trades.length, trades.leftOut]).toEqual([2, 2]);
});

test.each([
  ['those of a recorder', recorded(`${A},7,100,1,0,`, `${A},10,100,1,0,`), 2],
  ['those of single trades', `7,100,1,100,${A},true\n10,100,1,100,${A},true\n`, 2],
  ['none of joined trades', `7,100,1,7,7,${A},true\n10,100,1,8,9,${A},true\n`, undefined],
])('ids that are absent are counted: %s', (_, text, missing) => {
  expect(parse(text).idsMissing).toBe(missing);
});

test.each<readonly [what: string, text: string, line: number, message: RegExp]>([
  ['a trade id twice', recorded(`${A},7,100,1,0,`, `${A},7,100,1,0,`), 3, /each trade id once, found 7 twice/],
  ['ids out of order', recorded(`${A},8,100,1,0,`, `${A},7,100,1,0,`), 3, /trade ids that rise, found 7 after 8/],
  ['times out of order', recorded(`${A + 1},7,100,1,0,`, `${A},8,100,1,0,`), 3, /times that rise/],
  ['a price of zero', recorded(`${A},7,0,1,0,MARKET`), 2, /a price and a qty above 0, found a price of 0/],
  ['a qty of zero', `${A},100,1\n${A},100,0\n`, 2, /found a qty of 0/],
  ['a time that is none', '5,100,1\n5,100,1\n', 1, /a time between 1990 and 2100/],
  ['candles', `timestamp_ms,open,high,low,close,volume\n${A},1,1,1,1,1\n`, 1, /trades, found candles/],
  ['columns that say nothing', `${A},1,1,1\n`, 1, /a header, or timestamp,price,qty.*found 4 columns/],
])('refused: %s', (_, text, line, message) => {
  const refusal = refusalOf(() => parse(text));
  expect(refusal.message).toMatch(message);
  expect(refusal.line).toBe(line);
});
