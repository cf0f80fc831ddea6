import type { Price } from '../base/decimal.ts';
import type { AlertFacts, Priority } from '../domain/alert.ts';
import type { AnyEntry } from '../domain/entry.ts';
import type { ClosedBody, Kind } from '../domain/events.ts';
import type { Run, SignalSide } from '../domain/run.ts';
import type { State } from '../domain/state.ts';
import type { HumanTime } from './human-time.ts';

/** The last opinion of a run, as `signal_raised` told it. */
export interface HeardSignal {
  readonly side: SignalSide;
  readonly strength: 'weak' | 'normal' | 'strong';
  readonly agree: number;
  readonly votes: number;
}

/** What was heard since the engine began, for rules whose entry does not say it: less is told where it is not there. */
export interface Heard {
  readonly signals: ReadonlyMap<number, HeardSignal>;
  /** The last trade of a run. */
  readonly closed: ReadonlyMap<number, ClosedBody>;
}

/** What a rule makes of an entry. */
export interface Told {
  readonly priority: Priority;
  readonly key: string;
  readonly symbol: string;
  readonly facts: AlertFacts;
  /** The same key is silent so long, below HIGH; a minute where it is left out. */
  readonly cooldownMs?: number | undefined;
  /** An alert of this key in between ends the cooldown: the other side of a signal. */
  readonly rival?: string | undefined;
  /** How long it is news, by the wall clock. */
  readonly newsMs?: number | undefined;
  /** Key of an alert that is over with this one: it is acknowledged. */
  readonly ends?: string | undefined;
}

/** Something that becomes an alert unless it ends before. */
export interface Waiting {
  readonly dueAt: number;
  /** The entry that it began with. */
  readonly of: number;
  readonly run: number;
  readonly account: string;
  readonly told: Told;
}

/** What formulas of other rooms make of a state, and how long people wait. */
export interface Reckoning {
  /** Of the open position of a run; undefined where no price liquidates it. */
  readonly liquidationOf: (run: Run) => Price | undefined;
  readonly humanTime: HumanTime;
}

/** One thing that people are told of. One file, one line in the registry. */
export interface Rule {
  /** Its name in settings and texts. */
  readonly id: string;
  /** As it is told mostly; single alerts may differ. */
  readonly priority: Priority;
  readonly kinds: readonly Kind[];
  /** Looks at an entry that was just folded. */
  readonly hear: (entry: AnyEntry, state: State, heard: Heard) => Told | undefined;
  /** What lasts, and is to be told once it has lasted long enough. */
  readonly waits?: ((state: State, reckoning: Reckoning) => readonly Waiting[]) | undefined;
}

/** Symbol of the run that an entry is about; empty for none. */
export const symbolOf = (state: State, { run }: AnyEntry): string => state.runs[run - 1]?.symbol ?? '';

/** Votes and strength behind what a run does; nothing where nobody knows them. */
export function signalFacts(heard: Heard, run: number): AlertFacts {
  const signal = heard.signals.get(run);
  if (signal === undefined || signal.side === 0) return {};
  const { side, strength, agree, votes } = signal;
  return { signal: side, strength, agree, votes };
}

/** Whether a position is open, on a symbol or on any. */
export const isHolding = (state: State, symbol?: string): boolean =>
  state.runs.some((run) => run.position !== undefined && (symbol === undefined || run.symbol === symbol));
