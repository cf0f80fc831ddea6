import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkCandleFile, parseCandles, readCandles } from '../../../src/core/market/csv.ts';
import { exportCandles } from '../../../src/core/market/print.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { anyCandles, bytesOf, HEADER, lateRefusalOf, MINUTE_MS, refusalOf, rowsOf, START_AT } from './fixtures.ts';

const A = START_AT;
const B = START_AT + MINUTE_MS;
const TWO_ROWS = [
  [A, 10, 12, 9, 11, 5],
  [B, 11, 11.5, 10.25, 10.5, 0.125],
];
const PLAIN = `${A},10,12,9,11,5\n${B},11,11.5,10.25,10.5,0.125\n`;
const parse = (text: string, timeframeMs?: number) =>
  parseCandles(bytesOf(text), 'x.csv', timeframeMs === undefined ? {} : { timeframeMs });

describe('shapes of candle files', () => {
  const s = A / 1_000;
  const sameCandles: readonly (readonly [shape: string, text: string])[] = [
    ['no header', PLAIN],
    ['a header', `${HEADER}\n${PLAIN}`],
    ['Windows line ends', `${HEADER}\n${PLAIN}`.replaceAll('\n', '\r\n')],
    ['no line feed at the end', PLAIN.trimEnd()],
    ['blank lines before, between and after', `\n${HEADER}\n\n${PLAIN.replace('\n', '\n \r\n')}\n\r\n  \n`],
    ['spaces and tabs around cells', PLAIN.replaceAll(',', ' ,\t')],
    ['quoted cells', PLAIN.replaceAll(/[\d.]+/g, '"$&"')],
    ['a byte order mark', `\ufeff${HEADER}\n${PLAIN}`],
    ['seconds', `${s},10,12,9,11,5\n${s + 60},11,11.5,10.25,10.5,0.125\n`],
    ['seconds with a fraction', `${s}.0,10,12,9,11,5\n${s + 60}.0,11,11.5,10.25,10.5,0.125\n`],
    ['microseconds', `${A}000,10,12,9,11,5\n${B}999,11,11.5,10.25,10.5,0.125\n`],
    ['nanoseconds', `${A}000000,10,12,9,11,5\n${B}000000,11,11.5,10.25,10.5,0.125\n`],
    ['exponents', `${A},1e1,1.2E+1,9,110e-1,5\n${B},11,11.5,10.25,10.5,1.25e-1\n`],
    [
      'dates with their zone',
      `date,open,high,low,close,volume\n2024-01-01T00:00:00Z,10,12,9,11,5\n2024-01-01 03:01:00.000+03:00,11,11.5,10.25,10.5,0.125\n`,
    ],
    ['an index without a name', `,${HEADER}\n0,${PLAIN.replace('\n', '\n1,')}`],
    ['padding zeros', `${A},10.00000000,12.0,9.000,11,5\n${B},11,11.50000000,10.25,0010.5,.125\n`],
    ['a word with a comma behind the numbers', `${PLAIN.replaceAll('\n', ',"a, b"\n').replace('"a, b"', 'c')}`],
    ['names for the first six columns of twelve', `${HEADER}\n${PLAIN.replaceAll('\n', `,${A + 59_999},1,2,3,4,0\n`)}`],
    ['twelve columns of an exchange', PLAIN.replaceAll('\n', `,${A + 59_999},123.4,17,1.5,16.2,0\n`)],
    [
      'other names, other order',
      `Unix,Symbol,Low,High,Open,Close,Volume BTC\n${A},BTC/USD,9,12,10,11,5\n${B},BTC/USD,10.25,11.5,11,10.5,0.125\n`,
    ],
    [
      'turnover in the quote asset before the volume',
      `unix,open,high,low,close,Volume USDT,Volume BTC\n${A},10,12,9,11,500,5\n${B},11,11.5,10.25,10.5,13,0.125\n`,
    ],
    [
      'turnover by its name beside the volume',
      `ts,open,high,low,close,quote_volume,volume\n${A},10,12,9,11,500,5\n${B},11,11.5,10.25,10.5,13,0.125\n`,
    ],
    [
      'a text date beside the time',
      `date,timestamp,open,high,low,close,volume\n2024,${A},10,12,9,11,5\n2024,${B},11,11.5,10.25,10.5,0.125`,
    ],
  ];

  test.each(sameCandles)('%s', (_, text) => {
    const { candles } = parse(text);
    expect(rowsOf(candles)).toEqual(TWO_ROWS);
    expect(candles.timeframeMs).toBe(MINUTE_MS);
  });

  test('digits are those the market used, not the zeros printed after them', () => {
    const { priceDigits, volumeDigits } = parse(`${A},10.10000000,12.25000000,9.5,11,5.00\n${B},11,12,9,10.5,0.0400\n`);
    expect([priceDigits, volumeDigits]).toEqual([2, 2]);
  });

  test('each number is the double nearest to its text', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 20n }), fc.integer({ min: 0, max: 18 }), (digits, places) => {
        const padded = String(digits).padStart(places + 1, '0');
        const text = places === 0 ? padded : `${padded.slice(0, -places)}.${padded.slice(-places)}`;
        const { candles } = parse(`${A},1,1,1,1,${text}\n`, MINUTE_MS);
        expect(candles.volume[0]).toBe(Number(text));
      }),
    );
  });

  test('what is exported reads back to the same bits', () => {
    fc.assert(
      fc.property(anyCandles, (candles) => {
        const text = [...exportCandles(candles)].join('');
        expect(rowsOf(parse(text, MINUTE_MS).candles)).toEqual(rowsOf(candles));
      }),
    );
  });

  test('small numbers are exported without an exponent', () => {
    const { candles } = parse(`${A},1e-7,2.5e-7,1e-7,1e-7,1e21\n`, MINUTE_MS);
    expect([...exportCandles(candles)].join('')).toBe(
      `${HEADER}\n${A},0.0000001,0.00000025,0.0000001,0.0000001,1e+21\n`,
    );
  });

  test('more rows than the first lines promised, over several chunks', () => {
    const wide = Array.from(
      { length: 150 },
      (_, row) => `${A + row * MINUTE_MS},10.00000000,10.00000000,10.00000000,10.00000000,1`,
    );
    const narrow = Array.from({ length: 5_000 }, (_, row) => `${A + (150 + row) * MINUTE_MS},9,9,9,9,1`);
    const { candles } = parse([...wide, ...narrow].join('\n'));
    expect(candles.length).toBe(5_150);
    expect([candles.openAt[5_149], candles.close[149], candles.close[150], candles.close[5_149]]).toEqual([
      A + 5_149 * MINUTE_MS,
      10,
      9,
      9,
    ]);
  });
});

