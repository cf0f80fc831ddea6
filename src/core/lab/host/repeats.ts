import type { Ask, Asking } from '../../domain/ask.ts';
import type { Refused } from '../../domain/command.ts';
import { encode } from '../../domain/entry.ts';
import { deny } from '../../risk/denial.ts';

/** The same order by hand within this of the one before is a slip of the hand (ms of the wall's clock). */
const REPEAT_MS = 2_000;

/** Orders by hand that were taken a moment ago. */
export interface Repeats {
  /** The same order again (side, type, size and prices) by the same person on the same face; one with an id of its own is meant. */
  problem(ask: Ask, asking: Asking): Refused | undefined;
  /** An order was taken. */
  add(ask: Ask, asking: Asking): void;
}

/** `clock`: milliseconds that never go back. */
export function createRepeats(clock: () => number): Repeats {
  const taken = new Map<string, number>();
  return {
    problem(ask, asking) {
      const at = isOrder(ask) && asking.id === undefined ? taken.get(keyOf(ask, asking)) : undefined;
      const agoMs = at === undefined ? REPEAT_MS : clock() - at;
      if (agoMs >= REPEAT_MS) return undefined;
      const expected = `at least ${REPEAT_MS / 1_000}s between two equal orders by hand`;
      const { code, found, fix } = deny('DUPLICATE_DRAFT', { expected, found: `${Math.ceil(agoMs)}ms` });
      return { code, expected, found, fix };
    },
    add(ask, asking) {
      if (!isOrder(ask)) return;
      const now = clock();
      for (const [key, at] of taken) if (now - at >= REPEAT_MS) taken.delete(key);
      taken.set(keyOf(ask, asking), now);
    },
  };
}

/** Moving a stop twice to one price is harmless. */
function isOrder(ask: Ask): boolean {
  if (ask.do === 'trade') return ask.draft.type === 'market' || ask.draft.type === 'limit';
  return ask.do === 'command' && ask.command.name === 'enter';
}

const keyOf = (ask: Ask, { who, face }: Asking): string => `${face} ${who} ${encode(ask)}`;
