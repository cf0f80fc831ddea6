import { setImmediate as turn } from 'node:timers/promises';

/** An engine may trade on the thread of long work: it waits at most about so long. */
const SLICE_MS = 5;

/** Called after each small piece of long work. */
export type Pace = () => Promise<void>;

/** Gives others their turn whenever a slice of time is used up. It rejects once the signal is aborted. */
export function createPace(signal: AbortSignal | undefined): Pace {
  let since = performance.now();
  return async () => {
    signal?.throwIfAborted();
    if (performance.now() - since < SLICE_MS) return;
    await turn(undefined, { signal });
    since = performance.now();
  };
}
