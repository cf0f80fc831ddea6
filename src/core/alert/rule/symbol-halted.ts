import { isHolding, type Rule } from '../rule.ts';

/** The venue trades a symbol no more: loud where a position is open on it. */
export const symbolHalted: Rule = {
  id: 'symbol_halted',
  priority: 'MEDIUM',
  kinds: ['instrument_changed'],
  hear(entry, state) {
    if (entry.kind !== 'instrument_changed') return undefined;
    const { symbol, status } = entry.body;
    if (status === 'trading') return undefined;
    const isHeld = isHolding(state, symbol);
    return { priority: isHeld ? 'HIGH' : 'MEDIUM', key: `market:${symbol}`, symbol, facts: { status, isHeld } };
  },
};
