import type { Alarm } from '../domain/alert.ts';

/*
 * Which sinks are expected to take alerts: each that has taken one within so many days, unless the shared option
 * `sink.NAME` is `off`. Whoever gives a sink up (a person who unpairs a phone) sets that option, and sets it to `on` again
 * with the first alert to come; a sink that died says nothing, and that is the difference.
 */

/** A sink that took nothing for so many days is forgotten. */
export const SINK_DAYS = 7;

/** Name of the option of a sink: `telegram:-100123` -> `sink.telegram.-100123`. */
export const sinkOption = (sink: string): string => `sink.${sink.replace(/[^A-Za-z0-9_-]/g, '.').slice(0, 35)}`;

/** Whether anybody waits for this sink to take alerts. */
export const isExpected = (options: Readonly<Record<string, string>> | undefined, sink: string): boolean =>
  options?.[sinkOption(sink)] !== 'off';

/** One outage of a sink: `since` is when it took an alert last. */
export const keyOfLost = (sink: string, since: number): string => `channel:${sink}:${since}`;

/** The outage that a sink was called lost for, unless it was called back since. */
export function lostOf({ spoken }: Alarm, sink: string): { readonly key: string; readonly since: number } | undefined {
  const prefix = keyOfLost(sink, 0).slice(0, -1);
  // Newest last.
  const key = Object.keys(spoken).findLast((each) => each.startsWith(prefix));
  if (key === undefined || (spoken[`channel_back:${sink}`] ?? -1) >= (spoken[key] ?? 0)) return undefined;
  return { key, since: Number(key.slice(prefix.length)) };
}
