import { type HumanTime, humanTime } from '../alert/human-time.ts';
import { isQuiet, loudnessOf } from '../alert/loudness.ts';
import { ALERT_RULES } from '../alert/registry.ts';
import type { Heard, HeardSignal, Reckoning, Rule, Told, Waiting } from '../alert/rule.ts';
import { type AlertBody, NO_ALARM, type OpenAlert, type Priority } from '../domain/alert.ts';
import type { AnyEntry, Cause, Entry } from '../domain/entry.ts';
import type { ClosedBody, Kind } from '../domain/events.ts';
import type { Run } from '../domain/run.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, type Speed } from '../domain/time.ts';
import { type Core, emit } from './core.ts';
import { liquidationOf } from './exposure.ts';

/** HIGH is told again after so long by the wall clock, where somebody was told and nobody answered. */
const REPEAT_MS = 15 * MINUTE_MS;
const COOLDOWN_MS = MINUTE_MS;
/** More alerts below HIGH within a minute are held back for one digest. */
const BURST_MAX = 5;
const DIGEST_MS = MINUTE_MS;
/** By the wall clock, too. */
const NEWS_MS: Readonly<Record<Priority, number>> = { HIGH: DAY_MS, MEDIUM: HOUR_MS, LOW: HOUR_MS };

/** Alerts of one key that did not speak. It is counted here alone: what was not written is lost with the process. */
interface Window {
  readonly rule: string;
  readonly from: number;
  readonly to: number;
  count: number;
}

/** Where an alert stands: the entry that it is about and what that belongs to. */
interface Place {
  readonly of: number;
  readonly run: number;
  readonly account: string;
}

/**
 * What makes alerts of entries. Entries are heard while an input is worked on and spoken of at its end, so that causes
 * among them never name an alert; the same on a tape, where several inputs of one instant come to rest together.
 */
export interface Speaker {
  readonly humanTime: HumanTime;
  /** The last entry that is no alert: what follows from a step stands on that. */
  readonly factSeq: number;
  hear(entry: Entry): void;
  /** Raises what was heard of. */
  speak(core: Core): void;
  /** The next instant at which it speaks by itself. */
  dueAt(core: Core): number;
  /** Raises what is due at `core.now`. */
  fire(core: Core): void;
}

/** `speed`: how fast the market passes that the engine lives with. */
export function createSpeaker(speed: Speed): Speaker {
  const byKind = new Map<Kind, readonly Rule[]>();
  for (const rule of ALERT_RULES) for (const kind of rule.kinds) byKind.set(kind, [...(byKind.get(kind) ?? []), rule]);
  const human = humanTime(speed);
  const lasting = ALERT_RULES.filter(({ waits }) => waits !== undefined);
  const signals = new Map<number, HeardSignal>();
  const closed = new Map<number, ClosedBody>();
  const heard: Heard = { signals, closed };
  const windows = new Map<string, Window>();
  let waiting: AnyEntry[] = [];
  let factSeq = 0;
  return {
    humanTime: human,
    get factSeq() {
      return factSeq;
    },
    hear(entry) {
      const known = entry as unknown as AnyEntry;
      if (!known.kind.startsWith('alert_')) factSeq = known.seq;
      if (known.kind === 'signal_raised') signals.set(known.run, signalOf(known));
      if (known.kind === 'position_closed') closed.set(known.run, known.body);
      if (byKind.has(known.kind)) waiting.push(known);
    },
    speak(core) {
      if (waiting.length === 0) return;
      const entries = waiting;
      waiting = [];
      for (const entry of entries) {
        const { seq: of, run, account } = entry;
        for (const rule of byKind.get(entry.kind) ?? []) {
          const told = rule.hear(entry, core.state, heard);
          if (told !== undefined) tell(core, windows, rule.id, told, { of, run, account });
        }
      }
    },
    dueAt: (core) => Math.min(repeatAt(core, human), digestAt(core), lastingAt(core, lasting), windowAt(windows)),
    fire(core) {
      for (const [key, window] of windows) if (window.to <= core.now) tellWindow(core, windows, key, window);
      for (const rule of lasting) {
        for (const each of missing(core, rule)) {
          if (each.dueAt <= core.now) tell(core, windows, rule.id, each.told, each);
        }
      }
      for (const alert of core.state.alarm?.open ?? []) if (repeatOf(alert, human) <= core.now) tellAgain(core, alert);
      if (digestAt(core) <= core.now) tellDigest(core);
    },
  };
}

function signalOf({ body: { side, strength, votes } }: Extract<AnyEntry, { kind: 'signal_raised' }>): HeardSignal {
  const agree = votes.filter(({ vote }) => side !== 0 && (vote > 0 ? 1 : -1) === side && vote !== 0).length;
  return { side, strength, agree, votes: votes.length };
}

/** Raises an alert, unless its rule is off or its key has just spoken. */
function tell(core: Core, windows: Map<string, Window>, rule: string, told: Told, place: Place): void {
  const { priority, key, rival, cooldownMs = COOLDOWN_MS } = told;
  const { spoken } = core.state.alarm ?? NO_ALARM;
  if (told.ends !== undefined) end(core, rule, told.ends, place);
  const loudness = loudnessOf(core.state.options, rule, priority);
  if (loudness === 'off') return;
  const spokeAt = spoken[key] ?? Number.NEGATIVE_INFINITY;
  const isFresh = core.now >= spokeAt + cooldownMs || (rival !== undefined && (spoken[rival] ?? -1) >= spokeAt);
  if (priority !== 'HIGH' && !isFresh) {
    const window = windows.get(key) ?? { rule, from: core.now, to: spokeAt + cooldownMs, count: 0 };
    window.count++;
    windows.set(key, window);
    return;
  }
  const isHeld = priority !== 'HIGH' && isBurst(core);
  raise(core, { ...bodyOf(core, rule, told, place.of), isHeld }, place, place.of);
}

