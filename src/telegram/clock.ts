/** Time, and calls that come once; `after` answers how to take one back. */
export interface Clock {
  /** Wall clock, ms. */
  now(): number;
  after(ms: number, call: () => void): () => void;
}

/** The clock of this machine. */
export const machineClock: Clock = {
  now: Date.now,
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};
