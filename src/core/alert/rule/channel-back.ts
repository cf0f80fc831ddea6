import type { AnyEntry } from '../../domain/entry.ts';
import { lostOf } from '../channel.ts';
import type { Rule } from '../rule.ts';

/** A sink that was called lost took an alert, or says that it is back: that alarm is over. */
export const channelBack: Rule = {
  id: 'channel_back',
  priority: 'LOW',
  kinds: ['alert_delivered', 'alert_channel_told'],
  hear(entry, { alarm }) {
    const sink = sinkOf(entry);
    const lost = sink === undefined || alarm === undefined ? undefined : lostOf(alarm, sink);
    if (sink === undefined || lost === undefined) return undefined;
    const facts = { sink, awayMs: entry.at - lost.since };
    return { priority: 'LOW', key: `channel_back:${sink}`, rival: lost.key, ends: lost.key, symbol: '', facts };
  },
};

/** The sink that shows with an entry that it is alive. */
function sinkOf(entry: AnyEntry): string | undefined {
  if (entry.kind === 'alert_delivered') return entry.body.sink;
  return entry.kind === 'alert_channel_told' && entry.body.state === 'back' ? entry.body.sink : undefined;
}