describe('time frame and gaps', () => {
  const at = (...minutes: number[]): string =>
    minutes.map((minute) => `${A + minute * MINUTE_MS},1,1,1,1,1`).join('\n');

  test('the smallest step is the time frame, and gaps are counted', () => {
    const { candles, gaps } = parse(at(0, 15, 20, 25, 40));
    expect([candles.timeframeMs, gaps]).toEqual([5 * MINUTE_MS, { count: 2, missing: 4 }]);
  });

  test('a named time frame wins, also for a single row', () => {
    expect(parse(at(0, 15, 30), MINUTE_MS).gaps).toEqual({ count: 2, missing: 28 });
    expect(parse(at(0), MINUTE_MS).candles.length).toBe(1);
  });
});

const minutesFrom = (from: number, to: number): string => {
  const rows = Array.from({ length: to - from }, (_, row) => `${A + (from + row) * MINUTE_MS},1,1,1,1,1`);
  return `${rows.join('\n')}\n`;
};

describe('refused candle files', () => {
  const row = (time: number | string, rest = '10,12,9,11,5'): string => `${time},${rest}\n`;
  const first = row(A);
  const refused: readonly (readonly [what: string, text: string, line: number | undefined, message: RegExp])[] = [
    ['empty', '', undefined, /comma-separated text.*empty file/],
    ['blank lines only', '\n \r\n', undefined, /at least one row, found none/],
    ['a header only', `${HEADER}\n`, undefined, /at least one row, found none/],
    [
      'a carriage return alone behind each row',
      PLAIN.replaceAll('\n', '\r'),
      1,
      /line feed, found a carriage return alone/,
    ],
    [
      'the same with a header, and blank lines before',
      `\n\r\n${`${HEADER}\n${PLAIN}`.replaceAll('\n', '\r')}`,
      3,
      /line feed, found a carriage return alone\. Save it/,
    ],
    ['out of order', first + row(B) + row(A + 1), 3, /times that rise, found \d+ after \d+\. Sort/],
    ['a row twice', `${HEADER}\n${first}\n${first}`, 4, /each time once, found \d+ twice\. Remove/],
    [
      'a high below the close',
      first + row(B, '10,10.5,9,11,5'),
      2,
      /a high at or above open and close, found open 10, high 10.5/,
    ],
    ['a low above the open', first + row(B, '10,12,10.5,11,5'), 2, /a low at or below open and close/],
    ['a price of zero', first + row(B, '0,12,0,11,5'), 2, /an? open above 0, found 0/],
    ['a negative price', first + row(B, '10,12,-9,11,5'), 2, /a low above 0, found -9/],
    ['a negative volume', first + row(B, '10,12,9,11,-1'), 2, /a volume of 0 or more, found -1/],
    ['NaN', first + row(B, '10,NaN,9,11,5'), 2, /a number \(high\), found "NaN"/],
    ['a number beyond doubles', first + row(B, '10,1e999,9,11,5'), 2, /a high from 1e-13 to 10\^13, found Infinity/],
    ['a price that no market has', first + row(B, '1e300,2e300,1e299,1e300,5'), 2, /an? open from .* found 1e\+300/],
    ['one that rounds to nothing', first + row(B, '1e-30,2e-30,1e-31,1e-30,5'), 2, /an? open from .* found 1e-30/],
    ['infinity as a word', first + row(B, '10,Infinity,9,11,5'), 2, /a number \(high\), found "Infinity"/],
    ['hexadecimal', first + row(B, '0x10,12,9,11,5'), 2, /a number \(open\), found "0x10"/],
    ['an empty cell', first + row(B, '10,,9,11,5'), 2, /a number \(high\), found an empty cell/],
    ['a row cut short', `${first}${B},10,12,9`, 2, /6 columns with commas between.*found 4\. Give the missing close/],
    [
      'a row of twelve columns cut inside its volume',
      `${first.trimEnd()},${A},1,2,3,4,0\n${row(B, '10,12,9,11,5').trimEnd()}`,
      2,
      /12 columns, as in the first row, found 6\. Give the whole row/,
    ],
    ['a comma between thousands', first + row(B, '10,12,9,11,1,234.5'), 2, /6 columns, as in the first row, found 7/],
    ['two rows on one line', first + row(B).trimEnd() + row(B + MINUTE_MS), 2, /found 11\. Give each row a line/],
    ['semicolons', first.replaceAll(',', ';'), 1, /found "1704067200000;10;12.* Separate the columns with commas/],
    [
      'dates as words',
      row('2024-01-01 00:00') + row('2024-01-01 00:01'),
      1,
      /a time in s, ms, us or ns.*"2024-01-01 00:00".*Give times with their zone/,
    ],
    ['days of another kind', row('03/01/2024 00:00'), 1, /"03\/01\/2024 00:00"\. Give times with their zone/],
    ['a day that is none', row('2024-02-30T00:00:00Z'), 1, /a time in s.*"2024-02-30T00:00:00Z"/],
    [
      'a quoted comma between thousands',
      row(A, '"1,234.5",12,9,11,5'),
      1,
      /\(open\).* without commas between thousands/,
    ],
    ['semicolons below names', `${HEADER}\n${first}`.replaceAll(',', ';'), 1, /Separate the columns with commas/],
    ['a line before the names', `https://example.com\n${HEADER}\n${first}`, 1, /Remove what stands before the header/],
    [
      'an average price in the place of the volume',
      `${A},10,12,9,11,10.5,5,3\n${B},11,11.5,10.25,10.5,11,2,1\n`,
      1,
      /a volume in column 6, found a price between low and high in every row\. Name the columns/,
    ],
    ['a time before 1990', row(60) + row(120), 1, /a time between 1990 and 2100, found 60000 ms/],
    ['a date of fourteen digits', row('20240101000000'), 1, /a time between 1990 and 2100, found 20240101000000 ms/],
    [
      'a header without a close',
      'time,open,high,low,volume\n1,2,3,4,5\n',
      1,
      /a column close, found "time,open,high,low,volume"/,
    ],
    [
      'turnover in the quote asset alone',
      `${HEADER.replace('volume', 'Volume USDT')}\n${first}`,
      1,
      /a column volume, in the base asset, found ".*Volume USDT"\. Name one column volume/,
    ],
    [
      'volumes of two assets that may both be the base',
      `${HEADER.replace('volume', 'Volume ETH,Volume BTC')}\n${first}`,
      1,
      /one column volume, in the base asset, .*\. Name the one that is meant volume/,
    ],
    ['a column twice', `${HEADER},close\n${first}`, 1, /one column close, found/],
    [
      'steps that fit no time frame',
      row(A) + row(A + 60_000) + row(A + 150_000),
      3,
      /multiples of 1m apart, found \d+, which is 30000 ms off the others/,
    ],
    ['one row and no time frame', first, undefined, /two rows to tell the time frame, found one/],
    ['trades by header', 'timestamp_ms,price,qty\n1,2,3\n', 1, /candles, found trades/],
    ['bare trades without a header', `${A},61837.63,0.02\n`, 1, /candles, found trades/],
    ['trades without a header', `3735683259,61837.63,0.02,1236.75,${A},True,True\n`, 1, /candles, found trades/],
    ['funding rates', `timestamp_ms,funding_rate\n${A},0.0001\n`, 1, /candles, found funding rates/],
    ['quotes', 'timestamp_ms,bid_open,bid_high,ask_open\n1,2,3,4\n', 1, /candles, found quotes/],
    ['recorded messages', `${A}000000 {"stream":"btcusdt@trade"}\n`, 1, /candles, found JSON/],
    ['a JSON array', `[[${A},10,12,9,11,5]]`, 1, /candles, found JSON/],
    ['binary data', 'a\u0000b\u0001', undefined, /comma-separated text, plain or gzip, found binary data/],
    ['a zip archive', 'PK\u0003\u0004...', undefined, /found a zip archive\. Unpack/],
    ['junk far inside', `${minutesFrom(0, 300)}\u00ff\u00fe\u0000\n`, 301, /a time in s, ms, us or ns.*found "\?+"/],
    ['a header that says nothing', `a,b,c,d,e,f\n${first}`, 1, /a column timestamp_ms, found "a,b,c,d,e,f"/],
    ['junk in the middle', `${first}\u00ff\u00fe\u0000\n${row(B)}`, undefined, /binary data/],
  ];

  test.each(refused)('%s', (_, text, line, message) => {
    const refusal = refusalOf(() => parse(text));
    expect(refusal.message).toMatch(message);
    expect(refusal.line).toBe(line);
    expect(refusal.file).toBe('x.csv');
    expect(refusal.fix).not.toBe('');
  });

  test('a gzip file cut short, and one with damaged bytes', () => {
    const whole = gzipSync(PLAIN.repeat(50));
    const damaged = Uint8Array.from(whole);
    damaged.fill(0xaa, 12, 30);
    expect(refusalOf(() => parseCandles(whole.subarray(0, 40), 'x.gz')).message).toMatch(
      /a whole gzip file, found one that ends early/,
    );
    expect(refusalOf(() => parseCandles(damaged, 'x.gz')).message).toMatch(/a whole gzip file, found damaged data/);
  });

  test('a path without a file, a folder, one too large and a device', async () => {
    const folder = scratchFolder();
    expect((await lateRefusalOf(readCandles(join(folder, 'none.csv')))).message).toMatch(
      /a readable file, found no such file/,
    );
    expect((await lateRefusalOf(readCandles(folder))).message).toMatch(/found a folder/);
    const huge = join(folder, 'huge.csv');
    writeFileSync(huge, '');
    truncateSync(huge, 2 ** 31 + 1);
    expect((await lateRefusalOf(readCandles(huge))).message).toMatch(/found one over 2 GiB\. Split it by time/);
    // It has no end: it would be read until the memory is full.
    expect((await lateRefusalOf(checkCandleFile('/dev/zero'))).message).toMatch(/found a special file/);
  });
});

test('gzip is told by its bytes, and the checksum is that of the file on disk', async () => {
  const folder = scratchFolder();
  const path = join(folder, 'candles.csv');
  writeFileSync(path, gzipSync(bytesOf(PLAIN), { level: 9 }));
  const file = await readCandles(path);
  expect(rowsOf(file.candles)).toEqual(TWO_ROWS);
  writeFileSync(path, PLAIN);
  expect((await readCandles(path)).sha256()).not.toBe(file.sha256());
  expect(file.sha256()).toMatch(/^[0-9a-f]{64}$/);
});

describe('a check', () => {
  const HOUR: readonly number[] = Array.from({ length: 60 }, (_, minute) => A + minute * MINUTE_MS);
  const rowsAt = (times: readonly number[]): string => times.map((at) => `${at},10,12,9,11,5`).join('\n');
  const with30 = (at: number): number[] => HOUR.with(30, at);
  const checked = async (text: string) => {
    const path = join(scratchFolder(), 'checked.csv');
    writeFileSync(path, text);
    return await checkCandleFile(path);
  };

  test('names every flaw of a file by its line and refuses none', async () => {
    const rows = [[A], [B], [B], [A], [B + 60_000, '5,4,3,4,1'], [B + 300_000]] as const;
    const text = rows.map(([at, rest = '1,1,1,1,1']) => `${at},${rest}`).join('\r\n\r\n');
    const check = await checked(`${HEADER}\n${text}`);
    expect(check.counts).toEqual({ duplicate: 1, unsorted: 1, impossible: 1, uneven: 0 });
    expect(check.flaws.map((flaw) => [flaw.line, flaw.code])).toEqual([
      [6, 'duplicate'],
      [8, 'unsorted'],
      [10, 'impossible'],
    ]);
    expect(check).toMatchObject({ timeframeMs: MINUTE_MS, firstAt: A, lastAt: B + 300_000, gaps: [{ missing: 3 }] });
  });

  test.each([
    [
      'half a minute late',
      with30(A + 30.5 * MINUTE_MS),
      'uneven',
      /multiples of 1m apart, found \d+, which is 30000 ms off/,
    ],
    ['a second early', with30(A + 30 * MINUTE_MS - 1_000), 'uneven', /which is 59000 ms off/],
    ['a year ahead', with30(A + 525_600 * MINUTE_MS), 'unsorted', /times that rise, found \d+ before \d+/],
    ['a year ago', with30(A - 525_600 * MINUTE_MS), 'unsorted', /times that rise, found \d+ after \d+/],
    ['in another century', with30(A * 3), 'impossible', /a time between 1990 and 2100/],
  ])('blames the one row that is %s, and not its neighbours', async (_what, times, code, message) => {
    const check = await checked(`${HEADER}\n${rowsAt(times)}\n`);
    expect(check.timeframeMs).toBe(MINUTE_MS);
    expect(check.flaws.map((flaw) => [flaw.line, flaw.code])).toEqual([[32, code]]);
    const [flaw] = check.flaws;
    expect(`${flaw?.expected}, found ${flaw?.found}`).toMatch(message);
    expect(check).toMatchObject({ firstAt: HOUR[0], lastAt: HOUR[59], gaps: [{ from: HOUR[30], missing: 1 }] });
    const refusal = refusalOf(() => parse(`${HEADER}\n${rowsAt(times)}\n`));
    expect([refusal.line, refusal.message]).toEqual([32, expect.stringMatching(message)]);
  });

  test('blames the second of two pieces that are the same, and counts what it does not name', async () => {
    const twice = await checked(rowsAt([...HOUR, ...HOUR]));
    expect(twice.flaws.map((flaw) => [flaw.line, flaw.code])).toEqual([[61, 'unsorted']]);
    const { counts, flaws } = await checked(rowsAt(HOUR).replaceAll('12,9,', '8,9,'));
    expect([counts.impossible, flaws.length]).toEqual([60, 20]);
  });

  test('takes rows from the newest to the oldest for what they are', async () => {
    const { timeframeMs, counts, flaws } = await checked(rowsAt(HOUR.toReversed()));
    expect([timeframeMs, counts.unsorted, flaws[0]?.line]).toEqual([MINUTE_MS, 59, 2]);
  });

  test('takes seconds with holes for what they are', async () => {
    const seconds = [0, 2, 4, 6, 7, 9, 11, 13, 15, 16].map((second) => A + second * 1_000);
    expect(await checked(rowsAt(seconds))).toMatchObject({ timeframeMs: 1_000, flaws: [] });
  });
});
