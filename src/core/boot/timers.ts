import type { Timers } from '../venue/exchange.ts';

/** The clocks and the timers of this process. A timer that waits keeps it alive. */
export const systemTimers: Timers = {
  wall: () => Date.now(),
  mono: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * The wall clock for what must not go back, a log: it follows one that is set on, or that went on while the machine slept,
 * and goes on by itself where one is set back.
 */
export function steadyWall({ wall, mono }: Pick<Timers, 'wall' | 'mono'> = systemTimers): () => number {
  let ahead = Number.NEGATIVE_INFINITY;
  return () => {
    ahead = Math.max(ahead, wall() - mono());
    return Math.round(mono() + ahead);
  };
}
