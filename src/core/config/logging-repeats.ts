/** A message that came more than once: how often since its last line, and when. Instants are ms. */
export interface Repeated<T> {
  readonly about: T;
  readonly times: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

interface Watch<T> {
  readonly about: T;
  /** The window of this message's last line. */
  endAt: number;
  times: number;
  firstAt: number;
  lastAt: number;
}

const KEYS_MAX = 1_000;

/**
 * Folds an error storm: within a window the first of equal messages is a line, the others a count, and a storm that goes on
 * is one line a window. Reads no clock: instants come in, never going back.
 */
export class Repeats<T> {
  readonly #windowMs: number;
  readonly #watched = new Map<string, Watch<T>>();

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** Whether a message is a line of its own; otherwise it was counted. Call `ended(at)` first. */
  admit(key: string, at: number, about: T): boolean {
    const watch = this.#watched.get(key);
    if (watch === undefined) {
      this.#watched.set(key, { about, endAt: at + this.#windowMs, times: 0, firstAt: at, lastAt: at });
      return true;
    }
    if (watch.times === 0) watch.firstAt = at;
    watch.times++;
    watch.lastAt = at;
    return false;
  }

  /** Counts of the windows that are over at `at`, and of the oldest where too many messages are watched. */
  ended(at: number): Repeated<T>[] {
    const result: Repeated<T>[] = [];
    for (const [key, watch] of this.#watched) {
      const isOver = at >= watch.endAt;
      if (!isOver && this.#watched.size < KEYS_MAX) continue;
      if (watch.times > 0) result.push({ ...watch });
      if (isOver && watch.times > 0) Object.assign(watch, { times: 0, endAt: at + this.#windowMs });
      else this.#watched.delete(key);
    }
    return result;
  }

  /** All counts so far, whatever their window: for the end of the process. */
  drain(): Repeated<T>[] {
    const counted = [...this.#watched.values()].filter(({ times }) => times > 0);
    this.#watched.clear();
    return counted;
  }

  /** When the next count is due; undefined while nothing is counted. */
  dueAt(): number | undefined {
    let due: number | undefined;
    for (const { times, endAt } of this.#watched.values())
      if (times > 0 && (due === undefined || endAt < due)) due = endAt;
    return due;
  }
}
