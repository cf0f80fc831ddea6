import type { Timers } from '../../venue/exchange.ts';
import type { LiveOptions } from './options.ts';

const AHEAD_MS = 1_000;
const BEHIND_MS = 2_000;
/** While its clock was set back time goes on at this pace, until the clock has come up with it. */
const WAITING_PACE = 0.5;

/** Time as a feed has it: its own clock, the venue's, and waiting that ends with the feed. */
export class Present {
  readonly speed: number;
  /** Whether the feed's clock is the wall clock. */
  readonly isWall: boolean;
  readonly #timers: Timers;
  readonly #clock: () => number;
  readonly #waits = new Map<() => void, (() => void) | undefined>();
  #at = Number.NEGATIVE_INFINITY;
  #mono: number;
  #offsetMs: number | undefined;
  #isEnded = false;
  /** Something of the venue came from the future, or from long ago: one of the clocks may be off. */
  isDoubtful = false;

  constructor({ timers, clock, speed }: Pick<LiveOptions, 'timers' | 'clock' | 'speed'>) {
    this.#timers = timers;
    this.#clock = clock ?? (() => timers.wall());
    this.isWall = clock === undefined;
    this.speed = speed ?? 1;
    this.#mono = timers.mono();
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Whether the venue's clock was measured. */
  get isSure(): boolean {
    return this.#offsetMs !== undefined;
  }

  /** The venue's clock minus the one that it goes by, in ms of the timers; undefined before it is known. */
  get offsetMs(): number | undefined {
    return this.#offsetMs;
  }

  set offsetMs(ms: number | undefined) {
    this.#offsetMs = ms;
  }

  /**
   * Never goes back, nor behind `since`, and never stands: what is due (a report, an exit, a time limit) happens also after
   * the clock was set back.
   */
  now(since = Number.NEGATIVE_INFINITY): number {
    const mono = this.#timers.mono();
    this.#at = Math.max(since, this.#clock(), this.#at + (mono - this.#mono) * this.speed * WAITING_PACE);
    this.#mono = mono;
    return Math.floor(this.#at);
  }

  /** The clock that it goes by; it is ahead of it where that was set back. */
  clock(): number {
    return this.#clock();
  }

  /** The present as the venue's clock tells it. */
  venueNow(): number {
    return this.#clock() + (this.#offsetMs ?? 0) * this.speed;
  }

  wall(): number {
    return this.#timers.wall();
  }

  mono(): number {
    return this.#timers.mono();
  }

  /** How old something of the venue is, ms, never below 0; undefined where the venue did not say when it was. */
  lagMs(venueAt: number): number | undefined {
    if (!(venueAt > 0 && venueAt < Infinity)) return undefined;
    const lagMs = this.venueNow() - venueAt;
    if (lagMs < -AHEAD_MS * this.speed || lagMs > BEHIND_MS * this.speed) this.isDoubtful = true;
    return Math.max(0, lagMs);
  }

  /** Runs once after so many ms, unless it is given up or the feed ends before. */
  after(ms: number, run: () => void): () => void {
    return this.#wait(ms, run, undefined);
  }

  /** Resolves after so many ms, or when the feed ends. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#wait(ms, resolve, resolve);
    });
  }

  /** No timer is left; whoever pauses goes on at once and finds the feed ended. */
  end(): void {
    this.#isEnded = true;
    for (const [giveUp, atEnd] of this.#waits) {
      giveUp();
      atEnd?.();
    }
    this.#waits.clear();
  }

  #wait(ms: number, run: () => void, atEnd: (() => void) | undefined): () => void {
    if (this.#isEnded) {
      atEnd?.();
      return () => {};
    }
    const giveUp = this.#timers.after(Math.max(0, ms), () => {
      this.#waits.delete(giveUp);
      run();
    });
    this.#waits.set(giveUp, atEnd);
    return () => {
      this.#waits.delete(giveUp);
      giveUp();
    };
  }
}
