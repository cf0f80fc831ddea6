import { NO_ALARM, type OpenAlert } from '../../domain/alert.ts';
import { DAY_MS, MINUTE_MS } from '../../domain/time.ts';
import { isExpected, keyOfLost, lostOf, SINK_DAYS } from '../channel.ts';
import type { HumanTime } from '../human-time.ts';
import type { Rule, Waiting } from '../rule.ts';

/**
 * A sink says that it is lost, or one that was used takes nothing of HIGH priority for two minutes, or nothing at all for ten: the others tell it. These
 * are minutes of people; where nobody can follow the market nobody waits.
 */
export const channelLost: Rule = {
  id: 'channel_lost',
  priority: 'HIGH',
  kinds: ['alert_channel_told'],
  hear(entry, { alarm = NO_ALARM }) {
    if (entry.kind !== 'alert_channel_told' || entry.body.state !== 'lost') return undefined;
    const { sink, why } = entry.body;
    const known = lostOf(alarm, sink)?.key;
    if (alarm.open.some(({ key }) => key === known)) return undefined;
    const since = alarm.sinks?.[sink] ?? entry.at;
    const facts = { sink, since, waiting: alarm.open.filter((alert) => isMissing(alert, sink)).length, why };
    return { priority: 'HIGH', key: keyOfLost(sink, since), symbol: '', facts };
  },
  waits({ alarm, options }, { humanTime }) {
    const waiting: Waiting[] = [];
    for (const [sink, since] of Object.entries(alarm?.sinks ?? {})) {
      if (!isExpected(options, sink)) continue;
      const untaken = (alarm?.open ?? []).filter((alert) => isUntaken(alert, sink, since, humanTime));
      const dueAt = (alert: OpenAlert): number => dueAtOf(alert, since, humanTime);
      const [first] = untaken.sort((a, b) => dueAt(a) - dueAt(b));
      if (first === undefined) continue;
      const facts = { sink, since, waiting: untaken.length };
      const told = { priority: 'HIGH', key: keyOfLost(sink, since), symbol: '', facts } as const;
      waiting.push({ dueAt: dueAt(first), of: first.of, run: 0, account: '', told });
    }
    return waiting;
  },
};

/** What was taken since is a sign of life: it counts from then on. */
const dueAtOf = ({ priority, at }: OpenAlert, since: number, humanTime: HumanTime): number =>
  Math.max(at, since) + humanTime((priority === 'HIGH' ? 2 : 10) * MINUTE_MS);

/** That channels are lost or back is no news that a channel is judged by. */
const isMissing = ({ rule, delivered, nth }: OpenAlert, sink: string): boolean =>
  rule !== 'channel_lost' && rule !== 'channel_back' && (delivered[sink] ?? 0) < nth;

function isUntaken(alert: OpenAlert, sink: string, since: number, humanTime: HumanTime): boolean {
  const { expiresAt, at } = alert;
  if (!isMissing(alert, sink)) return false;
  return at <= since + humanTime(SINK_DAYS * DAY_MS) && dueAtOf(alert, since, humanTime) < expiresAt;
}
