import type { StopSignal } from '../core/index.ts';

/** Who may end a command: the signals of the process and a reader that left. */
export interface Stops {
  readonly signal: AbortSignal;
  /** The first signal that came. */
  readonly by: StopSignal | undefined;
  stop(signal: StopSignal): void;
  /**
   * From now on a signal ends the process without being asked: for work that never comes back to look at one. It throws
   * where one came before.
   */
  letGo?(): Promise<void>;
}

/** Signals so near each other are one wish: `timeout` and service managers tell a process, and its group as well. */
const ONE_WISH_MS = 100;

/**
 * The first signal asks the command to end and to say what was saved; a second one ends the process at once, without
 * clean-up: what is durable stays so.
 */
export function createStops(
  onFirst: (signal: StopSignal) => void,
  exitNow: (code: number) => void,
  clock: () => number = () => performance.now(),
): Stops {
  const controller = new AbortController();
  let by: StopSignal | undefined;
  let firstAt = 0;
  return {
    signal: controller.signal,
    get by() {
      return by;
    },
    stop(signal) {
      if (by !== undefined) {
        if (clock() - firstAt < ONE_WISH_MS) return;
        exitNow(signal === 'SIGINT' ? 130 : 143);
        return;
      }
      by = signal;
      firstAt = clock();
      onFirst(signal);
      controller.abort(signal);
    },
  };
}
