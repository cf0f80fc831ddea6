import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  absolute,
  divide,
  type Money,
  money,
  ONE,
  type Qty,
  qty,
  type Rate,
  rate,
  ratio,
  text,
  times,
  toNumber,
} from '../../../src/core/base/decimal.ts';
import { dangerOf, marginOf } from '../../../src/core/domain/margin.ts';
import type { Sign } from '../../../src/core/domain/order.ts';
import {
  bankruptcyPrice,
  type Isolated,
  initialMargin,
  leverageMaxFor,
  liquidationPrice,
  maintenanceMargin,
  stopClearsLiquidation,
  tierOf,
} from '../../../src/core/risk/margin.ts';
import { PLAIN, position, run, TIERS, tiers } from './scene.ts';

const FLAT = tiers(['0', '0.005', '125']);

/** One unit at 100 with 10x. */
const held = (sign: Sign, given: Partial<Isolated> = {}): Isolated => ({
  sign,
  qty: qty('1'),
  cost: money('100'),
  margin: money('10'),
  tiers: FLAT,
  ...given,
});

const shown = (value: bigint | undefined): string => (value === undefined ? 'none' : toNumber(value).toFixed(4));

describe('margin of a linear contract', () => {
  test.each([
    ['long 10x', held(1), '90.4523', '90.0000'],
    ['short 10x', held(-1), '109.4527', '110.0000'],
    ['long 10x, closing fee counted', held(1, { takerRate: rate('0.0005') }), '90.4977', '90.0000'],
    ['short 10x, closing fee counted', held(-1, { takerRate: rate('0.0005') }), '109.3983', '110.0000'],
    ['long with added margin', held(1, { margin: money('40') }), '60.3015', '60.0000'],
    ['long fully paid', held(1, { margin: money('100') }), 'none', 'none'],
    ['short 1x', held(-1, { margin: money('100') }), '199.0050', '200.0000'],
    ['spot has no tiers', held(1, { tiers: [] }), 'none', '90.0000'],
  ])('%s: liquidation and bankruptcy', (_name, position, liquidation, bankruptcy) => {
    expect([shown(liquidationPrice(position)), shown(bankruptcyPrice(position))]).toEqual([liquidation, bankruptcy]);
  });

  test('the table of Binance comes out of its formula', () => {
    expect(TIERS.map((tier) => text(tier.cum))).toEqual(['0', '50', '1300', '16300', '266300']);
    expect(text(maintenanceMargin(TIERS, money('100000')))).toBe('450');
    expect(text(maintenanceMargin(TIERS, money('2000000')))).toBe('33700');
    expect(text(maintenanceMargin([], money('2000000')))).toBe('0');
    expect(tierOf(TIERS, money('49999.99'))).toBe(TIERS[0]);
    expect(tierOf(TIERS, money('50000'))).toBe(TIERS[1]);
    expect(tierOf(TIERS, money('99000000'))).toBe(TIERS[4]);
  });

  test('a liquidation price in a lower tier than the entry takes that tier', () => {
    // 60,000 at entry (0.5 %, cum 50), 2x: 30,000 are left, which is the first tier: 30,000 / 0.996.
    const long = held(1, { cost: money('60000'), margin: money('30000'), tiers: TIERS });
    expect(shown(liquidationPrice(long))).toBe(((60_000 - 30_000) / 0.996).toFixed(4));
    // A short moves up: 40,000 at entry (0.4 %), 60,000 at the price where half is lost: (60,000 + 50) / 1.005.
    const short = held(-1, { cost: money('40000'), margin: money('20000'), tiers: TIERS });
    expect(shown(liquidationPrice(short))).toBe(((40_000 + 20_000 + 50) / 1.005).toFixed(4));
  });

  test('a high tier at the entry does not hide a liquidation price in a low one', () => {
    // By the tier of the entry (cum 266,300 against 100,000 owed) nothing would liquidate; the first tier does.
    const long = held(1, { cost: money('20000000'), margin: money('19900000'), tiers: TIERS });
    expect(shown(liquidationPrice(long))).toBe(((100_000 - 50) / 0.995).toFixed(4));
  });

  test('initial margin is rounded up', () => {
    expect(text(initialMargin(money('100'), rate('3')))).toBe('33.333333333333333334');
    expect(text(initialMargin(money('100'), rate('1')))).toBe('100');
  });
});

const sign = fc.constantFrom<Sign>(1, -1);

test('at the liquidation price margin balance is maintenance margin, to the last rounding', () => {
  const position = fc.record({
    side: sign,
    size: fc.integer({ min: 1, max: 2_000_000 }).map((steps) => qty(`${steps / 1000}`)),
    entry: fc.integer({ min: 100, max: 1_000_000 }).map((cents) => money(`${cents / 10}`)),
    leverage: fc.integer({ min: 11, max: 1000 }).map((tenths) => rate(`${tenths / 10}`)),
  });
  fc.assert(
    fc.property(position, ({ side, size, entry, leverage }) => {
      const cost = times(entry, size, 'down') as Money;
      const margin = initialMargin(cost, leverage);
      const at = liquidationPrice({ sign: side, qty: size, cost, margin, tiers: TIERS });
      expect(at).toBeDefined();
      if (at === undefined) return;
      const value = times(at, size, 'down') as Money;
      const balance = margin + (side === 1 ? value - cost : cost - value);
      // One digit of price is (1 + MMR) x `qty` digits of value; rounding is against us, so that balance is never below.
      const slack = (2n * size) / ONE + 3n;
      const residual = balance - maintenanceMargin(TIERS, value);
      expect(residual >= -3n && residual <= slack).toBe(true);
    }),
    { numRuns: 500 },
  );
});

