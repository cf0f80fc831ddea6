import { MINUTE_MS } from '../../domain/time.ts';
import type { Rule } from '../rule.ts';

/** The prices of a symbol went away, or came back, and how long they were away. */
export const feedLost: Rule = {
  id: 'feed_lost',
  priority: 'LOW',
  kinds: ['feed_lost', 'feed_stale', 'feed_switched', 'feed_connected'],
  hear(entry, state) {
    if (entry.kind === 'feed_lost' || entry.kind === 'feed_stale') {
      const { symbol, source, why } = entry.body;
      return {
        priority: 'LOW',
        key: `feed:${symbol}`,
        rival: `feed_back:${symbol}`,
        cooldownMs: MINUTE_MS,
        symbol,
        facts: { isUp: false, source, why },
      };
    }
    if (entry.kind !== 'feed_connected' && entry.kind !== 'feed_switched') return undefined;
    const { symbol, source } = entry.body;
    const downAt = state.alarm?.feeds[symbol]?.downAt;
    if (downAt === undefined) return undefined;
    const facts = { isUp: true, source, awayMs: entry.at - downAt };
    return { priority: 'LOW', key: `feed_back:${symbol}`, rival: `feed:${symbol}`, symbol, facts };
  },
};
