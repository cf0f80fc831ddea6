import { type Rule, symbolOf } from '../rule.ts';

/** An open position has no stop any more. */
export const stopLost: Rule = {
  id: 'stop_lost',
  priority: 'HIGH',
  kinds: ['stop_lost'],
  hear(entry, state) {
    if (entry.kind !== 'stop_lost') return undefined;
    const { order, why } = entry.body;
    const position = state.runs[entry.run - 1]?.position;
    const side = position === undefined ? 'flat' : position.sign === 1 ? 'long' : 'short';
    return {
      priority: 'HIGH',
      key: `stop_lost:${entry.run}:${entry.seq}`,
      symbol: symbolOf(state, entry),
      facts: { order, why, side, qty: position?.qty ?? null },
    };
  },
};
