import type { Clock } from '../clock.ts';
import type { BotApi, Failure, Update } from './api.ts';

/** `polling`: Telegram answers, for the first time or again; `lost`: it does not, said once until it does. */
export type PollState = { readonly is: 'polling' } | { readonly is: 'lost'; readonly text: string };

export interface PollingOptions {
  readonly api: Pick<BotApi, 'updates'>;
  readonly clock: Clock;
  /** The first update that was not taken yet; 0: whatever waits. */
  readonly from: number;
  /** Takes one update, durably: the next poll confirms it, and Telegram forgets it. */
  take(update: Update): Promise<void>;
  /** Keeps the first update that was not taken yet, after each; awaited before the next poll confirms it. */
  remember?(next: number): Promise<void>;
  /** An update that `take` refused five times is passed over: it must not block all others for ever. */
  passed?(update: Update, problem: unknown): void;
  /** It polls no more: another bridge does (409), or the token is none (401). */
  stopped(why: 'conflict' | 'unauthorized', text: string): void;
  onState(state: PollState): void;
  /** How long Telegram holds an empty answer back. */
  readonly timeoutS?: number | undefined;
}

export interface Polling {
  /** Ends the poll under way at once; resolves when no update is being taken any more. */
  close(): Promise<void>;
}

const TIMEOUT_S = 25;
const BACK_OFF_MS = { first: 1_000, max: 30_000 };
/** A server that does not hold empty answers back is asked once a second. */
const EMPTY_MS_MIN = 1_000;
/** Who is to wait longer hears nobody meanwhile, which is no pause any more. */
const FLOOD_MS_LONG = 600_000;
const TAKES_MAX = 5;
const TAKEN_KEPT = 256;

/**
 * Polls for updates and hands them on in order, each at least once: the number after an update goes out only when `take`
 * (and `remember`) has resolved, so a kill in between brings it again. Within one process none is handed on twice.
 * A `take` that rejects is tried again, from 1 s to 30 s later.
 */
export function startPolling(options: PollingOptions): Polling {
  const stop = new AbortController();
  const ended = new Loop(options, stop.signal).run();
  return {
    close() {
      stop.abort();
      return ended;
    },
  };
}

class Loop {
  readonly #options: PollingOptions;
  readonly #signal: AbortSignal;
  /** Not compared with the next one: after a quiet week Telegram numbers anew, from anywhere. */
  readonly #taken = new Set<number>();
  #next: number;
  #backOffMs = BACK_OFF_MS.first;
  #state: PollState['is'] | 'new' = 'new';

  constructor(options: PollingOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
    this.#next = options.from;
  }

  async run(): Promise<void> {
    const { api, clock, timeoutS = TIMEOUT_S } = this.#options;
    while (!this.#signal.aborted) {
      const askedAt = clock.now();
      // The first answer is wanted at once: it says whether there is a connection.
      const answered = await api.updates(this.#next, this.#state === 'polling' ? timeoutS : 0, this.#signal);
      if (this.#signal.aborted) return;
      if (!answered.ok) {
        if (!(await this.#failed(answered))) return;
        continue;
      }
      const isFirst = this.#state !== 'polling';
      this.#found();
      const count = await this.#takeAll(answered.value);
      const leftMs = EMPTY_MS_MIN - Math.max(0, clock.now() - askedAt);
      if (count === 0 && !isFirst && leftMs > 0) await this.#wait(leftMs);
    }
  }

  /** Waits as the failure asks for; false: it is over. */
  async #failed(failure: Failure): Promise<boolean> {
    if (failure.is === 'conflict' || failure.is === 'unauthorized') {
      this.#options.stopped(failure.is, failure.text);
      return false;
    }
    const isShort = failure.is === 'flood' && failure.retryAfterMs <= FLOOD_MS_LONG;
    if (this.#state !== 'lost' && !isShort) this.#say({ is: 'lost', text: failure.text });
    await (failure.is === 'flood' ? this.#wait(failure.retryAfterMs) : this.#waitLonger());
    return true;
  }

  #found(): void {
    this.#backOffMs = BACK_OFF_MS.first;
    if (this.#state !== 'polling') this.#say({ is: 'polling' });
  }

  #say(state: PollState): void {
    this.#state = state.is;
    this.#options.onState(state);
  }

  /** How many were new. */
  async #takeAll(updates: readonly Update[]): Promise<number> {
    let count = 0;
    for (const update of updates) {
      if (this.#signal.aborted) return count;
      if (!this.#taken.has(update.update_id)) {
        if (!(await this.#take(update))) return count;
        count += 1;
      }
      this.#next = update.update_id + 1;
    }
    return count;
  }

  /** False: it was closed before the update was taken. */
  async #take(update: Update): Promise<boolean> {
    const next = update.update_id + 1;
    for (let tries = 1; !this.#signal.aborted; tries += 1) {
      try {
        await this.#options.take(update);
        await this.#options.remember?.(next);
        break;
      } catch (problem) {
        if (tries >= TAKES_MAX) {
          this.#options.passed?.(update, problem);
          break;
        }
        await this.#waitLonger();
        if (this.#signal.aborted) return false;
      }
    }
    this.#backOffMs = BACK_OFF_MS.first;
    this.#taken.add(update.update_id);
    for (const old of this.#taken) {
      if (this.#taken.size <= TAKEN_KEPT) break;
      this.#taken.delete(old);
    }
    return true;
  }

  async #waitLonger(): Promise<void> {
    const ms = this.#backOffMs;
    this.#backOffMs = Math.min(ms * 2, BACK_OFF_MS.max);
    await this.#wait(ms);
  }

  /** Ends with the clock, or at once when it is closed. */
  #wait(ms: number): Promise<void> {
    const signal = this.#signal;
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const cancel = this.#options.clock.after(ms, end);
      function end(): void {
        cancel();
        signal.removeEventListener('abort', end);
        resolve();
      }
      signal.addEventListener('abort', end);
    });
  }
}
