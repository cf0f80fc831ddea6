import type { Refusal } from '../refusal.ts';

/** Somebody who was paired: what he may do in which chat. */
export interface BridgePerson {
  /** `from.id`, and the chat: his own one, or a group that was asked for. */
  readonly user: number;
  readonly chat: number;
  readonly role: 'viewer' | 'operator';
  readonly name: string;
  readonly isGroup: boolean;
  readonly pairedAt: number;
}

/** The sink of alerts that a chat is, as the engine knows it. */
export const sinkOf = (chat: number): string => `telegram:${chat}`;

/** A message that mirrors a screen, as it is kept over restarts. `ui` is a `Ui` without a form. */
export interface KeptScreen {
  readonly chat: number;
  readonly message: number;
  readonly ui: unknown;
  readonly askedAt: number;
}

/** An alert that is about to leave, or has left without a known end. */
export interface SendingAlert {
  readonly alert: number;
  readonly nth: number;
  readonly chat: number;
}

/** What a bridge must not forget. */
export interface BridgeMemory {
  readonly v: 1;
  readonly bot: { readonly id: number; readonly username: string } | null;
  /** The first update that was not taken yet. */
  readonly nextUpdate: number;
  readonly people: readonly BridgePerson[];
  readonly screens: readonly KeptScreen[];
  readonly sending: readonly SendingAlert[];
}

export const NO_MEMORY: BridgeMemory = { v: 1, bot: null, nextUpdate: 0, people: [], screens: [], sending: [] };

/** The memory of the bridge of a profile, held by one process. */
export interface BridgeStore {
  readonly memory: BridgeMemory;
  /** What a person has to know of it: its file could not be read and was put aside. */
  readonly note?: string | undefined;
  /** Changes it; resolves when it is durable. Changes that come while one is written are written together. */
  change(change: (memory: BridgeMemory) => BridgeMemory): Promise<void>;
  /** Writes what is left and lets go of it. */
  close(): Promise<void>;
}

/** `[telegram]` of the configuration. */
export interface BridgeSettings {
  /** `https://api.telegram.org`, or a Bot API server of one's own; `http` on this machine alone. */
  readonly api: string;
  /** An HTTP proxy, with the environment's as default; undefined: none. */
  readonly proxy?: string | undefined;
  /** Groups may be paired, too; by default private chats only. */
  readonly groups: boolean;
  /** What raises risk (start, resume, orders, size, leverage) may be asked for from a phone. */
  readonly raisesRisk: boolean;
}

export type BridgeStatus =
  | { readonly state: 'running'; readonly profile: string; readonly pid: number }
  | { readonly state: 'stopped'; readonly profile: string; readonly ended?: BridgeEnded | undefined };

/** Why the last bridge ended by itself; nobody asked it to. */
export interface BridgeEnded {
  readonly at: number;
  readonly code: string;
  readonly found: string;
  readonly fix: string;
}

/** What commands and the bridge itself need of the machine. */
export interface BridgePorts {
  settings(profile: string): Promise<BridgeSettings | Refusal>;
  /** The token: DZENTRA_TELEGRAM_TOKEN, of systemd, of the keyring, of a private file (0600). It is known to every sink from then on. */
  token(profile: string): Promise<{ readonly token: string; readonly from: string } | Refusal>;
  /** A token that a person gave, if it looks like one; known to every sink from then on. */
  given(text: string): Promise<{ readonly token: string } | Refusal>;
  /** Keeps a token in a private file of the user; answers where. */
  keepToken(profile: string, token: string): Promise<{ readonly file: string } | Refusal>;
  /** Opens the memory; refused where another bridge of the profile holds it. */
  open(profile: string): Promise<BridgeStore | Refusal>;
  /** The memory as it was written last, without holding it; undefined where none was. */
  look(profile: string): Promise<BridgeMemory | undefined>;
  status(profile: string): Promise<BridgeStatus>;
  /** Starts a detached bridge and waits until it says that it polls, or why not. */
  start(profile: string, signal: AbortSignal): Promise<{ readonly isNew: boolean; readonly pid: number } | Refusal>;
  stop(profile: string, signal: AbortSignal): Promise<{ readonly pid: number } | Refusal>;
  /** Log of the bridge of a profile: JSON lines, rotated, redacted. */
  log(profile: string): Promise<BridgeLog>;
}

export interface BridgeLog {
  info(text: string, facts?: Readonly<Record<string, string | number | boolean | null>>): void;
  warn(text: string, facts?: Readonly<Record<string, string | number | boolean | null>>): void;
  error(text: string, facts?: Readonly<Record<string, string | number | boolean | null>>): void;
  close(): Promise<void>;
}
