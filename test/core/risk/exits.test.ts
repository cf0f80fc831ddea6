import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Money,
  money,
  ONE,
  type Price,
  price,
  type Rate,
  rate,
  ratio,
  text,
  times,
  toStep,
} from '../../../src/core/base/decimal.ts';
import type { Sign } from '../../../src/core/domain/order.ts';
import type { Position } from '../../../src/core/domain/position.ts';
import type { StopRule, TargetRule } from '../../../src/core/domain/settings.ts';
import {
  breakEvenOf,
  breakEvenPrice,
  lossMaxOf,
  lossPriceOf,
  protectivePriceOf,
  stopPriceOf,
  targetPriceOf,
} from '../../../src/core/risk/exits.ts';
import { position } from './scene.ts';

const shown = (value: bigint | undefined): string => (value === undefined ? 'none' : text(value));
const fixed = (distance: string): StopRule => ({ by: 'fixed', distance: rate(distance) });
const own: StopRule = { by: 'strategy', distance: rate('0.01'), distanceMin: rate('0.004'), distanceMax: rate('0.03') };

describe('stop price', () => {
  test.each<[string, StopRule, Sign, string, number, string, string]>([
    ['long, exact', fixed('0.01'), 1, '61840.2', Number.NaN, '0.00000001', '61221.798'],
    ['short, exact', fixed('0.01'), -1, '61840.2', Number.NaN, '0.00000001', '62458.602'],
    ['long, to the tick toward the entry', fixed('0.01'), 1, '61840.2', Number.NaN, '0.1', '61221.8'],
    ['short, to the tick toward the entry', fixed('0.01'), -1, '61840.2', Number.NaN, '0.1', '62458.6'],
    ['long, never on the entry', fixed('0.0001'), 1, '100', Number.NaN, '0.5', '99.5'],
    ['short, never on the entry', fixed('0.0001'), -1, '100', Number.NaN, '0.5', '100.5'],
    ['long, entry between ticks', fixed('0.0001'), 1, '100.25', Number.NaN, '0.5', '100'],
    ['long, the whole price', fixed('1.5'), 1, '100', Number.NaN, '0.5', '0'],
    ['none', { by: 'none' }, 1, '100', 5, '0.5', 'none'],
    ['a fixed rule does not ask the strategy', fixed('0.01'), 1, '100', 2, '0.1', '99'],
    ['its own distance', own, 1, '50000', 750, '0.1', '49250'],
    ['its own distance, short', own, -1, '50000', 750, '0.1', '50750'],
    ['its own, cut to whole ticks', own, 1, '50000', 750.19, '0.1', '49249.9'],
    ['three ticks are three ticks', own, 1, '30', 0.3, '0.1', '29.7'],
    ['too near is the least', own, 1, '50000', 20, '0.1', '49800'],
    ['too far is the most', own, 1, '50000', 9000, '0.1', '48500'],
    ['endless is the most', own, -1, '50000', Number.POSITIVE_INFINITY, '0.1', '51500'],
    ['none of its own is the fixed one', own, 1, '50000', Number.NaN, '0.1', '49500'],
    ['nothing is no distance', own, 1, '50000', 0, '0.1', '49500'],
  ])('%s', (_name, rule, sign, entry, distance, tick, expected) => {
    expect(shown(stopPriceOf(rule, sign, price(entry), distance, price(tick)))).toBe(expected);
  });
});

