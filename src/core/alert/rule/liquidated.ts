import { type Rule, symbolOf } from '../rule.ts';

/** The venue took the position. */
export const liquidated: Rule = {
  id: 'liquidated',
  priority: 'HIGH',
  kinds: ['liquidated'],
  hear(entry, state) {
    if (entry.kind !== 'liquidated') return undefined;
    const { mark, liquidation, loss } = entry.body;
    return {
      priority: 'HIGH',
      key: `liquidated:${entry.run}:${entry.seq}`,
      symbol: symbolOf(state, entry),
      facts: { mark, liquidation, loss },
    };
  },
};
