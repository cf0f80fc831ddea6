import { CONFLICT } from './bot-api-faults.ts';
import { isJson, type Json, nested, numberOf, type Reply, told } from './bot-api-http.ts';

/** An update that is to be given once more. */
interface Again {
  readonly update: Json;
  isGiven: boolean;
}

interface Poll {
  readonly limit: number;
  end(reply: Reply): void;
}

const NOT_BY_DEFAULT = ['chat_member', 'message_reaction', 'message_reaction_count'];

/**
 * What waits for the bot: each update is given until a higher `offset` confirms it. Of two that poll the earlier one is
 * ended with 409, as Telegram does.
 */
export class Updates {
  readonly #changed: () => void;
  /** Everything that was ever put there, to give it once more. */
  readonly #known = new Map<number, Json>();
  #waiting: Json[] = [];
  #again: Again[] = [];
  #next: number;
  #poll: Poll | undefined;
  #allowed: readonly string[] | undefined;

  constructor(first: number, changed: () => void) {
    this.#next = first;
    this.#changed = changed;
  }

  /** Numbers of updates that were not confirmed yet. */
  get waiting(): readonly number[] {
    return [...this.#again.map(({ update }) => update), ...this.#waiting].map(idOf);
  }

  /** Somebody polls, and waits. */
  get isPolled(): boolean {
    return this.#poll !== undefined;
  }

  /**
   * Puts an update there; its number. One of a kind that the bot did not ask for is dropped, unless it is `forced`: what was
   * made before Telegram knew of that comes all the same.
   */
  put(update: Json, isForced = false): number {
    const id = this.#next;
    this.#next += 1;
    const kind = Object.keys(update)[0] ?? '';
    if (!isForced && !this.#isAsked(kind)) return id;
    const numbered = { update_id: id, ...update };
    this.#known.set(id, numbered);
    this.#waiting.push(numbered);
    this.#wake();
    return id;
  }

  /**
   * Gives an update once more, confirmed or not, until an `offset` confirms it after that. A client that was killed a moment
   * ago still counts as one that polls: wait until `isPolled` is false.
   */
  again(id: number): void {
    const update = this.#known.get(id);
    if (update === undefined) throw new Error(`expected the number of an update that was there, found ${id}`);
    if (this.#waiting.includes(update)) return;
    this.#again.push({ update, isGiven: false });
    this.#wake();
  }

  /** `gone` aborts when the client is not there any more. */
  take(params: Json, gone: AbortSignal): Promise<Reply> {
    this.#poll?.end(CONFLICT);
    this.#confirm(numberOf(params.offset) ?? 0);
    const asked = nested(params.allowed_updates);
    if (Array.isArray(asked)) this.#allowed = asked.map(String);
    const limit = Math.min(Math.max(numberOf(params.limit) ?? 100, 1), 100);
    const ms = Math.min(Math.max(numberOf(params.timeout) ?? 0, 0), 50) * 1_000;
    return new Promise((resolve) => {
      const poll: Poll = {
        limit,
        end: (reply) => {
          clearTimeout(timer);
          if (this.#poll === poll) this.#poll = undefined;
          resolve(reply);
        },
      };
      const timer = setTimeout(() => poll.end(told([])), ms);
      gone.addEventListener('abort', () => poll.end(told([])), { once: true });
      this.#poll = poll;
      // A client may be killed before its request was read to the end.
      if (gone.aborted) poll.end(told([]));
      else if (ms === 0) poll.end(this.#page(limit));
      else this.#wake();
      this.#changed();
    });
  }

  #wake(): void {
    const poll = this.#poll;
    if (poll !== undefined && this.#waiting.length + this.#again.length > 0) poll.end(this.#page(poll.limit));
    this.#changed();
  }

  #page(limit: number): Reply {
    const again = this.#again.slice(0, limit);
    for (const each of again) each.isGiven = true;
    const repeats = again.map(({ update }) => update);
    return told([...repeats, ...this.#waiting.slice(0, limit - repeats.length)]);
  }

  /** A negative offset keeps that many of the last ones. */
  #confirm(offset: number): void {
    const first = offset < 0 ? idOf(this.#waiting.at(offset) ?? this.#waiting[0]) : offset;
    this.#waiting = this.#waiting.filter((update) => idOf(update) >= first);
    this.#again = this.#again.filter(({ update, isGiven }) => !isGiven || idOf(update) >= first);
  }

  #isAsked(kind: string): boolean {
    const allowed = this.#allowed ?? [];
    return allowed.length === 0 ? !NOT_BY_DEFAULT.includes(kind) : allowed.includes(kind);
  }
}

const idOf = (update: unknown): number => (isJson(update) ? (numberOf(update.update_id) ?? 0) : 0);
