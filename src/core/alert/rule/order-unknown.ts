import { SECOND_MS } from '../../domain/time.ts';
import type { Rule, Waiting } from '../rule.ts';

const UNKNOWN_MS_MAX = 10 * SECOND_MS;

/** For ten seconds nobody can say whether an order is alive. */
export const orderUnknown: Rule = {
  id: 'order_unknown',
  priority: 'HIGH',
  kinds: [],
  hear: () => undefined,
  waits(state) {
    const waiting: Waiting[] = [];
    for (const { run, account, symbol, orders } of state.runs) {
      for (const { order, status, askedAt, seq, side, role, qty } of orders) {
        if (status !== 'unknown') continue;
        const key = `unknown:${run}:${order}:${askedAt}`;
        const facts = { order, side, role, qty };
        const told = { priority: 'HIGH', key, symbol, facts } as const;
        waiting.push({ dueAt: askedAt + UNKNOWN_MS_MAX, of: seq, run, account, told });
      }
    }
    return waiting;
  },
};
