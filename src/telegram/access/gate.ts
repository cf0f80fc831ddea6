import type { Update } from '../bot/api.ts';
import type { BridgePerson } from '../core.ts';
import type { Received } from './person.ts';
import { fieldOf, type Odd, pressedOf, sentOf, updateOf } from './sender.ts';

/** What became of an update: somebody may, or why it is dropped; a stranger is answered nothing. */
export type Gated =
  | Received
  | { readonly is: 'dropped'; readonly why: string; readonly callback?: string | undefined }
  /** A pairing of such a chat is over: the bot was blocked or thrown out. */
  | { readonly is: 'left'; readonly chat: number };

/** Decides by `from.id`, chat and shape alone; it never throws, whatever comes. */
export type Gate = (update: Update, people: readonly BridgePerson[], now: number) => Gated;

/** How often one person may act: so many at once, then so many a second. */
export interface Rate {
  /** False: too much; it is dropped, and the first time in a while told. */
  allows(user: number): { readonly isAllowed: boolean; readonly isTold: boolean };
}

/** What was typed longer ago is answered with a notice and nothing else. */
export const AGE_MS_MAX = 60_000;

/** Kinds of updates that anybody may act by; everything else (edited, of channels, of businesses, ...) is dropped. */
const KINDS = ['message', 'callback_query', 'my_chat_member'] as const;

/** What a paste brings along unseen at both ends: blanks, marks of direction, joiners. */
const UNSEEN = /^[\s\p{Cf}]+|[\s\p{Cf}]+$/gu;

export const gate: Gate = (update, people, now) => {
  const number = updateOf(update);
  if (number === undefined) return dropped('no number');
  const kinds = Object.keys(update).filter((key) => key !== 'update_id');
  const kind = KINDS.find((each) => kinds.length === 1 && kinds[0] === each);
  const content = kind === undefined ? undefined : fieldOf(update, kind);
  switch (kind) {
    case 'message':
      return ofMessage(content, number, people, now);
    case 'callback_query':
      return ofPress(content, number, people);
    case 'my_chat_member':
      return ofMember(content, people);
    default:
      return dropped(kinds.length === 1 ? `kind ${kinds[0]?.slice(0, 32)}` : 'not one kind');
  }
};

const dropped = (why: string): Gated => ({ is: 'dropped', why });

/** One of the list: the same user in the same chat of the same kind, with a role that is one. */
const knownOf = (
  people: readonly BridgePerson[],
  { user, chat, isGroup }: { readonly user: number; readonly chat: number; readonly isGroup: boolean },
): BridgePerson | undefined =>
  people.find(
    (person) =>
      person.user === user &&
      person.chat === chat &&
      person.isGroup === isGroup &&
      (person.role === 'viewer' || person.role === 'operator'),
  );

const isOdd = (found: object): found is Odd => 'why' in found;

function ofMessage(content: unknown, update: number, people: readonly BridgePerson[], now: number): Gated {
  const sent = sentOf(content);
  if (isOdd(sent)) return dropped(sent.why);
  const person = knownOf(people, sent);
  if (person === undefined) return dropped('a stranger');
  const { message, text, at } = sent;
  return { is: 'text', person, update, message, text: text.replace(UNSEEN, ''), isOld: now - at > AGE_MS_MAX };
}

function ofPress(content: unknown, update: number, people: readonly BridgePerson[]): Gated {
  const pressed = pressedOf(content);
  if (isOdd(pressed)) return dropped(pressed.why);
  const person = knownOf(people, pressed);
  if (person === undefined) return dropped('a stranger');
  const { callback, message, data } = pressed;
  return { is: 'press', person, update, callback, message, data };
}

/** Whoever threw the bot out: the chat takes no messages any more. */
function ofMember(content: unknown, people: readonly BridgePerson[]): Gated {
  const chat = fieldOf(fieldOf(content, 'chat'), 'id');
  const status = fieldOf(fieldOf(content, 'new_chat_member'), 'status');
  const known = people.find((person) => person.chat === chat);
  if (known === undefined) return dropped('a stranger');
  return status === 'kicked' || status === 'left' ? { is: 'left', chat: known.chat } : dropped('kind my_chat_member');
}
