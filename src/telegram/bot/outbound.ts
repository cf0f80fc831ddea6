import type { Answered, Photo, Post } from './api.ts';

/** What goes first in a chat: alerts of HIGH priority, answers to a person, other alerts, screens that follow the market. */
export type Lane = 'urgent' | 'answer' | 'news' | 'screen';

/**
 * What is written at the moment when its turn comes, so that it is as new as can be; undefined: there is nothing to say any
 * more. A `prepare` that returns a promise is waited for (intent on disk before an alert leaves).
 */
export type Writing<T> = () => T | undefined | Promise<T | undefined>;

/**
 * One queue a chat, by lanes, at a pace that a chat takes: about one message a second after a few at once, 20 a minute in a
 * group, 30 a second to all; a `retry_after` silences that chat for so long (longer than ten minutes: until then nothing but
 * the newest of each key is kept). Each call resolves with what became of it. `flood` and `unreachable` are tried again here;
 * every other failure is the caller's. `undefined`: nothing was written.
 */
export interface Outbound {
  send(chat: number, lane: Lane, write: Writing<Post>): Promise<Answered<number> | undefined>;
  /** Of edits that wait for one message only the last is made. */
  edit(chat: number, lane: Lane, message: number, write: Writing<Post>): Promise<Answered<void> | undefined>;
  photo(chat: number, lane: Lane, write: Writing<Photo>): Promise<Answered<number> | undefined>;
  remove(chat: number, message: number): Promise<Answered<void> | undefined>;
  /** How a chat stands: what waits, and until when it is silent (ms of the clock; 0: it is not). */
  standing(chat: number): { readonly waiting: number; readonly silentUntil: number; readonly lastOkAt: number };
  /** Telegram answered something else: what waits for it to be reached again does not wait any longer. */
  reached(): void;
  /** Nothing more leaves; what waits resolves with undefined. */
  close(): void;
}

/**
 * Sends once more where it is not known whether it arrived. A message that may have arrived is not known by its number: one
 * that may be there twice is better than none.
 */
export async function sendTwiceIfUnsure(
  outbound: Pick<Outbound, 'send'>,
  chat: number,
  lane: Lane,
  write: Writing<Post>,
): Promise<Answered<number> | undefined> {
  const first = await outbound.send(chat, lane, write);
  return first?.ok === false && first.is === 'unsure' ? await outbound.send(chat, lane, write) : first;
}
