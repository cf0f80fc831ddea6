import { setImmediate as turn } from 'node:timers/promises';
import type { Timers } from '../../src/core/venue/exchange.ts';

/** Time that a test moves. What falls due runs at its own instant, in order. */
export interface HandTimers extends Timers {
  pass(ms: number): void;
  /** The same with turns of the loop in between: what is awaited comes. */
  move(ms: number): Promise<void>;
  /** The process sleeps: what fell due meanwhile runs late, all of it now. */
  sleep(ms: number): void;
  /** Clocks go on, or are set, and nothing runs yet. */
  jump(ms: { readonly wall: number; readonly mono: number }): void;
  /** Timers that wait. */
  readonly waiting: number;
}

export function handTimers(wallAt = Date.UTC(2026, 0, 5)): HandTimers {
  let wall = wallAt;
  let mono = 1_000;
  const waits = new Set<{ readonly at: number; readonly run: () => void }>();
  const goTo = (at: number): void => {
    wall += Math.max(0, at - mono);
    mono = Math.max(mono, at);
  };
  /** Runs the first one that is due by then; false for none. */
  const runNext = (until: number): boolean => {
    const [first] = [...waits].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
    if (first === undefined) return false;
    waits.delete(first);
    goTo(first.at);
    first.run();
    return true;
  };
  return {
    wall: () => wall,
    mono: () => mono,
    after(ms, run) {
      const wait = { at: mono + ms, run };
      waits.add(wait);
      return () => waits.delete(wait);
    },
    pass(ms) {
      const until = mono + ms;
      while (runNext(until));
      goTo(until);
    },
    async move(ms) {
      const until = mono + ms;
      do await turn();
      while (runNext(until));
      goTo(until);
      await turn();
    },
    sleep(ms) {
      goTo(mono + ms);
      const due = [...waits].filter(({ at }) => at <= mono).sort((a, b) => a.at - b.at);
      for (const wait of due) if (waits.delete(wait)) wait.run();
    },
    jump(by) {
      wall += by.wall;
      mono += by.mono;
    },
    get waiting() {
      return waits.size;
    },
  };
}
