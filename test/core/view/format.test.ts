import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { money } from '../../../src/core/base/decimal.ts';
import {
  age,
  type DecimalStyle,
  decimal,
  duration,
  exact,
  inRisk,
  type Printable,
  percent,
  signed,
  staleMark,
  utcClock,
  utcDate,
  utcMinute,
  utcShort,
  utcTime,
} from '../../../src/core/view/format.ts';

describe('decimal', () => {
  const cases: readonly (readonly [Printable, DecimalStyle, string])[] = [
    ['61840.2', {}, '61,840.2'],
    ['61840.2', { digits: 1 }, '61,840.2'],
    ['61840.2', { digits: 3 }, '61,840.200'],
    ['999', {}, '999'],
    ['1000', {}, '1,000'],
    ['-1234567.895', { digits: 2 }, '-1,234,567.90'],
    ['0.145', { digits: 2 }, '0.15'],
    [0.145, { digits: 2 }, '0.15'],
    ['-0.004', { digits: 2 }, '0.00'],
    [-0, {}, '0'],
    ['999.995', { digits: 2 }, '1,000.00'],
    ['12', { signed: true }, '+12'],
    ['-12', { signed: true }, '-12'],
    ['0.001', { digits: 2, signed: true }, '0.00'],
    ['123456789012345678.000000000000000001', {}, '123,456,789,012,345,678.000000000000000001'],
    [money('2.5'), { digits: 0 }, '3'],
    [money('0.1'), { digits: 20 }, '0.1'],
    [0.1 + 0.2, { digits: 4 }, '0.3000'],
    [1e-7, {}, '0.0000001'],
    [1e-7, { digits: 2 }, '0.00'],
    [1e21, { digits: 2 }, '1e+21'],
    [1_234_567.5, { digits: 1 }, '1,234,567.5'],
    [undefined, { digits: 2 }, '?'],
    [null, {}, '?'],
    [NaN, { digits: 2 }, '?'],
    [-Infinity, {}, '?'],
  ];
  it.each(cases)('%s %j is %s', (value, style, expected) => {
    expect(decimal(value, style)).toBe(expected);
  });

  it('takes no text that is no decimal', () => {
    expect(() => decimal('12,5')).toThrow('expected a decimal number such as 12.5, found "12,5"');
  });

  it('is the rounded value with commas, exactly', () => {
    const amount = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
    fc.assert(
      fc.property(amount, fc.integer({ min: 0, max: 17 }), (scaled, digits) => {
        const printed = decimal(scaled, { digits });
        expect(printed).toMatch(digits === 0 ? /^-?\d{1,3}(,\d{3})*$/ : /^-?\d{1,3}(,\d{3})*\.\d+$/);
        const back = money(printed.replaceAll(',', ''));
        const gap = back > scaled ? back - scaled : scaled - back;
        expect(gap * 2n).toBeLessThanOrEqual(10n ** BigInt(18 - digits));
      }),
    );
  });
});

describe('exact', () => {
  it.each([
    ['61840.2', '61,840.2'],
    ['1314032.68627359', '1,314,032.68627359'],
    ['0.123456789123', '0.12345679'],
    // At eight digits a stop and its price would read alike.
    ['0.0000124345', '0.0000124345'],
    ['-0.000000012256', '-0.000000012256'],
    ['0.000000012256789123', '0.0000000122568'],
    ['0', '0'],
  ])('%s is told as %s', (value, told) => {
    expect(exact(money(value))).toBe(told);
  });
});

describe('shares, profit and R', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['a share', percent(0.0043), '0.43 %'],
    ['a share of text', percent('0.123456'), '12.35 %'],
    ['a signed share', percent(0.0043, { signed: true }), '+0.43 %'],
    ['a share without digits', percent(-0.5, { digits: 0 }), '-50 %'],
    ['an unknown share', percent(undefined), '?'],
    ['profit', signed('14.63', 2), '+14.63'],
    ['loss', signed('-4.456', 2), '-4.46'],
    ['neither', signed('0', 2), '0.00'],
    ['R', inRisk(0.29), '+0.29 R'],
    ['no R', inRisk(null), '?'],
  ];
  it.each(cases)('%s', (_name, printed, expected) => {
    expect(printed).toBe(expected);
  });
});

describe('durations and ages', () => {
  const second = 1_000;
  const minute = 60 * second;
  const hour = 60 * minute;
  const cases: readonly (readonly [number | undefined, string])[] = [
    [0, '0s'],
    [999, '0s'],
    [45 * second, '45s'],
    [59_999, '59s'],
    [minute, '1m00s'],
    [4 * minute + 5 * second, '4m05s'],
    [hour - 1, '59m59s'],
    [hour + 26 * minute + 59 * second, '1h26m'],
    [76 * hour, '3d04h'],
    [24_000 * hour, '1,000d00h'],
    [-45 * second, '-45s'],
    [-400, '0s'],
    [undefined, '?'],
    [NaN, '?'],
  ];
  it.each(cases)('%s ms is %s', (ms, expected) => {
    expect(duration(ms)).toBe(expected);
  });

  it('tells an age to a tenth while it is young', () => {
    expect([0, 240, 1_190, 9_999, 10_000, 70_000, null].map(age)).toEqual([
      '0.0s',
      '0.2s',
      '1.1s',
      '9.9s',
      '10s',
      '1m10s',
      '?',
    ]);
  });

  it('marks only what is past its limit', () => {
    expect([staleMark(1_500, 1_500), staleMark(12_300, 1_500)]).toEqual(['', '~12s']);
  });
});

describe('instants in UTC', () => {
  it('is the calendar', () => {
    const instants = fc.integer({
      min: Date.UTC(1, 0, 1) - 60_000 * 60 * 24 * 365 * 1899,
      max: Date.UTC(9999, 11, 31),
    });
    fc.assert(
      fc.property(instants, (at) => {
        const iso = new Date(at).toISOString();
        fc.pre(iso.length === 24 && at >= -62_135_596_800_000);
        expect(utcTime(at)).toBe(`${iso.slice(0, 10)} ${iso.slice(11, 19)}`);
      }),
    );
  });

  it.each([
    [0, '1970-01-01 00:00:00'],
    [-1, '1969-12-31 23:59:59'],
    [Date.UTC(2024, 1, 29, 23, 59, 59, 999), '2024-02-29 23:59:59'],
    [Date.UTC(2000, 2, 1), '2000-03-01 00:00:00'],
    [Date.UTC(2100, 1, 28) + 86_400_000, '2100-03-01 00:00:00'],
    [undefined, '?'],
    [NaN, '?'],
    [1e18, '?'],
  ])('%s is %s', (at, expected) => {
    expect(utcTime(at)).toBe(expected);
  });

  it('has shorter forms', () => {
    const at = Date.UTC(2025, 4, 4, 6, 30, 1);
    expect([utcDate(at), utcClock(at), utcMinute(at), utcShort(at)]).toEqual([
      '2025-05-04',
      '06:30:01',
      '2025-05-04 06:30',
      '05-04 06:30',
    ]);
    expect([utcDate(null), utcClock(null), utcMinute(null), utcShort(null)]).toEqual(['?', '?', '?', '?']);
  });
});
