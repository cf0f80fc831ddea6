import type { Rule } from '../rule.ts';

/** A price that somebody waited for. */
export const priceCrossed: Rule = {
  id: 'price_crossed',
  priority: 'MEDIUM',
  kinds: ['price_crossed'],
  hear(entry) {
    if (entry.kind !== 'price_crossed') return undefined;
    const { alert, symbol, side, price, seen } = entry.body;
    const facts = { waited: alert, side, price, seen };
    return { priority: 'MEDIUM', key: `price:${alert}`, symbol, facts };
  },
};
