import type { OpenAlert } from '../core.ts';

/** How alerts leave: those of HIGH priority side by side with all others, and before them. */
export type AlertLane = 'urgent' | 'news';

export const ALERT_LANES: readonly AlertLane[] = ['urgent', 'news'];

/** More than so many that wait are told in one message. */
export const ALONE_MAX = 3;

export const laneOf = ({ priority }: Pick<OpenAlert, 'priority'>): AlertLane =>
  priority === 'HIGH' ? 'urgent' : 'news';

/**
 * Which of the alerts that wait, in the order of the outbox, leave next in one message. HIGH goes one by one, so that each
 * can be answered. `isOld`: raised before this chat was there; many of those are one message too, whatever their priority.
 */
export function choiceOf(
  waiting: readonly OpenAlert[],
  lane: AlertLane,
  isOld: (alert: OpenAlert) => boolean,
): readonly OpenAlert[] {
  if (lane === 'urgent') {
    const old = waiting.filter((alert) => alert.priority === 'HIGH' && isOld(alert));
    return old.length > ALONE_MAX ? old : waiting.filter(({ priority }) => priority === 'HIGH').slice(0, 1);
  }
  const news = waiting.filter((alert) => laneOf(alert) === 'news');
  const first = news[0]?.priority;
  const own = news.filter(({ priority }) => priority === first);
  return own.length > ALONE_MAX ? own : own.slice(0, 1);
}
