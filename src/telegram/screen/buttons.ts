import { randomBytes } from 'node:crypto';
import type { Buttons, Deed } from './button.ts';

/** Process and number; those of an earlier process have the same form. */
const DATA = /^([\w-]{12})\.([0-9a-z]{1,10})$/;
const KEYBOARDS_KEPT = 2;
/** Messages that keep their buttons; those of the one that was drawn longest ago are old then. */
const MESSAGES_MAX = 500;

/** The keyboards of one message, the newest last. */
interface Board {
  readonly keyboards: ReadonlyMap<string, Deed>[];
}

/** The deeds behind the buttons of one process. */
export function createButtons(process = randomBytes(9).toString('base64url')): Buttons {
  const boards = new Map<string, Board>();
  const owners = new Map<string, string>();
  let next = 1;
  const drop = (keyboard: ReadonlyMap<string, Deed> | undefined): void => {
    for (const data of keyboard?.keys() ?? []) owners.delete(data);
  };
  const forget = (key: string): void => {
    for (const keyboard of boards.get(key)?.keyboards ?? []) drop(keyboard);
    boards.delete(key);
  };
  const bind = (key: string, deeds: ReadonlyMap<string, Deed>): void => {
    const board = boards.get(key) ?? { keyboards: [] };
    boards.delete(key);
    boards.set(key, board);
    if (board.keyboards.includes(deeds)) return;
    board.keyboards.push(deeds);
    for (const data of deeds.keys()) owners.set(data, key);
    if (board.keyboards.length > KEYBOARDS_KEPT) drop(board.keyboards.shift());
    const [oldest] = boards.keys();
    if (boards.size > MESSAGES_MAX && oldest !== undefined) forget(oldest);
  };
  return {
    begin(chat) {
      const deeds = new Map<string, Deed>();
      return {
        add(deed) {
          const data = `${process}.${(next++).toString(36)}`;
          deeds.set(data, deed);
          return data;
        },
        bind: (message) => bind(`${chat}:${message}`, deeds),
      };
    },
    take(chat, message, data) {
      const key = `${chat}:${message}`;
      const owner = owners.get(data);
      if (owner !== undefined && owner !== key) return 'forged';
      const deed = boards.get(key)?.keyboards.flatMap((deeds) => deeds.get(data) ?? [])[0];
      return deed ?? lost(data);
    },
    forget: (chat, message) => forget(`${chat}:${message}`),
  };

  /** It is of another process, or it was made here and nobody keeps it any more; else nobody ever made it. */
  function lost(data: string): 'old' | 'forged' {
    const [, from, count = ''] = DATA.exec(data) ?? [];
    if (from === undefined) return 'forged';
    return from !== process || Number.parseInt(count, 36) < next ? 'old' : 'forged';
  }
}
