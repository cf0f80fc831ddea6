import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exp, log, normalCdf, power } from '../../../src/core/analytics/series.ts';

/** Distance to the expected value as a share of it. */
const apart = (value: number, expected: number): number => Math.abs(value / expected - 1);

describe('series', () => {
  it('exp is within 1e-12 of the platform', () => {
    fc.assert(
      fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
        expect(apart(exp(x), Math.exp(x))).toBeLessThanOrEqual(1e-12);
      }),
    );
  });

  it('log is within 1e-12 of the platform', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) => {
        expect(Math.abs(log(x) - Math.log(x))).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(Math.log(x))));
      }),
    );
  });

  it('power is within 1e-12 of the platform', () => {
    const base = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(base, fc.double({ min: -30, max: 30, noNaN: true }), (x, exponent) => {
        expect(apart(power(x, exponent), x ** exponent)).toBeLessThanOrEqual(1e-12);
      }),
    );
  });

  const edges: readonly (readonly [string, number, number])[] = [
    ['exp 0', exp(0), 1],
    ['exp of too much', exp(710), Infinity],
    ['exp of too little', exp(-1_000), 0],
    ['log 1', log(1), 0],
    ['log 0', log(0), -Infinity],
    ['log of a negative', log(-1), NaN],
    ['log of infinity', log(Infinity), Infinity],
    ['0 ^ 2', power(0, 2), 0],
    ['0 ^ 0', power(0, 0), 1],
    ['N(9)', normalCdf(9), 1],
    ['N(-9)', normalCdf(-9), 0],
    ['N(NaN)', normalCdf(NaN), NaN],
  ];
  it.each(edges)('%s', (_name, value, expected) => {
    expect(value).toBe(expected);
  });

  // From the complementary error function of libm.
  const table: readonly (readonly [number, number])[] = [
    [-5, 2.866515718791946e-7],
    [-1, 0.15865525393145707],
    [0, 0.5],
    [0.5, 0.6914624612740131],
    [1.96, 0.9750021048517795],
    [3, 0.9986501019683699],
    [6, 0.9999999990134123],
  ];
  it.each(table)('N(%d)', (x, expected) => {
    expect(Math.abs(normalCdf(x) - expected)).toBeLessThan(1e-14);
  });
});
