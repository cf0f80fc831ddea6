import type { LiveInput } from '../feed.ts';
import type { Present } from './present.ts';

/** One value that is told at most so often. While it waits, newer ones replace it or are gathered into it. */
export class Lane {
  readonly intervalMs: number;
  /** The newest value as an input that is the taker's own; called once for each time it is taken. */
  readonly make: () => LiveInput;
  releasedAt = Number.NEGATIVE_INFINITY;
  giveUp: (() => void) | undefined;

  constructor(intervalMs: number, make: () => LiveInput) {
    this.intervalMs = intervalMs;
    this.make = make;
  }
}

/**
 * What is to be taken, in the order of arrival. A lane is in it once at most, so however slowly it is taken, prices take
 * one place a symbol and kind; only candles and tidings queue.
 */
export class Outbox {
  readonly #present: Present;
  readonly #ready = new Set<Lane | LiveInput>();
  readonly #listeners: (() => void)[] = [];
  #isTelling = false;
  #isNews = false;

  constructor(present: Present) {
    this.#present = present;
  }

  get length(): number {
    return this.#ready.size;
  }

  onInput(listener: () => void): void {
    this.#listeners.push(listener);
    if (this.#ready.size > 0) this.#tell();
  }

  /** A lane has a newer value: it goes at once when it was calm, else when its interval is over. */
  offer(lane: Lane): void {
    if (this.#ready.delete(lane)) {
      // What is newest arrived last, whatever came between.
      this.#ready.add(lane);
      return;
    }
    if (lane.giveUp !== undefined) return;
    const waitMs = lane.releasedAt + lane.intervalMs - this.#present.mono();
    if (waitMs <= 0) this.#release(lane);
    else lane.giveUp = this.#present.after(waitMs, () => this.#release(lane));
  }

  /** Puts an input after all that came before it: lanes of its symbol that wait go first. */
  put(input: LiveInput, lanes: readonly Lane[] = []): void {
    for (const lane of lanes) if (lane.giveUp !== undefined) this.#release(lane);
    this.#ready.add(input);
    this.#tell();
  }

  /** The oldest one. A lane's value is made now, so it is the newest. */
  take(): LiveInput | undefined {
    for (const first of this.#ready) {
      this.#ready.delete(first);
      return first instanceof Lane ? first.make() : first;
    }
    return undefined;
  }

  /** What waits of these is told to nobody. */
  drop(lanes: readonly Lane[]): void {
    for (const lane of lanes) {
      lane.giveUp?.();
      lane.giveUp = undefined;
      this.#ready.delete(lane);
    }
  }

  clear(): void {
    this.#ready.clear();
    this.#listeners.length = 0;
  }

  #release(lane: Lane): void {
    lane.giveUp?.();
    lane.giveUp = undefined;
    lane.releasedAt = this.#present.mono();
    this.#ready.add(lane);
    this.#tell();
  }

  /** Not re-entrant: what is put while somebody takes is told when he is done. */
  #tell(): void {
    this.#isNews = true;
    if (this.#isTelling) return;
    this.#isTelling = true;
    try {
      while (this.#isNews && this.#ready.size > 0) {
        this.#isNews = false;
        for (const listener of this.#listeners) listener();
      }
    } finally {
      this.#isTelling = false;
    }
  }
}
