import { type Rule, symbolOf } from '../rule.ts';

/** The venue did not take an order. A stop that was not taken is `stop_lost` besides. */
export const orderRejected: Rule = {
  id: 'order_rejected',
  priority: 'MEDIUM',
  kinds: ['order_rejected'],
  hear(entry, state) {
    if (entry.kind !== 'order_rejected') return undefined;
    const { order, code, why } = entry.body;
    return {
      priority: 'MEDIUM',
      key: `rejected:${entry.run}:${code}`,
      symbol: symbolOf(state, entry),
      facts: { order, code, why },
    };
  },
};
