import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, toNumber } from '../../../../src/core/base/decimal.ts';
import type { Position } from '../../../../src/core/sandbox/account/account.ts';
import { createAccount } from '../../../../src/core/sandbox/account/create.ts';
import { liquidationPrice, type Margin, marginOf, pursesOf } from '../../../../src/core/sandbox/account/margin.ts';
import { digitsAfterPoint, fixed } from '../../../../src/core/sandbox/http/amounts.ts';
import { type StubMarket, shiftedClock, stubMarket } from '../../../support/sandbox-market.ts';

const market: StubMarket = stubMarket('usdm', shiftedClock());
market.setNow(0);

function held(amount: string, entryPrice: string, leverage = 10): Margin {
  const position: Position = {
    symbol: 'BTCUSDT',
    side: 'BOTH',
    amount,
    entryPrice,
    breakEvenPrice: entryPrice,
    leverage,
    marginType: 'cross',
    isolatedMargin: '0',
    updatedAt: 0,
  };
  return marginOf(position, market, '60000');
}

describe('a position', () => {
  test('is worth its mark, and ties up what its leverage and its tier ask', () => {
    // 2 BTC at a mark of 60000.5: 120001 of notional, in the tier from 50000 on (0.5 %, less 50).
    const margin = held('-2', '61000', 20);
    expect(toNumber(margin.notional)).toBe(-120_001);
    expect(toNumber(margin.profit)).toBe(1999);
    expect(toNumber(margin.initial)).toBe(6000.05);
    expect(toNumber(margin.maintenance)).toBe(550.005);
  });

  test('has its maintenance margin left at the liquidation price, and nothing more', () => {
    const amounts = fc.integer({ min: -900, max: 900 }).filter((one) => one !== 0);
    fc.assert(
      fc.property(
        amounts,
        fc.integer({ min: 30_000, max: 90_000 }),
        fc.integer({ min: 1, max: 5000 }),
        (lots, entry, spare) => {
          const margin = held((lots / 1000).toFixed(3), String(entry));
          const at = toNumber(liquidationPrice(margin, parse(String(spare))));
          const size = lots / 1000;
          const left = spare + size * (at - entry);
          const needed = Math.abs(size) * at * toNumber(margin.maintenanceRate) - toNumber(margin.cum);
          // A small long cannot be liquidated: its wallet is worth more than all of it.
          if (at === 0) expect(spare - size * entry).toBeGreaterThanOrEqual(-toNumber(margin.cum));
          else expect(Math.abs(left - needed)).toBeLessThan(0.001);
        },
      ),
    );
  });

  test('takes what it ties up from what is free', () => {
    const { state } = createAccount('usdm', () => 0, { balances: [{ asset: 'USDT', free: '900', locked: '100' }] });
    const [purse] = pursesOf(state, [held('0.1', '60000.5')]);
    expect(toNumber(purse?.wallet ?? 0n)).toBe(1000);
    expect(toNumber(purse?.available ?? 0n)).toBe(900 - 600.005);
    const [empty] = pursesOf(state, [held('5', '60000.5')]);
    expect(empty?.available).toBe(0n);
  });
});

test('an amount is printed with all its digits, and never more than it is', () => {
  fc.assert(
    fc.property(fc.bigInt(-(10n ** 24n), 10n ** 24n), fc.integer({ min: 0, max: 18 }), (value, digits) => {
      const printed = fixed(value, digits);
      expect(digitsAfterPoint(printed)).toBe(digits);
      const less = value - parse(printed);
      expect(less >= 0n && less < 10n ** BigInt(18 - digits)).toBe(true);
    }),
  );
});
