import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  absolute,
  type Money,
  money,
  type Price,
  price,
  qty,
  type Rate,
  rate,
  ratio,
  text,
  times,
  toStep,
} from '../../../src/core/base/decimal.ts';
import type { Sign } from '../../../src/core/domain/order.ts';
import { type LossTerms, lossPerUnit, qtyByNotional, qtyByRisk, stopFillOf } from '../../../src/core/risk/sizing.ts';
import { ticks } from './scene.ts';

const DUST = money('0.00000001');
/** 50,000 to 49,500 long, maker in, taker out, 3 bps beyond the trigger. */
const EXAMPLE: LossTerms = {
  entry: price('50000'),
  exit: stopFillOf(1, price('49500'), rate('0.0003'), price('0.01')),
  feeIn: rate('0.0002'),
  feeOut: rate('0.0005'),
};

/** What the account loses when the stop fills, as a venue books it: each fee rounded up to the asset. */
function bookedLoss({ entry, exit, feeIn, feeOut }: LossTerms, size: bigint): bigint {
  const fee = (at: Price, share: Rate): bigint => toStep(times(times(at, size, 'up'), share, 'up'), DUST, 'up');
  return times(absolute(entry - exit), size, 'up') + fee(entry, feeIn) + fee(exit, feeOut);
}

describe('size by risk', () => {
  test('the example: 0.18195, where the naive 0.2 would risk 1.099 %', () => {
    const perUnit = lossPerUnit(EXAMPLE);
    // 514.85 of price and slippage, 10 in, 24.742575 out.
    expect(text(perUnit)).toBe('549.592575');
    expect(text(qtyByRisk(money('100'), perUnit, qty('0.00001'), DUST))).toBe('0.18195');
    expect(text(times(qty('0.2'), perUnit, 'up'))).toBe('109.918515');
  });

  test.each([
    ['long', 1, '0.0003', '0.1', '49485.1'],
    ['short', -1, '0.0003', '0.1', '49514.9'],
    ['no slippage, nothing is rounded', 1, '0', '7', '49500'],
  ] as const)('a stop fills beyond its trigger, to the tick against us: %s', (_name, side, slip, tick, expected) => {
    expect(text(stopFillOf(side, price('49500'), rate(slip), price(tick)))).toBe(expected);
  });

  test('the last digit goes against us', () => {
    const digit = price('0.000000000000000001');
    // 0.9333333333333333331 and 0.7 x 1e-18.
    expect(text(stopFillOf(-1, price('0.7'), rate('0.333333333333333333'), digit))).toBe('0.933333333333333334');
    const loss = { entry: price('0.7'), exit: price('0.7'), feeIn: rate('0.000000000000000001'), feeOut: rate('0') };
    expect(text(lossPerUnit(loss))).toBe('0.000000000000000001');
  });

  test('nothing to risk, nothing to buy', () => {
    expect(qtyByRisk(money('0'), money('10'), qty('0.001'), DUST)).toBe(0n);
    expect(qtyByRisk(money('-5'), money('10'), qty('0.001'), DUST)).toBe(0n);
    expect(qtyByRisk(money('5'), money('0'), qty('0.001'), DUST)).toBe(0n);
  });

  test('never loses more than asked, after rounding, fees and slippage, and wastes less than a step', () => {
    const share = (most: number) => fc.integer({ min: 0, max: most }).map((n) => ratio(BigInt(n), 100_000n, 'down'));
    const table = fc.record({
      sign: fc.constantFrom<Sign>(1, -1),
      entry: fc.integer({ min: 2_000, max: 1_000_000 }),
      away: fc.integer({ min: 1, max: 1_500 }),
      feeIn: share(200),
      feeOut: share(200),
      slippage: share(500),
      budget: fc.integer({ min: 1, max: 100_000_000 }).map((cents) => money(`${cents / 100}`)),
      step: fc.constantFrom(qty('1'), qty('0.001'), qty('0.00001'), qty('0.00000001')),
    });
    fc.assert(
      fc.property(table, ({ entry, away, sign, budget, step, slippage, ...fees }) => {
        const tick = price('0.01');
        const stop = ticks(sign === 1 ? entry - away : entry + away, tick);
        const exit = stopFillOf(sign, stop, slippage, tick);
        const terms: LossTerms = { entry: ticks(entry, tick), exit, ...fees };
        const perUnit = lossPerUnit(terms);
        const size = qtyByRisk(budget, perUnit, step, DUST);
        expect(size % step).toBe(0n);
        expect(bookedLoss(terms, size) <= budget).toBe(true);
        const more = times(size + step, perUnit, 'up') + 2n * DUST;
        expect(more > budget).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('size by notional', () => {
  test.each([
    ['1000', '61840.2', '0.001', '0.016'],
    ['1000', '61840.2', '0.00000001', '0.01617071'],
    ['1000', '250', '1', '4'],
    ['0', '250', '1', '0'],
    ['10', '250', '1', '0'],
  ])('%s at %s in steps of %s is %s', (wanted, at, step, expected) => {
    expect(text(qtyByNotional(money(wanted), price(at), qty(step)))).toBe(expected);
  });

  test('never costs more than wanted, and one step more would', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 24n), fc.bigInt(1n, 10n ** 24n), fc.bigInt(1n, 10n ** 20n), (w, p, s) => {
        const [wanted, entry, step] = [w as Money, p as Price, s as ReturnType<typeof qty>];
        const size = qtyByNotional(wanted, entry, step);
        expect(times(size, entry, 'up') <= wanted).toBe(true);
        expect((size + step) * entry > wanted * 10n ** 18n).toBe(true);
      }),
    );
  });
});
