import { type OpenAlert, PRIORITIES } from '../domain/alert.ts';
import type { State } from '../domain/state.ts';

export { isExpected, sinkOption } from './channel.ts';

/**
 * What a sink has not taken yet: the difference of what was raised and what was delivered. HIGH first, then the oldest;
 * what is no news any more is left out, and what others are to be told of the sink itself. Sending it until
 * `alert_delivered` is written makes it arrive at least once.
 */
export function outboxOf({ alarm }: State, sink: string, now: number): readonly OpenAlert[] {
  const waiting = (alarm?.open ?? []).filter(
    ({ delivered, nth, expiresAt, rule, facts }) =>
      (delivered[sink] ?? 0) < nth && expiresAt > now && !(rule === 'channel_lost' && facts.sink === sink),
  );
  return PRIORITIES.flatMap((priority) => waiting.filter((alert) => alert.priority === priority));
}