describe('target price', () => {
  const take = (distance: string): TargetRule => ({ by: 'fixed', distance: rate(distance) });
  const multiple = (times: string): TargetRule => ({ by: 'multiple', multiple: rate(times) });
  test.each<[string, TargetRule, Sign, string, string | undefined, string, string]>([
    ['long, exact', take('0.02'), 1, '61840.2', undefined, '0.00000001', '63077.004'],
    ['short, exact', take('0.02'), -1, '61840.2', undefined, '0.00000001', '60603.396'],
    ['long, to the tick away from the entry', take('0.02'), 1, '61840.2', undefined, '0.1', '63077.1'],
    ['short, to the tick away from the entry', take('0.02'), -1, '61840.2', undefined, '0.1', '60603.3'],
    ['2 R long', multiple('2'), 1, '50000', '49500', '0.1', '51000'],
    ['2 R short', multiple('2'), -1, '50000', '50500', '0.1', '49000'],
    ['1.5 R to the tick', multiple('1.5'), 1, '50000', '49999.9', '0.1', '50000.2'],
    ['a multiple of no stop', multiple('2'), 1, '50000', undefined, '0.1', 'none'],
    ['a short below zero', multiple('20'), -1, '50000', '53000', '0.1', 'none'],
    ['none', { by: 'none' }, 1, '50000', '49500', '0.1', 'none'],
  ])('%s', (_name, rule, sign, entry, stop, tick, expected) => {
    const stopPrice = stop === undefined ? undefined : price(stop);
    expect(shown(targetPriceOf(rule, sign, price(entry), stopPrice, price(tick)))).toBe(expected);
  });
});

const side = fc.constantFrom<Sign>(1, -1);
const tick = fc.constantFrom('0.5', '0.1', '0.01', '0.0001').map((value) => price(value));
const entry = fc.integer({ min: 100_000, max: 99_999_999 }).map((n) => (BigInt(n) * 10n ** 15n) as Price);
const share = fc.integer({ min: 1, max: 5_000 }).map((n) => ratio(BigInt(n), 100_000n, 'down'));

test('a stop never risks more than asked but for the one tick that it must be away, and wastes less than a tick', () => {
  fc.assert(
    fc.property(side, entry, share, tick, (sign, at, distance, unit) => {
      const stop = stopPriceOf({ by: 'fixed', distance }, sign, at, Number.NaN, unit) as Price;
      const away = BigInt(sign) * (at - stop);
      const asked = times(at, distance, 'up');
      expect(stop % unit).toBe(0n);
      expect(away > 0n && (away <= asked || away <= unit)).toBe(true);
      expect(away > asked - unit - 1n).toBe(true);
    }),
  );
});

test('a target pays at least what was asked, and less than a tick more', () => {
  fc.assert(
    fc.property(side, entry, share, tick, (sign, at, distance, unit) => {
      const target = targetPriceOf({ by: 'fixed', distance }, sign, at, undefined, unit) as Price;
      const away = BigInt(sign) * (target - at);
      const asked = times(at, distance, 'down');
      expect(target % unit).toBe(0n);
      expect(away >= asked && away < asked + unit + 1n).toBe(true);
    }),
  );
});

describe('max loss', () => {
  test.each([
    ['amount', lossMaxOf({ by: 'amount', amount: money('80') }, money('10000')), '80'],
    ['share of equity', lossMaxOf({ by: 'equity', fraction: rate('0.01') }, money('10146.2')), '101.462'],
    ['share of nothing', lossMaxOf({ by: 'equity', fraction: rate('0.01') }, money('-5')), '0'],
    ['none', lossMaxOf({ by: 'none' }, money('10000')), 'none'],
  ])('%s', (_name, found, expected) => expect(shown(found)).toBe(expected));

  test('the price of a loss counts what was paid, and the way out', () => {
    const costs = { feeOut: rate('0'), slippage: rate('0') };
    expect(shown(lossPriceOf(position(1, '2', '100'), money('30'), costs, price('0.1')))).toBe('85');
    expect(shown(lossPriceOf(position(-1, '2', '100'), money('30'), costs, price('0.1')))).toBe('115');
    const paid = position(1, '2', '100', { fees: money('4'), funding: money('-2'), gross: money('10') });
    expect(shown(lossPriceOf(paid, money('30'), costs, price('0.1')))).toBe('83');
    // 2 x P x 0.999 x 0.99 = 170.
    const dear = { feeOut: rate('0.001'), slippage: rate('0.01') };
    expect(shown(lossPriceOf(position(1, '2', '100'), money('30'), dear, price('0.1')))).toBe('86');
    expect(shown(lossPriceOf(position(1, '2', '100'), money('500'), costs, price('0.1')))).toBe('none');
  });

  test('is lost at its price, and a tick earlier not yet', () => {
    const rates = fc.integer({ min: 0, max: 300 }).map((n) => ratio(BigInt(n), 100_000n, 'down'));
    const held = fc.record({ fees: fc.integer({ min: 0, max: 500 }), gross: fc.integer({ min: -500, max: 500 }) });
    fc.assert(
      fc.property(
        side,
        rates,
        rates,
        held,
        fc.integer({ min: 500, max: 5_000 }),
        (sign, feeOut, slippage, sums, loss) => {
          const of = position(sign, '3.7', '1000', {
            fees: money(`${sums.fees / 10}`),
            gross: money(`${sums.gross / 10}`),
          });
          const lossMax = money(`${loss / 10}`);
          const unit = price('0.01');
          const at = lossPriceOf(of, lossMax, { feeOut, slippage }, unit) as Price;
          const beyond = (at - BigInt(sign) * unit) as Price;
          expect(-netAt(of, at, feeOut, slippage, unit) <= lossMax + 4n).toBe(true);
          expect(-netAt(of, beyond, feeOut, slippage, unit) > lossMax).toBe(true);
        },
      ),
    );
  });
});

