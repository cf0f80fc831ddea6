import type { Timers } from '../../../../src/core/venue/exchange.ts';

/** Timers that only `move` moves. What is due runs in the order of its instants. */
export interface HandTimers extends Timers {
  move(ms: number): void;
  /** The process sleeps: what fell due meanwhile runs late, all of it now. */
  sleep(ms: number): void;
  /** Not yet due, and not given up. */
  readonly waiting: number;
}

export function handTimers(wallAt = Date.UTC(2026, 0, 5)): HandTimers {
  let now = 0;
  const due = new Set<{ readonly at: number; readonly run: () => void }>();
  return {
    wall: () => wallAt + now,
    mono: () => now,
    after(ms, run) {
      const timer = { at: now + ms, run };
      due.add(timer);
      return () => due.delete(timer);
    },
    move(ms) {
      const end = now + ms;
      for (;;) {
        const [first] = [...due].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (first === undefined) break;
        due.delete(first);
        now = Math.max(now, first.at);
        first.run();
      }
      now = end;
    },
    sleep(ms) {
      now += ms;
      for (const timer of [...due].filter(({ at }) => at <= now).sort((a, b) => a.at - b.at)) {
        due.delete(timer);
        timer.run();
      }
    },
    get waiting() {
      return due.size;
    },
  };
}
