import type { BridgeLog, BridgeStore, OpenAlert, SendingAlert } from '../core.ts';

/** Name of an alert as often as it was told: `12.1`. */
export const idOf = ({ alert, nth }: Pick<OpenAlert, 'alert' | 'nth'>): string => `${alert}.${nth}`;

/**
 * What is about to leave to a chat, or has left and is not journaled yet: durable before it leaves. What a process finds
 * there when it begins may have arrived.
 */
export class Sending {
  readonly #store: Pick<BridgeStore, 'memory' | 'change'>;
  readonly #chat: number;
  readonly #log: BridgeLog;

  constructor(store: Pick<BridgeStore, 'memory' | 'change'>, chat: number, log: BridgeLog) {
    this.#store = store;
    this.#chat = chat;
    this.#log = log;
  }

  ids(): readonly string[] {
    return this.#own().map(idOf);
  }

  /** Resolves when it is on disk; where that fails the alert leaves all the same: silence would be worse than a repeat. */
  async begin(alerts: readonly OpenAlert[]): Promise<void> {
    const known = new Set(this.ids());
    const fresh = alerts.filter((each) => !known.has(idOf(each)));
    if (fresh.length === 0) return;
    const own = fresh.map(({ alert, nth }): SendingAlert => ({ alert, nth, chat: this.#chat }));
    await this.#change((sending) => [...sending, ...own]);
  }

  end(ids: ReadonlySet<string>): void {
    if (!this.#own().some((each) => ids.has(idOf(each)))) return;
    void this.#change((sending) => sending.filter((each) => each.chat !== this.#chat || !ids.has(idOf(each))));
  }

  #own(): readonly SendingAlert[] {
    return this.#store.memory.sending.filter(({ chat }) => chat === this.#chat);
  }

  async #change(change: (sending: readonly SendingAlert[]) => readonly SendingAlert[]): Promise<void> {
    try {
      await this.#store.change((memory) => ({ ...memory, sending: change(memory.sending) }));
    } catch (problem) {
      const why = problem instanceof Error ? problem.message : 'unknown';
      this.#log.error('the memory of the bridge cannot be written', { chat: this.#chat, why });
    }
  }
}
