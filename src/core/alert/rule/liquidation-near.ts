import { absolute, divide, ONE, type Price } from '../../base/decimal.ts';
import type { Rule, Waiting } from '../rule.ts';

/**
 * Liquidation is nearer to the entry than twice the stop: `|EP - LP| < 2 |EP - SL|`. A gap through the stop may end there.
 * Measured from the entry: from the mark it would be called near whenever a position is far in profit. Told once a position.
 */
export const liquidationNear: Rule = {
  id: 'liquidation_near',
  priority: 'HIGH',
  kinds: [],
  hear: () => undefined,
  waits(state, { liquidationOf }) {
    const waiting: Waiting[] = [];
    for (const run of state.runs) {
      const { position, account, symbol } = run;
      if (position?.stopPrice === undefined) continue;
      const { sign, qty, cost, stopPrice, seq: of, changedAt } = position;
      const entryPrice = divide(cost * ONE, qty, 'down') as Price;
      const way = sign === 1 ? entryPrice - stopPrice : stopPrice - entryPrice;
      const liquidation = way > 0n ? liquidationOf(run) : undefined;
      if (liquidation === undefined || absolute(entryPrice - liquidation) >= 2n * way) continue;
      const side = sign === 1 ? 'long' : 'short';
      const key = `liquidation:${run.run}:${of}`;
      const told = { priority: 'HIGH', key, symbol, facts: { side, entryPrice, stopPrice, liquidation } } as const;
      waiting.push({ dueAt: changedAt, of, run: run.run, account, told });
    }
    return waiting;
  },
};
