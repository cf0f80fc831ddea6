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

/**
 * The first signal asks the command to end and to say what was saved; a second one ends the process at once, without
 * clean-up: what is durable stays so.
 */
export function createStops(onFirst: (signal: StopSignal) => void, exitNow: (code: number) => void): Stops {
  const controller = new AbortController();
  let by: StopSignal | undefined;
  return {
    signal: controller.signal,
    get by() {
      return by;
    },
    stop(signal) {
      if (by !== undefined) {
        exitNow(signal === 'SIGINT' ? 130 : 143);
        return;
      }
      by = signal;
      onFirst(signal);
      controller.abort(signal);
    },
  };
}
