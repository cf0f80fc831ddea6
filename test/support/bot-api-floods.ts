import { type Reply, refused } from './bot-api-http.ts';

/** So many calls in so many ms are let through. */
export interface FloodLimit {
  readonly calls: number;
  readonly ms: number;
}

/** Telegram's limits; what is absent is not limited. Messages, pictures and edits count. */
export interface FloodLimits {
  readonly person?: FloodLimit;
  readonly group?: FloodLimit;
  readonly all?: FloodLimit;
  /** How long it wants to be left alone; every call in that time is refused. Absent: 3. */
  readonly retryAfterS?: number;
}

const COUNTED: readonly string[] = ['sendMessage', 'sendPhoto', 'editMessageText'];

/** Counts calls by chat, in the time of this machine. */
export class Floods {
  readonly #limits: FloodLimits;
  readonly #calls = new Map<number, number[]>();
  readonly #refusedUntil = new Map<number, number>();

  constructor(limits: FloodLimits) {
    this.#limits = limits;
  }

  /** A refusal where it is too much. */
  take(method: string, chat: number | undefined): Reply | undefined {
    if (chat === undefined || !COUNTED.includes(method)) return undefined;
    const now = performance.now();
    const { retryAfterS = 3, person, group, all } = this.#limits;
    const leftMs = (this.#refusedUntil.get(chat) ?? 0) - now;
    if (leftMs > 0) return tooMany(Math.ceil(leftMs / 1_000));
    const isOver = [this.#isOver(chat, chat < 0 ? group : person, now), this.#isOver(0, all, now)].includes(true);
    if (!isOver) return undefined;
    this.#refusedUntil.set(chat, now + retryAfterS * 1_000);
    return tooMany(retryAfterS);
  }

  #isOver(key: number, limit: FloodLimit | undefined, now: number): boolean {
    if (limit === undefined) return false;
    const recent = (this.#calls.get(key) ?? []).filter((at) => at > now - limit.ms);
    recent.push(now);
    this.#calls.set(key, recent);
    return recent.length > limit.calls;
  }
}

const tooMany = (retryAfterS: number): Reply =>
  refused(429, `Too Many Requests: retry after ${retryAfterS}`, { retry_after: retryAfterS });
