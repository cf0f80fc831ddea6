import type { Clock } from './clock.ts';
import type { Locale, Ports, Refusal } from './core.ts';

/** What a bridge is given by whoever starts it. */
export interface BridgeOptions {
  readonly profile: string;
  readonly version: string;
  /** Language of what is said on the terminal; a chat has that of the settings. */
  readonly locale: Locale;
  readonly ports: Ports;
  /** Ends it; its reason is the name of the signal. */
  readonly signal: AbortSignal;
  /** It polls; `line` says so. */
  onReady(ready: { readonly pid: number; readonly bot: string; readonly line: string }): void;
  /** A sentence for the person who started it. */
  say(line: string): void;
  /** Else that of this machine. */
  readonly clock?: Clock | undefined;
}

/** How it came to an end. */
export interface BridgeEnd {
  /** The exit code, as the command line documents them. */
  readonly code: number;
  /** What became of it, in sentences. */
  readonly lines: readonly string[];
  /** Why it was not carried out; `code` is its exit then. */
  readonly refusal?: Refusal | undefined;
  /** The documented object that `--json` prints, without schema and profile. */
  readonly data?: Readonly<Record<string, unknown>> | undefined;
}

/** What pairing needs beside. */
export interface PairOptions extends BridgeOptions {
  readonly role: 'viewer' | 'operator';
  readonly isGroup: boolean;
  /** The token that is kept is not used: another one is asked for. */
  readonly isTokenNew: boolean;
  /** Asks without showing what is typed; absent where nobody can be asked. */
  readonly askSecret?: ((question: string) => Promise<string | undefined>) | undefined;
  /** All of standard input; undefined where it is a terminal. */
  readonly readInput?: (() => Promise<string | undefined>) | undefined;
  /** The code is shown: what it is, to which bot it goes, how long it holds (ms of the clock). */
  onCode(shown: { readonly code: string; readonly bot: string; readonly until: number }): void;
}

/** What a test of the way says of one chat. */
export interface ReachedChat {
  readonly chat: number;
  readonly name: string;
  readonly isReached: boolean;
  readonly why: string | null;
}

/** An end by a refusal. */
export const refusedEnd = (refusal: Refusal): BridgeEnd => ({ code: refusal.exit, lines: [], refusal });
