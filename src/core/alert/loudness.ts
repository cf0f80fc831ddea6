import type { Loudness, Priority } from '../domain/alert.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../domain/time.ts';

/*
 * How loud rules are. It lives in the options that every face shares (`settings set`), so that it is journaled, holds at
 * once and survives a restart: `alerts` (on | off: all but HIGH), `alert.RULE` (on | silent | off), `quiet`
 * (22:00-07:00 in the shared zone | off) and `bell` (on | off, of terminals).
 */

type Options = Readonly<Record<string, string>> | undefined;

const LOUDNESSES: readonly string[] = ['on', 'silent', 'off'] satisfies readonly Loudness[];

/** What a rule's own setting says; where there is none, LOW makes no sound. */
export function loudnessOf(options: Options, rule: string, priority: Priority): Loudness {
  const own = options?.[`alert.${rule}`];
  if (own !== undefined && LOUDNESSES.includes(own)) return own as Loudness;
  if (options?.alerts === 'off' && priority !== 'HIGH') return 'off';
  return priority === 'LOW' ? 'silent' : 'on';
}

const HOURS = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/;
const ZONE = /^([+-])(\d\d):(\d\d)$/;

/** Whether text names quiet hours: `22:00-07:00`. */
export const isQuietHours = (text: string): boolean => text === 'off' || HOURS.test(text);

/** Whether an instant lies within the quiet hours, which may go over midnight. */
export function isQuiet(options: Options, at: number): boolean {
  const [, fromHours, fromMinutes, toHours, toMinutes] = HOURS.exec(options?.quiet ?? '') ?? [];
  if (fromHours === undefined) return false;
  const from = Number(fromHours) * HOUR_MS + Number(fromMinutes) * MINUTE_MS;
  const to = Number(toHours) * HOUR_MS + Number(toMinutes) * MINUTE_MS;
  const local = at + offsetMs(options?.zone);
  const time = local - Math.floor(local / DAY_MS) * DAY_MS;
  return from <= to ? time >= from && time < to : time >= from || time < to;
}

function offsetMs(zone: string | undefined): number {
  const [, sign, hours, minutes] = ZONE.exec(zone ?? '') ?? [];
  if (sign === undefined) return 0;
  const ms = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS;
  return sign === '-' ? -ms : ms;
}
