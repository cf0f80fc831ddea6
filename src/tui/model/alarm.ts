import type { OpenAlert } from '../core.ts';
import type { Event, Model, Sight, Step } from './model.ts';
import { remark } from './model.ts';

/** What the terminal knows of alerts, the same on every screen and while a frame is held. */
export interface Alarm {
  /** Entries up to this one were heard; -1 before the first look, whose alerts are no news. */
  readonly seq: number;
  /** Those of HIGH priority that nobody has acknowledged, the newest first. */
  readonly high: readonly OpenAlert[];
  /** One below HIGH, for a few seconds. */
  readonly passing: { readonly alert: OpenAlert; readonly until: number } | undefined;
  /** The one whose acknowledgement was sent last. */
  readonly answered?: number | undefined;
}

export const NO_ALARM: Alarm = { seq: -1, high: [], passing: undefined };

const PASSING_MS = 6_000;

/** Alerts as they stand now. What is HIGH and new rings once; what is silent is on the System screen and in the journal. */
export function heard(model: Model, { open, last, isMute, at }: Extract<Event, { kind: 'heard' }>): Step {
  // A journal that ends earlier is another one: the account was begun anew.
  const alarm = last < model.alarm.seq ? NO_ALARM : model.alarm;
  const seq = open.reduce((last, each) => Math.max(last, each.seq), Math.max(0, alarm.seq));
  const fresh = alarm.seq < 0 ? [] : open.filter((each) => each.seq > alarm.seq && !each.isSilent);
  const high = open.filter(({ priority }) => priority === 'HIGH');
  const newest = fresh.find(({ priority }) => priority !== 'HIGH');
  const passing = newest === undefined ? alarm.passing : { alert: newest, until: at + PASSING_MS };
  const isRinging = !isMute && fresh.some(({ priority, nth }) => priority === 'HIGH' && nth === 1);
  return [{ ...model, alarm: { ...alarm, seq, high, passing } }, isRinging ? [{ do: 'ring' }] : []];
}

/** The alert of the banner and how many wait behind it. */
export function shownAlert({
  alarm: { high, passing },
}: Model): { readonly alert: OpenAlert; readonly others: number } | undefined {
  const [alert] = high;
  if (alert !== undefined) return { alert, others: high.length - 1 };
  return passing === undefined ? undefined : { alert: passing.alert, others: 0 };
}

/** Time passes: what was shown for a few seconds goes. */
export function passed(model: Model, at: number): Model {
  const { passing } = model.alarm;
  if (passing === undefined || at < passing.until) return model;
  return { ...model, alarm: { ...model.alarm, passing: undefined } };
}

/** The key that acknowledges what the banner shows. */
export function answer(model: Model, { say }: Sight, at: number): Step {
  const shown = shownAlert(model);
  if (shown === undefined) return [remark(model, say('noAlert'), at), []];
  const { alert } = shown.alert;
  // On its way: the banner stays until the engine has it.
  if (alert === model.alarm.answered && model.busy > 0) return [model, []];
  const words = ['alert', 'ack', `${alert}`];
  const quiet = { ...model, busy: model.busy + 1, alarm: { ...model.alarm, passing: undefined, answered: alert } };
  return [quiet, [{ do: 'run', deed: { label: say('keyAnswer'), words }, shown: 'message' }]];
}
