import { lostOf } from '../channel.ts';
import type { Rule } from '../rule.ts';

/** A sink that was called lost took an alert: that alarm is over. */
export const channelBack: Rule = {
  id: 'channel_back',
  priority: 'LOW',
  kinds: ['alert_delivered'],
  hear(entry, { alarm }) {
    if (entry.kind !== 'alert_delivered' || alarm === undefined) return undefined;
    const { sink } = entry.body;
    const lost = lostOf(alarm, sink);
    if (lost === undefined) return undefined;
    const facts = { sink, awayMs: entry.at - lost.since };
    return { priority: 'LOW', key: `channel_back:${sink}`, rival: lost.key, ends: lost.key, symbol: '', facts };
  },
};