describe('leverage that a stop allows', () => {
  test.each([
    ['long', 1, '0.02', '33.4'],
    ['short', -1, '0.02', '33.1'],
    ['long, stop further than any liquidation', 1, '0.9', '1'],
    ['short, the same', -1, '0.9', '0.8'],
    ['long, no distance', 1, '0', '201'],
  ] as const)('%s', (_name, side, distance, expected) => {
    const buffer = expected === '201' ? rate('0') : rate('0.2');
    const most = leverageMaxFor({ sign: side, distance: rate(distance), maintenanceRate: rate('0.005'), buffer });
    expect(text(((most as bigint) / (ONE / 10n)) * (ONE / 10n))).toBe(expected === '201' ? '200' : expected);
  });

  test('the example: 33.5x long, 33.2x short', () => {
    const terms = { distance: rate('0.02'), maintenanceRate: rate('0.005'), buffer: rate('0.2') };
    expect(toNumber(leverageMaxFor({ sign: 1, ...terms }) as Rate).toFixed(1)).toBe('33.5');
    expect(toNumber(leverageMaxFor({ sign: -1, ...terms }) as Rate).toFixed(1)).toBe('33.2');
  });

  test('nothing bounds it without a distance and without maintenance', () => {
    const terms = { distance: rate('0'), maintenanceRate: rate('0'), buffer: rate('0.2') };
    expect(leverageMaxFor({ sign: 1, ...terms })).toBeUndefined();
    expect(leverageMaxFor({ sign: -1, ...terms })).toBeUndefined();
  });

  test('is exactly where the guard changes its mind', () => {
    const share = (most: number) => fc.integer({ min: 1, max: most }).map((bps) => ratio(BigInt(bps), 10_000n, 'down'));
    const table = fc.record({ side: sign, distance: share(4_000), buffer: share(5_000), mmr: share(300) });
    fc.assert(
      fc.property(table, ({ side, distance, buffer, mmr }) => {
        const most = leverageMaxFor({ sign: side, distance, maintenanceRate: mmr, buffer });
        if (most === undefined || most <= ONE) return;
        const flat = [{ floor: 0n as Money, maintenanceRate: mmr, leverageMax: rate('500'), cum: 0n as Money }];
        const entry = money('1000');
        const stop = side === 1 ? entry - times(entry, distance, 'down') : entry + times(entry, distance, 'down');
        const clears = (leverage: Rate): boolean => {
          const margin = initialMargin(entry, leverage);
          const at = liquidationPrice({ sign: side, qty: ONE as Qty, cost: entry, margin, tiers: flat });
          if (at === undefined) return true;
          const prices = { sign: side, entry: entry as never, stopPrice: stop as never, liquidation: at };
          return stopClearsLiquidation(prices, buffer);
        };
        // A millionth of the leverage on either side covers the digits that rounding takes.
        const hair = absolute(divide(most, 1_000_000n, 'up'));
        expect([clears((most - hair) as Rate), clears((most + hair) as Rate)]).toEqual([true, false]);
      }),
      { numRuns: 500 },
    );
  });
});

test('the price from which liquidation is looked at lies before it, whatever was paid, received and closed in part', () => {
  const scenes = fc.record({
    sign: fc.constantFrom<Sign>(1, -1),
    leverage: fc.constantFrom(1, 2, 5, 10, 20),
    size: fc.integer({ min: 1, max: 400 }),
    paidBps: fc.integer({ min: -800, max: 800 }),
    closed: fc.integer({ min: 0, max: 200 }),
    // The most that venues keep: half of the margin at the leverage of the tier.
    table: fc.constantFrom(TIERS, tiers(['0', '0.025', '20'])),
  });
  fc.assert(
    fc.property(scenes, ({ sign, leverage, size, paidBps, closed, table }) => {
      const cost = money(`${size * 100}`);
      const closedCost = money(`${closed * 100}`);
      const funding = (((cost + closedCost) * BigInt(paidBps)) / 10_000n) as Money;
      const held = position(sign, `${size}`, '100', { closedCost, funding });
      const of = run({ position: held, risk: { ...PLAIN, leverage: rate(`${leverage}`) } });
      const { qty } = held;
      const at = liquidationPrice({ sign, qty, cost, margin: marginOf(of, held), tiers: table });
      const way = at === undefined ? 0 : sign * (dangerOf(of, held) - toNumber(at));
      expect(way).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 500 },
  );
});
