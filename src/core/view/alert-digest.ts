import { PRIORITIES } from '../domain/alert.ts';
import { type AlertText, alertTitle, type ToldAlert } from './alert.ts';
import { utcTime } from './format.ts';
import { hasWord, type Locale, words } from './language.ts';
import type { Scene } from './scene.ts';
import * as digestWords from './words/telegram-alert.ts';

/** An alert among many; one that may have been told before says so. */
export interface DigestAlert {
  readonly alert: ToldAlert;
  readonly isRepeat: boolean;
}

/** How long a digest may be. */
export interface DigestRoom {
  /** Lines, the title among them. */
  readonly lines: number;
  /** Characters of a line. */
  readonly columns: number;
}

interface Group {
  readonly rule: string;
  readonly alerts: readonly DigestAlert[];
}

/**
 * Many alerts as one: by rule with counts, a line each as far as there is room, each rule its fair share, the newest of it.
 * What is not shown is counted.
 */
export function alertDigest(
  alerts: readonly DigestAlert[],
  scene: Pick<Scene, 'mode' | 'profile'>,
  locale: Locale,
  room: DigestRoom,
): AlertText {
  const say = words(digestWords, locale);
  const groups = groupsOf(alerts);
  // Title, the line of what is not shown and the stamp stand beside them.
  const lineOf = room.lines - 3 - groups.filter((group) => group.alerts.length > 1).length;
  const shares = sharesOf(groups, Math.max(0, lineOf));
  const lines = groups.flatMap((group, i) => groupLines(group, shares[i] ?? 0, locale)).slice(0, room.lines - 3);
  const left = alerts.length - shares.reduce((sum, share) => sum + share, 0);
  const title = `${say('many', { count: alerts.length })}  ${scene.mode.toLowerCase()} ${scene.profile}`;
  const more = left > 0 ? [say('more', { count: left })] : [];
  return {
    title,
    lines: [...[...lines, ...more].map((line) => clipped(line, room.columns)), stampOf(alerts, locale)],
    tone: 'warn',
  };
}

/** In the order of their priority, then of their first alert. */
function groupsOf(alerts: readonly DigestAlert[]): readonly Group[] {
  const sorted = PRIORITIES.flatMap((priority) => alerts.filter(({ alert }) => alert.priority === priority));
  const rules = [...new Set(sorted.map(({ alert }) => alert.rule))];
  return rules.map((rule) => ({ rule, alerts: sorted.filter(({ alert }) => alert.rule === rule) }));
}

/** Lines for each group: one more for each in turn until there is no room. */
function sharesOf(groups: readonly Group[], room: number): readonly number[] {
  const shares = groups.map(() => 0);
  let left = room;
  for (let isGiven = true; isGiven && left > 0; ) {
    isGiven = false;
    for (const [i, { alerts }] of groups.entries()) {
      if (left === 0 || (shares[i] ?? 0) >= alerts.length) continue;
      shares[i] = (shares[i] ?? 0) + 1;
      left--;
      isGiven = true;
    }
  }
  return shares;
}

function groupLines({ rule, alerts }: Group, share: number, locale: Locale): readonly string[] {
  const say = words(digestWords, locale);
  const shown = share === 0 ? [] : alerts.slice(-share);
  const lines = shown.map(({ alert, isRepeat }) => {
    const mark = isRepeat ? `  ${say('repeat')}` : '';
    return `${utcTime(alert.at).slice(11, 16)} ${alertTitle(alert, locale)}${mark}`;
  });
  return alerts.length === 1 ? lines : [`${nameOf(rule, locale)}: ${alerts.length}`, ...lines];
}

function nameOf(rule: string, locale: Locale): string {
  const key = `group.${rule}`;
  if (!hasWord(digestWords, key)) return rule.replaceAll('_', ' ');
  return (words(digestWords, locale) as (key: string) => string)(key);
}

function stampOf(alerts: readonly DigestAlert[], locale: Locale): string {
  const instants = alerts.map(({ alert }) => alert.at);
  const [from, to] = [Math.min(...instants), Math.max(...instants)].map((at) => utcTime(at).slice(11));
  return words(digestWords, locale)('span', { from: from ?? '', to: to ?? '' });
}

const clipped = (line: string, columns: number): string =>
  line.length <= columns ? line : `${line.slice(0, columns - 1)}~`;
