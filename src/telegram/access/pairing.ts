import { randomInt } from 'node:crypto';
import type { Update } from '../bot/api.ts';
import type { Clock } from '../clock.ts';
import type { BridgePerson } from '../core.ts';
import { AGE_MS_MAX } from './gate.ts';
import { fieldOf, type Sent, sentOf, updateOf } from './sender.ts';

/** What becomes of an update while somebody is to be paired. */
export type Offered =
  | { readonly is: 'paired'; readonly person: BridgePerson }
  /** It was no proof; the notice says so to who tried, where he is told at all. */
  | { readonly is: 'refused'; readonly notice?: { readonly chat: number; readonly text: string } | undefined }
  | { readonly is: 'ignored' }
  /** The code holds no more: it was used, it is too late, it was guessed at too often, or strangers saw it. */
  | { readonly is: 'over' };

/** What whoever tried is told: that a code is wanted, that it was another one, or that it belongs into the group. */
export type Notice = 'pairSend' | 'pairWrong' | 'pairGroup';

/** One code for one person. */
export interface Pairing {
  /** `K7QP-3M9D`. */
  readonly code: string;
  /** ms of the clock: until then it holds. */
  readonly until: number;
  offer(update: Update): Offered;
}

export interface PairingOptions {
  /** Made here where it is left out. */
  readonly code?: string | undefined;
  readonly role: BridgePerson['role'];
  /** The code is sent in a group; in a private chat otherwise. */
  readonly isGroup: boolean;
  readonly clock: Pick<Clock, 'now'>;
  /** Says notices in the language of the profile (`telegramActWords`); English without it. */
  say?(notice: Notice): string;
}

const ENGLISH: Readonly<Record<Notice, string>> = {
  pairSend: 'send the code that the terminal shows',
  pairWrong: 'this is not the code that the terminal shows',
  pairGroup: 'send the code in the group',
};

/** Letters and digits that nobody takes for another. */
const LETTERS = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const GROUP = 4;
const HOLDS_MS = 10 * 60_000;
const TRIES_MAX = 5;
const NOTICES_MAX = 5;

/** A code that nobody guesses: 8 letters of 30, in two groups. */
export function newCode(): string {
  const letters = Array.from({ length: 2 * GROUP }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return `${letters.slice(0, GROUP)}-${letters.slice(GROUP)}`;
}

/**
 * Whoever sends the code first is paired, in the chat in which he sends it. The code holds for ten minutes and five wrong
 * tries; one that was sent where others saw it holds no more.
 */
export function createPairing(options: PairingOptions): Pairing {
  const { code = newCode(), role, isGroup, clock } = options;
  const until = clock.now() + HOLDS_MS;
  let tries = 0;
  let notices = 0;
  let isOver = false;

  const refused = ({ chat }: Sent, notice: Notice): Offered => {
    notices += 1;
    if (notices > NOTICES_MAX) return { is: 'refused' };
    return { is: 'refused', notice: { chat, text: options.say?.(notice) ?? ENGLISH[notice] } };
  };
  const offered = (sent: Sent): Offered => {
    const given = givenIn(sent);
    const isRight = given === plain(code);
    const isHere = sent.isGroup === isGroup;
    if (given === undefined || !(isRight || isHere)) return { is: 'ignored' };
    if (given === '') return refused(sent, 'pairSend');
    if (!isRight) tries += 1;
    isOver = tries >= TRIES_MAX || (isRight && sent.isGroup && !isGroup);
    // In a group others read it.
    if (isOver) return { is: 'over' };
    if (!isRight || !isHere) return refused(sent, isRight ? 'pairGroup' : 'pairWrong');
    isOver = true;
    const { user, chat, name } = sent;
    return { is: 'paired', person: { user, chat, role, name, isGroup, pairedAt: clock.now() } };
  };
  return {
    code,
    until,
    offer(update) {
      if (isOver || clock.now() >= until) return { is: 'over' };
      const sent = updateOf(update) === undefined ? undefined : sentOf(fieldOf(update, 'message'));
      // What was sent before the code was made is no try.
      if (sent === undefined || 'why' in sent || clock.now() - sent.at > AGE_MS_MAX) return { is: 'ignored' };
      return offered(sent);
    },
  };
}

const plain = (code: string): string => code.replace(/[\s\p{Pd}_]/gu, '').toUpperCase();

/**
 * What was given as a code: `/start CODE`, `/start@bot CODE`, or the code alone, whatever its case and dashes. Empty: a
 * bare `/start`. Undefined: talk that is none. In groups people talk: there only what looks like a code counts.
 */
function givenIn({ text, isGroup }: Sent): string | undefined {
  const [, started] = /^\/start(?:@\w+)?(?:\s+(.{0,64}))?$/s.exec(text.trim()) ?? [];
  if (/^\/start\b/.test(text.trim())) return plain(started ?? '');
  const bare = plain(text.slice(0, 64));
  if (text.startsWith('/')) return undefined;
  return !isGroup || /^[A-Z0-9]{8}$/.test(bare) ? bare : undefined;
}
