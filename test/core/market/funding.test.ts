import { expect, test } from 'vitest';
import { rate } from '../../../src/core/base/decimal.ts';
import { parseFunding } from '../../../src/core/market/funding.ts';
import { bytesOf, refusalOf, START_AT } from './fixtures.ts';

const A = START_AT;
const parse = (text: string) => parseFunding(bytesOf(text), 'x.csv');

test.each([
  ['a header', `timestamp_ms,funding_rate\n${A},0.00010000\n${A + 28_800_000},-0.00000612\n`],
  ['no header', `${A},0.00010000\n${A + 28_800_000},-0.00000612`],
  [
    'Windows line ends and blank lines',
    `timestamp_ms,funding_rate\r\n\r\n${A},0.00010000\r\n${A + 28_800_000},-0.00000612\r\n\r\n`,
  ],
  [
    'an exchange file',
    `calc_time,funding_interval_hours,last_funding_rate\n${A},8,0.00010000\n${A + 28_800_000},8,-0.00000612`,
  ],
])('rates are kept as exact text: %s', (_, text) => {
  const funding = parse(text);
  expect([...funding.at]).toEqual([A, A + 28_800_000]);
  expect(funding.rate).toEqual(['0.00010000', '-0.00000612']);
  expect(funding.rate.map(rate)).toEqual([100_000_000_000_000n, -6_120_000_000_000n]);
});

test.each<readonly [what: string, text: string, line: number | undefined, message: RegExp]>([
  ['a header only', 'timestamp_ms,funding_rate\n', undefined, /at least one row/],
  ['an instant twice', `${A},0.1\n${A},0.1\n`, 2, /times that rise/],
  ['no rate', `${A},0.1\n${A + 1},\n`, 2, /a decimal funding rate.*found an empty cell/],
  ['a word', `${A},none\n`, 1, /a decimal funding rate.*"none"/],
  ['a percentage as a number above one', `${A},1.5\n`, 1, /a rate between -1 and 1/],
  ['no time', 'abc,0.1\n', 1, /a column timestamp_ms/],
  ['candles', `timestamp,open,high,low,close,volume\n${A},1,1,1,1,1\n`, 1, /funding rates, found candles/],
])('refused: %s', (_, text, line, message) => {
  const refusal = refusalOf(() => parse(text));
  expect(refusal.message).toMatch(message);
  expect(refusal.line).toBe(line);
});
