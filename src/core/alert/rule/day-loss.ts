import type { Rule } from '../rule.ts';

/** A step of the loss limits: entries end, or everything is closed and the account halts. */
export const dayLoss: Rule = {
  id: 'day_loss',
  priority: 'HIGH',
  kinds: ['limit_reached'],
  hear(entry) {
    if (entry.kind !== 'limit_reached' || entry.body.rule === 'day_flatten_seen') return undefined;
    const { rule, loss, max, until } = entry.body;
    const facts = { limitRule: rule, loss, max, until };
    return { priority: 'HIGH', key: `limit:${entry.account}:${rule}`, symbol: '', facts };
  },
};
