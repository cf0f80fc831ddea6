import type { Clock } from './clock.ts';
import type { Change } from './core.ts';

/** A burst of entries is looked at so often: each look is at a copy of the engine's state. */
const LOOK_MS = 20;

/** The first change is told at once, what comes within 20 ms of it together at their end. */
export function createNews(
  clock: Pick<Clock, 'after'>,
  tell: (change: Change) => void,
): { heard(change: Change): void; close(): void } {
  let waiting: Change | undefined;
  let rest: (() => void) | undefined;
  const look = (): void => {
    rest = undefined;
    if (waiting === undefined) return;
    const change = waiting;
    waiting = undefined;
    rest = clock.after(LOOK_MS, look);
    tell(change);
  };
  return {
    heard({ entries, isLink }) {
      const before = waiting ?? { entries: [], isLink: false };
      waiting = { entries: [...before.entries, ...entries], isLink: before.isLink || isLink };
      if (rest === undefined) look();
    },
    close() {
      rest?.();
      waiting = undefined;
    },
  };
}
