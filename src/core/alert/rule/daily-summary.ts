import { DAY_MS } from '../../domain/time.ts';
import type { Rule } from '../rule.ts';

/**
 * The day in numbers. Its entry is the witness, which faces tell with the hash that the journal gave it: whoever kept the
 * message can see that the entry has that hash still (`journal show`) and, by `journal verify`, that so has all before it.
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