/** What lasted is over: nobody need answer it any more. */
function end(core: Core, by: string, key: string, { of }: Place): void {
  const over = (core.state.alarm ?? NO_ALARM).open.filter((each) => each.key === key);
  for (const { alert } of over) emit(core, 'alert_acknowledged', undefined, '', of, { alert, by });
}

function isBurst({ now, state: { alarm } }: Core): boolean {
  const { recent, held } = alarm ?? NO_ALARM;
  return held !== null || recent.filter((at) => at > now - DIGEST_MS).length >= BURST_MAX;
}

function bodyOf(core: Core, rule: string, told: Told, of: number): AlertBody {
  const { state, now } = core;
  const { priority, key, symbol, facts, newsMs = NEWS_MS[priority] } = told;
  const isSilent =
    loudnessOf(state.options, rule, priority) === 'silent' || (priority !== 'HIGH' && isQuiet(state.options, now));
  const { made } = state.alarm ?? NO_ALARM;
  const expiresAt = now + newsTime(core, newsMs);
  return { alert: made + 1, nth: 1, rule, priority, key, symbol, of, expiresAt, isSilent, isHeld: false, facts };
}

/** Where nobody can follow the market it is news for as long as the market says. */
function newsTime({ speaker }: Core, ms: number): number {
  const human = speaker?.humanTime(ms) ?? ms;
  return human === Number.POSITIVE_INFINITY ? ms : human;
}

function raise(core: Core, body: AlertBody, { run, account }: Place, cause: Cause): void {
  const of = run === 0 ? undefined : (core.state.runs[run - 1] as Run | undefined);
  emit(core, 'alert_raised', of, account, cause, body);
}

/** What lasts and has not been told yet. */
function missing({ state, speaker }: Core, { id, priority, waits }: Rule): readonly Waiting[] {
  if (waits === undefined || speaker === undefined || loudnessOf(state.options, id, priority) === 'off') return [];
  const { spoken } = state.alarm ?? NO_ALARM;
  const reckoning: Reckoning = { liquidationOf, humanTime: speaker.humanTime };
  return waits(state, reckoning).filter(({ told: { key } }) => spoken[key] === undefined);
}

const lastingAt = (core: Core, rules: readonly Rule[]): number =>
  Math.min(...rules.flatMap((rule) => missing(core, rule)).map(({ dueAt }) => dueAt), Number.POSITIVE_INFINITY);

/** Only what a sink has told somebody is told again; what none took waits in the outbox. */
function repeatOf({ priority, nth, delivered, deliveredAt }: OpenAlert, human: HumanTime): number {
  const isTold = priority === 'HIGH' && Object.values(delivered).some((each) => each >= nth);
  return isTold ? deliveredAt + human(REPEAT_MS) : Number.POSITIVE_INFINITY;
}

const repeatAt = ({ state }: Core, human: HumanTime): number =>
  Math.min(...(state.alarm?.open ?? []).map((alert) => repeatOf(alert, human)), Number.POSITIVE_INFINITY);

function tellAgain(core: Core, alert: OpenAlert): void {
  const { nth, rule, priority, key, symbol, of, isSilent, isHeld, facts } = alert;
  const again = { alert: alert.alert, nth: nth + 1, rule, priority, key, symbol, of };
  raise(
    core,
    { ...again, expiresAt: core.now + newsTime(core, NEWS_MS[priority]), isSilent, isHeld, facts },
    alert,
    alert.seq,
  );
}

const digestAt = ({ state: { alarm } }: Core): number =>
  alarm === undefined || alarm.held === null ? Number.POSITIVE_INFINITY : alarm.held.since + DIGEST_MS;

function tellDigest(core: Core): void {
  const { held } = core.state.alarm ?? NO_ALARM;
  if (held === null) return;
  const { count, since, rules, of } = held;
  const facts = {
    count,
    since,
    rules: Object.entries(rules)
      .map(([rule, each]) => `${rule} ${each}`)
      .join(', '),
  };
  const told: Told = { priority: 'MEDIUM', key: `digest:${of}`, symbol: '', facts };
  raise(core, bodyOf(core, 'digest', told, of), { of, run: 0, account: '' }, of);
}

const windowAt = (windows: ReadonlyMap<string, Window>): number =>
  Math.min(...[...windows.values()].map(({ to }) => to), Number.POSITIVE_INFINITY);

function tellWindow(core: Core, windows: Map<string, Window>, key: string, { rule, count, from }: Window): void {
  windows.delete(key);
  const cause = `timer alert_window ${core.now}`;
  emit(core, 'alert_suppressed', undefined, '', cause, { rule, key, count, from, to: core.now });
}

/** `alert test`: what every sink shows of an alert. */
export function raiseTest(core: Core, cause: number): void {
  const told: Told = { priority: 'MEDIUM', key: `test:${cause}`, symbol: '', facts: {} };
  raise(core, bodyOf(core, 'test', told, cause), { of: cause, run: 0, account: '' }, cause);
}
