/** Time, and calls that come once; `schedule` answers how to take one back. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  schedule(delayMs: number, call: () => void): () => void;
}

/** The clock of this machine. */
export const machineClock: Clock = {
  now: Date.now,
  schedule(delayMs, call) {
    const timer = setTimeout(call, delayMs);
    return () => clearTimeout(timer);
  },
};

/** One piece of work that is due at most once at a time: of several instants the earliest counts. */
export class Pace {
  readonly #clock: Clock;
  readonly #work: () => void;
  #due: { readonly at: number; readonly cancel: () => void } | undefined;

  constructor(clock: Clock, work: () => void) {
    this.#clock = clock;
    this.#work = work;
  }

  /** Asks for the work at an instant, ms; a sooner one that was asked for stays. */
  at(at: number): void {
    if (this.#due !== undefined && this.#due.at <= at) return;
    this.#due?.cancel();
    const cancel = this.#clock.schedule(Math.max(0, at - this.#clock.now()), () => {
      this.#due = undefined;
      this.#work();
    });
    this.#due = { at, cancel };
  }

  cancel(): void {
    this.#due?.cancel();
    this.#due = undefined;
  }
}
