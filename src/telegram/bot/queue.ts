import type { Clock } from '../clock.ts';
import type { Answered, BotApi } from './api.ts';
import type { Item } from './lane.ts';
import { type BackOff, Line } from './line.ts';
import type { Outbound, Writing } from './outbound.ts';

const BACK_OFF: BackOff = { firstMs: 1_000, maxMs: 60_000 };

/**
 * Sends in the order and at the pace of `Outbound`. The lanes of a chat go side by side, each in its order: what is urgent
 * waits neither for a picture under way nor for the disk of an alert. Two calls on one message are never under way at once.
 * A removal goes with the answers, at a quarter of the cost of a message. A writer that throws or rejects makes his own call
 * reject, and the queue goes on. After `close` a call under way ends as it ends, with a `flood` or `unreachable` as well.
 */
export function createOutbound(api: BotApi, clock: Clock, backOff: BackOff = BACK_OFF): Outbound {
  const line = new Line(clock, backOff);
  return {
    send: (chat, lane, write) => added(line, chat, { lane, kind: 'send' }, write, (post) => api.send(chat, post)),
    edit: (chat, lane, message, write) =>
      added(line, chat, { lane, kind: 'edit', message }, write, (post) => api.edit(chat, message, post)),
    photo: (chat, lane, write) => added(line, chat, { lane, kind: 'photo' }, write, (photo) => api.photo(chat, photo)),
    remove: (chat, message) => {
      const call = () => api.remove(chat, message);
      return added(line, chat, { lane: 'answer', kind: 'remove', message }, () => true, call);
    },
    standing: (chat) => line.standing(chat),
    reached: () => line.reached(),
    close: () => line.close(),
  };
}

/** Where a call waits: in which lane, and for which message. */
type Place = Pick<Item, 'lane' | 'kind'> & { readonly message?: number };

function added<Content, T>(
  line: Line,
  chat: number,
  { lane, kind, message }: Place,
  write: Writing<Content>,
  call: (content: Content) => Promise<Answered<T>>,
): Promise<Answered<T> | undefined> {
  return new Promise((resolve, reject) => {
    let answer: Answered<T> | undefined;
    const attempt = async (): Promise<Answered<T> | undefined> => {
      const content = await write();
      return content === undefined || line.isClosed ? undefined : await call(content);
    };
    line.add(chat, {
      lane,
      kind,
      message,
      async try() {
        try {
          answer = await attempt();
        } catch (problem) {
          reject(problem instanceof Error ? problem : new Error(String(problem)));
          answer = undefined;
        }
        if (answer === undefined) return { is: 'unwritten' };
        return answer.ok ? { is: 'ok' } : answer;
      },
      settle: () => resolve(answer),
      drop: () => resolve(undefined),
    });
  });
}
