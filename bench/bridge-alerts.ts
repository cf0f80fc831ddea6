import type { AlertBody, AlertDelivery } from '../src/core/domain/alert.ts';
import type { AnyEntry } from '../src/core/domain/entry.ts';
import type { BotApiStandIn, Call } from '../test/support/bot-api.ts';
import type { BridgeHome } from './bridge-home.ts';

/** An alert as a client of the engine sees it; `at` is when it saw it, as `wallNow` tells. */
export interface Raised extends Pick<AlertBody, 'alert' | 'rule' | 'priority' | 'isHeld' | 'facts'> {
  readonly at: number;
}

/** An alert that a chat took, and the call that brought it there. */
export interface Taken {
  readonly raised: Raised;
  readonly call: Call;
}

/** The clock of the stand-in's calls, ms with fractions. */
export const wallNow = (): number => performance.timeOrigin + performance.now();

/** What the engine raised, and what left for a chat: matched by the number of the message in `alert_delivered`. */
export class AlertLog {
  readonly raised = new Map<number, Raised>();
  readonly taken: Taken[] = [];
  readonly close: () => void;
  readonly #api: BotApiStandIn;
  readonly #sink: string;
  readonly #looks = new Set<() => void>();

  constructor({ client, api }: BridgeHome, chat: number) {
    this.#api = api;
    this.#sink = `telegram:${chat}`;
    this.close = client.subscribe(({ entries }) => {
      const at = wallNow();
      for (const entry of entries) this.#hear(entry, at);
      for (const look of this.#looks) look();
    });
  }

  /** Resolves once it holds, looked at after all entries. */
  until(what: string, holds: () => boolean, withinMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.#looks.delete(look);
        reject(new Error(`expected ${what} within ${withinMs} ms, found ${this.taken.length} alerts in the chat`));
      }, withinMs);
      const look = (): void => {
        if (!holds()) return;
        this.#looks.delete(look);
        clearTimeout(late);
        resolve();
      };
      this.#looks.add(look);
      look();
    });
  }

  #hear({ kind, body }: AnyEntry, at: number): void {
    if (kind === 'alert_raised') this.raised.set(body.alert, { ...body, at });
    if (kind === 'alert_delivered' && body.sink === this.#sink) this.#take(body);
  }

  #take({ alert, ref }: AlertDelivery): void {
    const raised = this.raised.get(alert);
    const call = this.#api.calls.findLast(({ method, reply }) => method === 'sendMessage' && refOf(reply) === ref);
    if (raised !== undefined && call !== undefined) this.taken.push({ raised, call });
  }
}

function refOf(reply: Call['reply']): string | undefined {
  if (reply?.ok !== true) return undefined;
  return String((reply.result as { readonly message_id: number }).message_id);
}