/** Net profit of the whole trade if the rest is closed by a trigger at `at`: it fills at a whole tick, against us. */
function netAt(of: Position, at: Price, feeOut: Rate, slippage: Rate, tick: Price): bigint {
  const slipped = times(at, of.sign === 1 ? ONE - slippage : ONE + slippage, of.sign === 1 ? 'down' : 'up');
  const fill = toStep(slipped, tick, of.sign === 1 ? 'down' : 'up') as Price;
  const value = times(fill, of.qty, 'down');
  const open = of.sign === 1 ? value - of.cost : of.cost - value;
  return open + of.gross - of.fees + of.funding - times(value, feeOut, 'up');
}

describe('break-even', () => {
  const fees = { feeIn: rate('0.0005'), feeOut: rate('0.0005') };
  test.each([
    ['long', 1, '61902.1'],
    ['short', -1, '61778.3'],
  ] as const)('%s from its entry price', (_name, sign, expected) => {
    expect(text(breakEvenPrice(sign, price('61840.2'), fees, price('0.1')))).toBe(expected);
  });

  test('of a position: nets zero there, and less a tick before', () => {
    fc.assert(
      fc.property(side, fc.integer({ min: 0, max: 300 }), (sign, cents) => {
        const of = position(sign, '0.072', '61840.2', { fees: money(`${cents / 100}`), funding: money('-0.45') });
        const at = breakEvenOf(of, rate('0.0005'), price('0.1'));
        expect(netAt(of, at, rate('0.0005'), rate('0'), price('0.1')) >= -4n).toBe(true);
        const before = (at - BigInt(sign) * price('0.1')) as Price;
        expect(netAt(of, before, rate('0.0005'), rate('0'), price('0.1')) < 0n).toBe(true);
      }),
    );
  });
});

test.each([
  ['long: the higher', 1, '99', '98', '99'],
  ['long: max loss is nearer', 1, '97', '98', '98'],
  ['short: the lower', -1, '101', '102', '101'],
  ['short: max loss is nearer', -1, '103', '102', '102'],
] as const)('the stop at the venue stands at the nearer of both, %s', (_name, sign, stop, loss, expected) => {
  expect(shown(protectivePriceOf(sign, price(stop), price(loss)))).toBe(expected);
  expect(shown(protectivePriceOf(sign, undefined, price(loss)))).toBe(loss);
  expect(shown(protectivePriceOf(sign, price(stop), undefined))).toBe(stop);
  expect(protectivePriceOf(sign, undefined, undefined)).toBeUndefined();
});

test('money is money: a loss of a share is exact', () => {
  expect(lossMaxOf({ by: 'equity', fraction: rate('0.333333333333333333') }, money('3') as Money)).toBe(
    999999999999999999n,
  );
});
