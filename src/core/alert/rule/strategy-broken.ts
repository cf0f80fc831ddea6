import { isHolding, type Rule, symbolOf } from '../rule.ts';

/** A strategy of the user failed and its run was paused: loud where a position is open on its symbol. */
export const strategyBroken: Rule = {
  id: 'strategy_broken',
  priority: 'MEDIUM',
  kinds: ['trading_paused'],
  hear(entry, state) {
    if (entry.kind !== 'trading_paused' || entry.body.fault === undefined) return undefined;
    const symbol = symbolOf(state, entry);
    const priority = isHolding(state, symbol) ? 'HIGH' : 'MEDIUM';
    return { priority, key: `broken:${entry.run}`, symbol, facts: { fault: entry.body.fault } };
  },
};
