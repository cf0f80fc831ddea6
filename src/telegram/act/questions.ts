import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Asked } from './acts.ts';

/** One way to answer. */
export interface Choice {
  readonly text: string;
  readonly words: readonly string[];
  /** How that stands which the words act on, as it was restated. */
  readonly stand: string;
}

/** What waits for an answer, and what it was asked of. */
export interface Waiting {
  readonly label: string;
  readonly choices: readonly Choice[];
  /** The message that shows it; `after`: it is a new one beneath that which was typed. */
  readonly message: { readonly is: 'at' | 'after'; readonly number: number };
  readonly user: number;
  readonly chat: number;
  readonly until: number;
}

/** What an answer found: its question, which is used up by that; or why there is none. */
export type Found = Waiting | 'over' | 'notYours';

/** Questions of all chats: each for 30 s, one use, its own person, chat and message. */
export interface Questions {
  add(waiting: Omit<Waiting, 'until'>): { readonly nonce: string; readonly until: number };
  take(nonce: string, asked: Asked): Found;
}

/** How long a question waits. */
export const ANSWER_MS = 30_000;
const WAITING_MAX = 256;
const NONCE_BYTES = 12;

export function createQuestions(clock: Pick<Clock, 'now'>): Questions {
  const questions = new Map<string, Waiting>();
  const sweep = (): void => {
    const now = clock.now();
    for (const [nonce, { until }] of questions) if (now >= until) questions.delete(nonce);
    for (const nonce of questions.keys()) {
      if (questions.size < WAITING_MAX) break;
      questions.delete(nonce);
    }
  };
  return {
    add(waiting) {
      sweep();
      const nonce = randomBytes(NONCE_BYTES).toString('base64url');
      const until = clock.now() + ANSWER_MS;
      questions.set(nonce, { ...waiting, until });
      return { nonce, until };
    },
    take(nonce, { person, message }) {
      const waiting = questions.get(nonce);
      if (waiting === undefined) return 'over';
      // Somebody else's press uses nothing up.
      if (waiting.user !== person.user || waiting.chat !== person.chat) return 'notYours';
      const { is, number } = waiting.message;
      if (is === 'at' ? message !== number : message <= number) return 'notYours';
      questions.delete(nonce);
      return clock.now() >= waiting.until ? 'over' : waiting;
    },
  };
}
