import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  absolute,
  approximate,
  DecimalError,
  digitsOf,
  divide,
  fromNumber,
  notional,
  ONE,
  type Price,
  parse,
  priceOf,
  type Qty,
  type Rounding,
  ratio,
  text,
  times,
  toNumber,
  toStep,
} from '../../../src/core/base/decimal.ts';

const LIMIT = ONE * ONE;
const exact = fc.bigInt({ min: 1n - LIMIT, max: LIMIT - 1n });
const positive = fc.bigInt({ min: 1n, max: 10n ** 30n });
/** A few digits and many zeros, or nearly so: what most amounts look like, and what lies beside them. */
const round = fc
  .tuple(fc.bigInt({ min: -(10n ** 16n), max: 10n ** 16n }), fc.nat(19), fc.constantFrom(0n, 1n, -1n, 2n ** 32n))
  .map(([digits, zeros, off]) => digits * 10n ** BigInt(zeros) + off);
const amount = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
const DIRECTIONS: readonly Rounding[] = ['down', 'up', 'floor', 'ceil'];

describe('text', () => {
  test('parse and print are inverse', () => {
    fc.assert(
      fc.property(exact, (value) => {
        expect(parse(text(value))).toBe(value);
      }),
    );
  });

  test('is the shortest: no exponent, no sign of zero, no zero at an end', () => {
    fc.assert(
      fc.property(exact, (value) => {
        expect(text(value)).toMatch(/^(0|-?[1-9]\d*|-?(0|[1-9]\d*)\.\d{0,17}[1-9])$/);
      }),
    );
  });

  test('tells every digit, however many there are', () => {
    fc.assert(
      fc.property(round, (value) => {
        const digits = `${value < 0n ? -value : value}`.padStart(19, '0');
        const plain = `${value < 0n ? '-' : ''}${digits.slice(0, -18)}.${digits.slice(-18)}`;
        expect(text(value)).toBe(plain.replace(/\.?0+$/, ''));
      }),
      { numRuns: 5_000 },
    );
  });

  test.each([
    ['0', 0n],
    ['-0', 0n],
    ['1', ONE],
    ['12.50', 12_500_000_000_000_000_000n],
    ['1e-18', 1n],
    ['1E+3', 1_000n * ONE],
    ['0.000000000000000001', 1n],
    ['-0.1', -(ONE / 10n)],
    ['1.10e1', 11n * ONE],
    ['100e-20', 1n],
  ])('%s is read exactly', (source, value) => {
    expect(parse(source)).toBe(value);
  });

  test.each([
    ['', 'expected a decimal number such as 12.5, found ""'],
    ['1,5', 'expected a decimal number such as 12.5, found "1,5"'],
    ['.5', 'expected a decimal number such as 12.5, found ".5"'],
    ['0x10', 'expected a decimal number such as 12.5, found "0x10"'],
    ['NaN', 'expected a decimal number such as 12.5, found "NaN"'],
    ['Infinity', 'expected a decimal number such as 12.5, found "Infinity"'],
    ['0.0000000000000000001', 'expected at most 18 digits after the point, found "0.0000000000000000001"'],
    ['1e-19', 'expected at most 18 digits after the point, found "1e-19"'],
    ['1e18', 'expected less than 10^18, found "1e18"'],
    ['9'.repeat(60), `expected less than 10^18, found "${'9'.repeat(40)}..."`],
  ])('"%s" is refused, never rounded', (source, message) => {
    expect(() => parse(source)).toThrow(new DecimalError(message));
  });
});

