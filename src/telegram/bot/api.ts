import type { Update } from 'grammy/types';

export type { Update } from 'grammy/types';

/** A button beneath a message; `data` is what comes back when it is pressed: at most 64 bytes. */
export interface Button {
  readonly text: string;
  readonly data: string;
}

/** Rows of buttons. */
export type Keyboard = readonly (readonly Button[])[];

/** A message: HTML of Telegram's kind, everything in it escaped, at most 4,096 characters. */
export interface Post {
  readonly html: string;
  readonly keyboard?: Keyboard | undefined;
  /** It comes without a sound. */
  readonly isSilent?: boolean | undefined;
}

/** A picture with words beneath it. */
export interface Photo {
  readonly png: Uint8Array;
  /** HTML, at most 1,024 characters. */
  readonly caption: string;
  readonly keyboard?: Keyboard | undefined;
}

/** Why something was not done; `text` is for people and holds no secret. */
export type Failure =
  /** The message is as it should be already, is not there any more, or can never be sent as it is. */
  | { readonly ok: false; readonly is: 'same' | 'gone' | 'rejected'; readonly text: string }
  /** The chat does not take messages (403); the token is none (401); another bridge polls (409). */
  | { readonly ok: false; readonly is: 'blocked' | 'unauthorized' | 'conflict'; readonly text: string }
  /** Too much: nothing was done, and nothing will be for so long. */
  | { readonly ok: false; readonly is: 'flood'; readonly retryAfterMs: number; readonly text: string }
  /** Nothing was done, and may be later: the request never got there, or something on the way barred it. */
  | { readonly ok: false; readonly is: 'unreachable'; readonly text: string }
  /** No answer, a broken one, or a 5xx: it may have been done. */
  | { readonly ok: false; readonly is: 'unsure'; readonly text: string };

export type Answered<T> = { readonly ok: true; readonly value: T } | Failure;

/** Somebody's commands in the menu of Telegram, in a language; `''` for all others. */
export interface MenuCommand {
  readonly command: string;
  readonly description: string;
}

/** Telegram's Bot API as far as the bridge uses it: one request a call, nothing is tried again. It never rejects. */
export interface BotApi {
  /** How far the clock of this machine is ahead of Telegram's, by its last answer, ms; 0 while there was none. */
  aheadMs(): number;
  me(): Promise<Answered<{ readonly id: number; readonly username: string }>>;
  /** Waits up to `timeoutS` for updates from `offset` on. */
  updates(offset: number, timeoutS: number, signal: AbortSignal): Promise<Answered<readonly Update[]>>;
  /** The number of the new message. */
  send(chat: number, post: Post): Promise<Answered<number>>;
  edit(chat: number, message: number, post: Post): Promise<Answered<void>>;
  remove(chat: number, message: number): Promise<Answered<void>>;
  photo(chat: number, photo: Photo): Promise<Answered<number>>;
  /** Ends the wait of a pressed button; `isAlert` shows the text in a window of its own. */
  answer(callback: string, text?: string, isAlert?: boolean): Promise<Answered<void>>;
  /** The menu of `/` commands; `language` empty for whoever has no menu in his own. */
  menu(commands: readonly MenuCommand[], language: '' | 'ru'): Promise<Answered<void>>;
}
