import { setImmediate as turn } from 'node:timers/promises';

/** An engine may trade on the thread of long work: it waits at most about so long. */
const SLICE_MS = 5;

/** Called after each small piece of long work. */
export type Pace = () => Promise<void>;

/** Gives others their turn whenever a slice of time is used up. It rejects with the signal's reason once that is aborted. */
export function createPace(signal: AbortSignal | undefined): Pace {
  let since = performance.now();
  return async () => {
    if (performance.now() - since >= SLICE_MS) {
      await turn();
      since = performance.now();
    }
    signal?.throwIfAborted();
  };
}

/** Drives work in steps to its end, at that pace; where the signal aborts it is ended where it stands. */
export async function inTurns<T>(steps: Generator<undefined, T>, signal: AbortSignal | undefined): Promise<T> {
  const pace = createPace(signal);
  try {
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      await pace();
    }
  } finally {
    // Its own `finally` runs: files that it has open are closed.
    steps.return(undefined as T);
  }
}
