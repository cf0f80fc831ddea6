import type { Rule } from '../rule.ts';

/** Candles are missing: entries may wait until a warm-up has been seen again. */
export const feedGap: Rule = {
  id: 'feed_gap',
  priority: 'LOW',
  kinds: ['feed_gap'],
  hear(entry) {
    if (entry.kind !== 'feed_gap') return undefined;
    const { symbol, from, to, missing } = entry.body;
    return { priority: 'LOW', key: `gap:${symbol}`, symbol, facts: { from, to, missing } };
  },
};
