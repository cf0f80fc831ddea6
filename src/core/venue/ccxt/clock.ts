import type { Timers } from '../exchange.ts';
import type { Trip } from './wire.ts';

const ASKED = 5;
/** A reading holds so long, and while the wall clock goes with the one that never goes back. */
const HOLDS_MS = 600_000;
const STEP_MS = 250;
/** A clock that nobody measured is trusted this far. */
const UNMEASURED_MS = 2_000;

/** The venue's clock minus ours, and how much that may be off, in ms. */
export interface ClockReading {
  readonly offsetMs: number;
  readonly errorMs: number;
}

/** The venue's time, and the trip that brought it. */
export type TimeAnswer = Trip & { readonly answer: number };

/**
 * Asks a venue for its time five times. Each answer is taken to hold for the middle of its round trip (Cristian,
 * "Probabilistic clock synchronization", 1989); the offset is the median of them, its error half of the shortest trip.
 */
export async function readClock(time: () => Promise<TimeAnswer>): Promise<ClockReading> {
  const offsets: number[] = [];
  let shortest = Number.POSITIVE_INFINITY;
  for (let asked = 0; asked < ASKED; asked++) {
    const { answer, sentAt, tookMs } = await time();
    shortest = Math.min(shortest, tookMs);
    offsets.push(answer - (sentAt + tookMs / 2));
  }
  offsets.sort((a, b) => a - b);
  // Not -0.
  return { offsetMs: Math.round(offsets[ASKED >> 1] ?? 0) || 0, errorMs: Math.ceil(shortest / 2) };
}

/** The venue's clock as far as it is known. */
export class VenueClock {
  readonly #timers: Timers;
  #reading: (ClockReading & { readonly at: number; readonly leadMs: number }) | undefined;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  get reading(): ClockReading | undefined {
    return this.#reading;
  }

  async measure(time: () => Promise<TimeAnswer>): Promise<ClockReading> {
    const reading = await readClock(time);
    this.#reading = { ...reading, at: this.#timers.mono(), leadMs: this.#leadMs() };
    return reading;
  }

  /** Whether the reading still holds: it is young, and the wall clock was not set, nor did the machine sleep. */
  get isGood(): boolean {
    if (this.#reading === undefined) return false;
    const { at, leadMs } = this.#reading;
    return this.#timers.mono() - at < HOLDS_MS && Math.abs(this.#leadMs() - leadMs) < STEP_MS;
  }

  /** The venue's time now, on the early side: what has ended by it has surely ended. */
  get earliest(): number {
    const { offsetMs, errorMs } = this.#reading ?? { offsetMs: 0, errorMs: UNMEASURED_MS };
    return this.#timers.wall() + offsetMs - errorMs;
  }

  #leadMs(): number {
    return this.#timers.wall() - this.#timers.mono();
  }
}
