import { type OpenAlert, PRIORITIES } from '../domain/alert.ts';
import type { State } from '../domain/state.ts';

/**
 * What a sink has not taken yet: the difference of what was raised and what was delivered. HIGH first, then the oldest;
 * what is no news any more is left out. Sending it until `alert_delivered` is written makes it arrive at least once.
 */
export function outboxOf({ alarm }: State, sink: string, now: number): readonly OpenAlert[] {
  const waiting = (alarm?.open ?? []).filter(
    ({ delivered, nth, expiresAt }) => (delivered[sink] ?? 0) < nth && expiresAt > now,
  );
  return PRIORITIES.flatMap((priority) => waiting.filter((alert) => alert.priority === priority));
}
