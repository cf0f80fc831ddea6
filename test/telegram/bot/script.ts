import type { Answered, BotApi } from '../../../src/telegram/bot/api.ts';
import type { Clock } from '../../../src/telegram/clock.ts';

/** A call that the queue made. */
export interface Made {
  /** Ms since the script began. */
  readonly at: number;
  readonly is: 'send' | 'edit' | 'photo' | 'remove';
  readonly chat: number;
  readonly message: number | undefined;
  readonly text: string;
}

type Answer = Answered<never> | undefined;

/** A Bot API that notes what it is asked, and answers as it is told; done where it is told nothing. */
export interface Script {
  readonly api: BotApi;
  readonly made: Made[];
  /** What is answered to a call; a promise holds it up. */
  answers: (call: Made) => Answer | Promise<Answer>;
  readonly texts: readonly string[];
}

export function createScript(clock: Clock): Script {
  const beganAt = clock.now();
  const made: Made[] = [];
  const ask = async <T>(call: Omit<Made, 'at'>, value: T): Promise<Answered<T>> => {
    const noted = { at: clock.now() - beganAt, ...call };
    made.push(noted);
    return (await script.answers(noted)) ?? { ok: true, value };
  };
  let id = 100;
  const next = (): number => {
    id += 1;
    return id;
  };
  const none = (): Promise<never> => Promise.reject(new Error('expected no such call of the queue'));
  const script: Script = {
    made,
    answers: () => undefined,
    get texts() {
      return made.map(({ text }) => text);
    },
    api: {
      aheadMs: () => 0,
      me: none,
      updates: none,
      answer: none,
      menu: none,
      send: (chat, { html }) => ask({ is: 'send', chat, message: undefined, text: html }, next()),
      photo: (chat, { caption }) => ask({ is: 'photo', chat, message: undefined, text: caption }, next()),
      edit: (chat, message, { html }) => ask({ is: 'edit', chat, message, text: html }, undefined),
      remove: (chat, message) => ask({ is: 'remove', chat, message, text: '' }, undefined),
    },
  };
  return script;
}

/** The most calls in any window of so many ms. */
export function mostWithin(made: readonly Pick<Made, 'at'>[], ms: number): number {
  return Math.max(0, ...made.map(({ at }) => made.filter((other) => other.at >= at && other.at < at + ms).length));
}
