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
