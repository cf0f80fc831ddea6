import type { SandboxClock } from '../../src/core/sandbox/market.ts';

/** Time that passes only when a test says so. */
export interface HandClock extends SandboxClock {
  /** Lets time pass; what falls due runs at its own instant, in order. */
  pass(ms: number): void;
  /** Timers that still wait. */
  readonly waiting: number;
}

export function handClock(startAt: number): HandClock {
  let now = startAt;
  let made = 0;
  const timers = new Map<number, { readonly dueAt: number; readonly run: () => void }>();
  const nextBy = (until: number): number | undefined => {
    let first: number | undefined;
    for (const [id, { dueAt }] of timers) {
      if (dueAt <= until && (first === undefined || dueAt < (timers.get(first)?.dueAt ?? 0))) first = id;
    }
    return first;
  };
  return {
    wall: () => now,
    after(ms, run) {
      const id = made++;
      timers.set(id, { dueAt: now + ms, run });
      return () => void timers.delete(id);
    },
    pass(ms) {
      const until = now + ms;
      for (let id = nextBy(until); id !== undefined; id = nextBy(until)) {
        const timer = timers.get(id);
        timers.delete(id);
        now = Math.max(now, timer?.dueAt ?? now);
        timer?.run();
      }
      now = until;
    },
    get waiting() {
      return timers.size;
    },
  };
}
