import type { OpenAlert } from '../../domain/alert.ts';
import { DAY_MS, MINUTE_MS } from '../../domain/time.ts';
import { isExpected, keyOfLost, SINK_DAYS } from '../channel.ts';
import type { Rule, Waiting } from '../rule.ts';

/** A sink that was used takes nothing of HIGH priority for two minutes, or nothing at all for ten: the others tell it. */
export const channelLost: Rule = {
  id: 'channel_lost',
  priority: 'HIGH',
  kinds: [],
  hear: () => undefined,
  waits({ alarm, options }) {
    const waiting: Waiting[] = [];
    for (const [sink, since] of Object.entries(alarm?.sinks ?? {})) {
      if (!isExpected(options, sink)) continue;
      const untaken = (alarm?.open ?? []).filter((alert) => isUntaken(alert, sink, since));
      const [first] = untaken.sort((a, b) => dueAtOf(a, since) - dueAtOf(b, since));
      if (first === undefined) continue;
      const facts = { sink, since, waiting: untaken.length };
      const told = { priority: 'HIGH', key: keyOfLost(sink, since), symbol: '', facts } as const;
      waiting.push({ dueAt: dueAtOf(first, since), of: first.of, run: 0, account: '', told });
    }
    return waiting;
  },
};

/** What was taken since is a sign of life: it counts from then on. */
const dueAtOf = ({ priority, at }: OpenAlert, since: number): number =>
  Math.max(at, since) + (priority === 'HIGH' ? 2 : 10) * MINUTE_MS;

/** That channels are lost or back is no news that a channel is judged by. */
function isUntaken(alert: OpenAlert, sink: string, since: number): boolean {
  const { rule, delivered, nth, expiresAt, at } = alert;
  if (rule === 'channel_lost' || rule === 'channel_back' || (delivered[sink] ?? 0) >= nth) return false;
  return at <= since + SINK_DAYS * DAY_MS && dueAtOf(alert, since) < expiresAt;
}
