import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Money, money, type Price, price, type Qty, qty } from '../../../src/core/base/decimal.ts';
import type { FillReport } from '../../../src/core/domain/input.ts';
import type { Position } from '../../../src/core/domain/position.ts';
import { closedTrade, release } from '../../../src/core/execution/fill.ts';
import { AT, position, run } from '../risk/scene.ts';

const size = fc.integer({ min: 1, max: 100_000 });
const sign = fc.constantFrom(1 as const, -1 as const);

describe('partial closes', () => {
  test('release the cost to the last digit, and their gross adds up to value less cost', () => {
    fc.assert(
      fc.property(
        sign,
        fc.array(size, { minLength: 1, maxLength: 6 }),
        size,
        fc.array(size, { minLength: 6, maxLength: 6 }),
        (side, parts, odd, prices) => {
          const total = parts.reduce((sum, part) => sum + part, 0);
          // A cost that no part divides: fees in the base asset leave such ones.
          const cost = (BigInt(total) * 10n ** 14n + BigInt(odd)) as Money;
          const held: Position = { ...position(side, '1', '1'), qty: units(total), cost };
          let gross = 0n;
          let value = 0n;
          for (const [i, part] of parts.entries()) {
            const told = release(held, units(part), ticks(prices[i] ?? 1));
            expect(told.released).toBeGreaterThanOrEqual(0n);
            gross += told.gross;
            value += told.value;
            held.qty = (held.qty - units(part)) as Qty;
            held.cost = (held.cost - told.released) as Money;
          }
          expect([held.qty, held.cost]).toEqual([0n, 0n]);
          expect(gross).toBe(side === 1 ? value - cost : cost - value);
        },
      ),
    );
  });
});

const units = (count: number): Qty => (BigInt(count) * 10n ** 15n) as Qty;
const ticks = (count: number): Price => (BigInt(count) * 10n ** 16n) as Price;

const fillAt = (at: string, size: string, given: Partial<FillReport> = {}): FillReport => ({
  kind: 'report',
  type: 'filled',
  at: AT,
  run: 1,
  order: 2,
  fill: qty(size),
  price: price(at),
  fee: money('0'),
  liquidity: 'taker',
  model: 'T0',
  trade: '2.1',
  venueAt: AT,
  ...given,
});

describe('the trade that the last fill completes', () => {
  const unseen = { high: Number.NaN, low: Number.NaN };
  const closed = (held: Position, fill: FillReport, reach = unseen) =>
    closedTrade(run({ position: held }), fill, 'manual', money('1000'), reach);

  test('pnl is gross less fees plus funding; R is in units of the planned risk', () => {
    const held = position(1, '2', '100', { fees: money('0.1'), funding: money('-0.3'), risk: money('4') });
    const trade = closed(held, fillAt('103', '2', { fee: money('0.2') }));
    expect(trade).toMatchObject({ gross: money('6'), fees: money('0.3'), pnl: money('5.4'), r: 1.35 });
    expect(trade.balance).toBe(money('1005.8'));
  });

  test('without a planned risk there is no R', () => {
    expect(closed(position(1, '2', '100'), fillAt('103', '2')).r).toBeNull();
  });

  test('MAE and MFE come from the candles that were held, the entry and the exit', () => {
    const long = position(1, '2', '100');
    expect(closed(long, fillAt('99', '2'))).toMatchObject({ mae: -2, mfe: 0 });
    expect(closed(long, fillAt('103', '2'), { high: 104, low: 98 })).toMatchObject({ mae: -4, mfe: 8 });
    expect(closed(position(-1, '2', '100'), fillAt('103', '2'), { high: 104, low: 98 })).toMatchObject({
      mae: -8,
      mfe: 4,
    });
  });

  test('partial closes are in its averages and sums', () => {
    const held = position(1, '1', '100', {
      gross: money('10'),
      closedQty: qty('1'),
      closedCost: money('100'),
      closedValue: money('110'),
    });
    expect(closed(held, fillAt('100', '1'))).toMatchObject({
      qty: qty('2'),
      entryPrice: price('100'),
      exitPrice: price('105'),
      gross: money('10'),
    });
  });
});
