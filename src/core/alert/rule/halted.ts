import type { Rule } from '../rule.ts';

/** The account is halted. A loss limit that halts it says so itself. */
export const halted: Rule = {
  id: 'halted',
  priority: 'HIGH',
  kinds: ['halted', 'resumed_by_operator'],
  hear(entry) {
    const { account } = entry;
    if (entry.kind === 'halted') {
      const { reason } = entry.body;
      if (reason === 'day_flatten' || reason === 'week_halt') return undefined;
      return { priority: 'HIGH', key: `halted:${account}`, symbol: '', facts: { account, reason, isHalted: true } };
    }
    if (entry.kind !== 'resumed_by_operator') return undefined;
    const facts = { account, reason: entry.body.from, isHalted: false };
    return { priority: 'LOW', key: `resumed:${account}`, symbol: '', facts };
  },
};
