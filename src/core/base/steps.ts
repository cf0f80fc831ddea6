/**
 * Long work in pieces: it stands still after each, so that whoever drives it may do something else meanwhile, or end it
 * there (`return`). What it answers does not depend on who drives it.
 */
export type Steps<T> = Generator<undefined, T>;

/** Drives the work to its end at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
