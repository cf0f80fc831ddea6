import type { Rule } from '../rule.ts';
import { openedFacts } from './position-opened.ts';

/** Long became short, or the other way round: one message, with what the first side came to. */
export const positionFlipped: Rule = {
  id: 'position_flipped',
  priority: 'MEDIUM',
  kinds: ['position_flipped', 'flip_incomplete'],
  hear(entry, state, heard) {
    const run = state.runs[entry.run - 1];
    if (run === undefined) return undefined;
    const { symbol } = run;
    const closed = heard.closed.get(run.run);
    const before = closed === undefined ? {} : { pnl: closed.pnl, r: closed.r, exitPrice: closed.exitPrice };
    if (entry.kind === 'position_flipped') {
      const facts = { ...openedFacts(entry.body, run, heard), ...before };
      return { priority: 'MEDIUM', key: `flipped:${run.run}:${entry.seq}`, symbol, facts };
    }
    if (entry.kind !== 'flip_incomplete') return undefined;
    return {
      priority: 'MEDIUM',
      key: `flip_incomplete:${run.run}:${entry.seq}`,
      symbol,
      facts: { side: 'flat', code: entry.body.code, ...before },
    };
  },
};