describe('rounding', () => {
  /** The definition of each direction, from the exact remainder. */
  const byDefinition = (a: bigint, b: bigint, rounding: Rounding): boolean => {
    const found = divide(a, b, rounding);
    const [n, d] = b < 0n ? [-a, -b] : [a, b];
    const isFloor = found * d <= n && (found + 1n) * d > n;
    const isCeil = found * d >= n && (found - 1n) * d < n;
    if (rounding === 'floor') return isFloor;
    if (rounding === 'ceil') return isCeil;
    return (rounding === 'down') === n >= 0n ? isFloor : isCeil;
  };

  test.each(DIRECTIONS)('%s does what it is named', (rounding) => {
    fc.assert(
      fc.property(amount, positive, fc.boolean(), (a, b, negative) => {
        expect(byDefinition(a, negative ? -b : b, rounding)).toBe(true);
      }),
    );
  });

  test('to a step gives a multiple, less than one step away, on the named side', () => {
    fc.assert(
      fc.property(amount, fc.bigInt({ min: 1n, max: ONE }), fc.constantFrom(...DIRECTIONS), (value, step, rounding) => {
        const found = toStep(value, step, rounding);
        expect(found % step).toBe(0n);
        expect(absolute(found - value)).toBeLessThan(step);
        if (rounding === 'floor' || (rounding === 'down') === value > 0n)
          expect(found <= value || rounding === 'ceil').toBe(true);
        if (value % step === 0n) expect(found).toBe(value);
      }),
    );
  });

  test('a product with a rate and a quotient round once', () => {
    expect(text(times(parse('0.000000000000000003'), parse('0.5'), 'down'))).toBe('0.000000000000000001');
    expect(text(times(parse('0.000000000000000003'), parse('0.5'), 'up'))).toBe('0.000000000000000002');
    expect(text(times(parse('-0.000000000000000003'), parse('0.5'), 'floor'))).toBe('-0.000000000000000002');
    expect(text(ratio(1n, 3n, 'down'))).toBe('0.333333333333333333');
    expect(text(ratio(1n, 3n, 'up'))).toBe('0.333333333333333334');
  });

  test('price x quantity is exact where tick and step have 18 digits together', () => {
    const digits = fc.integer({ min: 0, max: 18 });
    fc.assert(
      fc.property(digits, fc.nat(10 ** 8), fc.nat(10 ** 8), (tick, a, b) => {
        const at = (BigInt(a) * 10n ** BigInt(18 - tick)) as Price;
        const size = (BigInt(b) * 10n ** BigInt(tick)) as Qty;
        expect(notional(at, size) * ONE).toBe(at * size);
      }),
    );
  });

  test('digits are counted after the point', () => {
    fc.assert(
      fc.property(exact, (value) => {
        const [, fraction = ''] = text(value).split('.');
        expect(digitsOf(value)).toBe(fraction.length);
      }),
    );
  });
});

describe('numbers', () => {
  const market = fc.double({ min: 1e-8, max: 1e9, noNaN: true, noDefaultInfinity: true });

  test('become the decimal that they print', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 52 }), fc.integer({ min: 0, max: 12 }), (whole, places) => {
        const value = whole / 10 ** places;
        expect(fromNumber(value)).toBe(parse(String(value)));
      }),
      { numRuns: 1_000 },
    );
  });

  test('go there and back', () => {
    fc.assert(
      fc.property(market, (value) => {
        if (digits(value) > 18) return;
        expect(toNumber(fromNumber(value))).toBe(value);
      }),
    );
  });

  test('of an exact value are the nearest double', () => {
    fc.assert(
      fc.property(fc.oneof(exact, round), (value) => {
        expect(toNumber(value)).toBe(Number(text(value)));
      }),
      { numRuns: 5_000 },
    );
  });

  test('an approximation is at most a last place off', () => {
    fc.assert(
      fc.property(exact, (value) => {
        const near = toNumber(value);
        expect(Math.abs(approximate(value) - near)).toBeLessThanOrEqual(Math.abs(near) * 2 ** -52);
      }),
    );
  });

  test('that are none are refused; a small price keeps 18 digits', () => {
    expect(() => fromNumber(Number.NaN)).toThrow(DecimalError);
    expect(() => fromNumber(Number.POSITIVE_INFINITY)).toThrow(DecimalError);
    expect(text(priceOf(1 / 3e3))).toBe('0.000333333333333333');
    expect(text(priceOf(61_840.2))).toBe('61840.2');
  });

  test('a price under a cent is the decimal that it was written as', () => {
    const count = fc.integer({ min: 1, max: 10 ** 12 });
    fc.assert(
      fc.property(count, fc.integer({ min: 14, max: 18 }), (units, places) => {
        const exact = BigInt(units) * 10n ** BigInt(18 - places);
        expect(priceOf(Number(`${units}e-${places}`))).toBe(exact);
      }),
      { examples: [[9_123_456_789_01, 14]], numRuns: 1_000 },
    );
  });
});

/** Digits after the point of the shortest text. */
function digits(value: number): number {
  const [, fraction = '', exponent = '0'] = /^\d+(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  return fraction.length - Number(exponent);
}
