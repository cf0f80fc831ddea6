import type { Answer, Ask, Asking } from '../domain/ask.ts';
import type { AnyEntry } from '../domain/entry.ts';
import type { Draft, Preview } from '../domain/frame.ts';
import type { JournalQuery } from '../journal/journal.ts';
import type { Scene, Ui } from '../view/scene.ts';
import type { View } from '../view/view.ts';
import type { Refusal } from './refusal.ts';

/** What changed since the last time a face was told. */
export interface Change {
  /** New entries, oldest first. */
  readonly entries: readonly AnyEntry[];
  /** The link was lost, or came back. */
  readonly isLink: boolean;
}

/** An engine as its faces see it: the same over a socket and inside one process. */
export interface EngineClient {
  /** Where the engine is of another version: `scene` is all but empty, screens come from `view`, and only panic and close go. */
  readonly picture?: { readonly engine: string; readonly own: string } | undefined;
  /** The newest picture; a new object whenever something changed. After the link is lost it is the last one, and says so. */
  scene(): Scene;
  /** Called after each change, not more often than market frames come. Returns how to end it. */
  subscribe(listener: (change: Change) => void): () => void;
  /** Resolves when it is durable. Rejects where the link breaks before the answer: what came of it is then unknown. */
  ask(ask: Ask, asking: Asking): Promise<Answer>;
  /** What `review` says of a draft now; nothing is sent. A stop or a target of an open position is checked, too. */
  preview(symbol: string, draft: Draft): Promise<Preview>;
  entries(query: JournalQuery): Promise<readonly AnyEntry[]>;
  /** Symbols whose market is wanted beside those of the runs. */
  watch(symbols: readonly string[]): Promise<void>;
  /** A screen as the engine makes it: for a face of another version. */
  view(ui: Ui): Promise<View>;
  /** Tells of its painting, for the System screen. */
  report(painting: { readonly paintedAt: number; readonly skipped: number; readonly lagMs: number }): void;
  close(): void;
}

export interface ConnectOptions {
  readonly role: 'read' | 'operate';
  /** `cli`, `tui`, `telegram`. */
  readonly face: string;
  /** `one`: answers and one scene. `all`: the scene is kept up to date and a lost link is tried again by itself. */
  readonly follow: 'one' | 'all';
  /** With `one`: candles, closed trades and equity come, too. `all` always has them. */
  readonly isWhole?: boolean | undefined;
}

/**
 * How an engine is started where none runs. What is left out is as it was when the profile was started last, else as its
 * configuration says.
 */
export interface EngineOptions {
  readonly profile: string;
  /** `synthetic[:SEED]`, `replay:FILE`, ... */
  readonly feed?: string | undefined;
  readonly speed?: 'max' | number | undefined;
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error' | 'silent' | undefined;
}

/** What is known of the engine of a profile without attaching. */
export type EngineStatus =
  | {
      readonly state: 'running';
      readonly profile: string;
      readonly pid: number;
      readonly socket: string;
      readonly scene: Scene;
      /** Where the engine is of another version: its, and ours. The scene is all but empty then. */
      readonly picture?: EngineClient['picture'];
    }
  | { readonly state: 'stopped'; readonly profile: string; readonly folder: string }
  /** It holds the lock and does not answer. */
  | { readonly state: 'silent'; readonly profile: string; readonly pid: number | undefined };

/** What to do with a process that holds a journal and answers nobody. One that loops in a strategy hears no polite signal. */
export const silentFix = (pid: number | undefined): string =>
  `wait, or kill ${pid ?? 'it'}; one whose strategy loops ends by itself within 10 s, anything else that hangs by kill -9 ${pid ?? 'it'} (the journal is made for it)`;

/** An engine in this process that answers; `unprinted` keeps in its log why nothing can be printed any more. */
export interface EngineReady {
  readonly pid: number;
  readonly socket: string;
  readonly feed: string;
  readonly unprinted: (why: string) => void;
}

/** Engines, by profile. */
export interface EnginePorts {
  /** The profile that is meant where none is named. */
  profile(given: string | undefined): string;
  /** Attaches to the engine that runs; refused with exit 5 where none does. */
  connect(profile: string, options: ConnectOptions): Promise<EngineClient | Refusal>;
  /** Why an engine that runs is not the one that is asked for: it has one feed, and that has one clock. */
  misfit(options: Pick<EngineOptions, 'profile' | 'feed'>): Promise<Refusal | undefined>;
  /**
   * Starts a detached engine and waits until it answers; one that runs is told as `isNew: false`, or refused where it is
   * on another feed than the one that was named.
   */
  start(
    options: EngineOptions,
    signal: AbortSignal,
  ): Promise<{ readonly isNew: boolean; readonly pid: number } | Refusal>;
  /** The engine in this process, until a signal or a stop from a client. */
  run(
    options: EngineOptions,
    signal: AbortSignal,
    onReady?: (ready: EngineReady) => void,
  ): Promise<{ readonly saved: readonly string[] } | Refusal>;
  /** Ends the engine: its runs and positions stay in the journal. */
  stop(profile: string, signal: AbortSignal): Promise<{ readonly pid: number } | Refusal>;
  status(profile: string): Promise<EngineStatus>;
  /** The log file of a profile. */
  logFile(profile: string): string;
  /** The last lines of the log, oldest first. */
  logLines(profile: string, count: number): Promise<readonly string[] | Refusal>;
  /** Lines that are written from now on, until the signal aborts. */
  followLog(profile: string, signal: AbortSignal, onLine: (line: string) => void): Promise<void>;
  /** Moves the journal of a paper profile aside, so that the next start begins anew; refused while an engine runs. */
  reset(profile: string): Promise<{ readonly kept: string } | Refusal>;
}
