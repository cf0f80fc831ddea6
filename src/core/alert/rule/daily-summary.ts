import { DAY_MS } from '../../domain/time.ts';
import type { Rule } from '../rule.ts';

/**
 * The day in numbers. The entry's own number is the witness: whoever kept the message can ask for that entry again and
 * see that it says the same (`journal show`), and `journal verify` that nothing before it was changed.
 */
export const dailySummary: Rule = {
  id: 'daily_summary',
  priority: 'LOW',
  kinds: ['day_closed'],
  hear(entry, state) {
    if (entry.kind !== 'day_closed') return undefined;
    const { day, equity, balance, pnl } = entry.body;
    const runs = state.runs.filter(({ account }) => account === entry.account);
    const positions = runs.filter(({ position }) => position !== undefined).length;
    const trades = runs.reduce((sum, run) => sum + run.trades, 0);
    return {
      priority: 'LOW',
      key: `day:${entry.account}:${day}`,
      symbol: '',
      newsMs: DAY_MS,
      facts: { account: entry.account, day, equity, balance, pnl, positions, trades },
    };
  },
};
