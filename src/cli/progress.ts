import type { Terminal } from './terminal.ts';

const PACE_MS = 80;
const CLEAR = '\r\u001b[2K';

/** A bar on stderr, on a terminal only. Other output clears it first. */
export interface ProgressBar {
  report(label: string): (done: number, all: number) => void;
  clear(): void;
}

type LineOf = (label: string, done: number, all: number, columns: number) => string;

/** `lineOf` draws the bar; it is asked twelve times a second at most. */
export function createProgressBar({ err, now }: Terminal, lineOf: LineOf): ProgressBar {
  let shownAt = Number.NEGATIVE_INFINITY;
  let isShown = false;
  return {
    report: (label) => (done, all) => {
      if (!err.isTerminal || now() - shownAt < PACE_MS) return;
      shownAt = now();
      isShown = true;
      void err.write(CLEAR + lineOf(label, done, all, err.columns ?? 80));
    },
    clear() {
      if (isShown) void err.write(CLEAR);
      isShown = false;
    },
  };
}
