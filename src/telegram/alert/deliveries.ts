import { alerts, type BridgeLog, type EngineClient, type OpenAlert } from '../core.ts';
import { idOf } from './sending.ts';

/** An alert that a chat took: `ref` is the number of its message. */
export interface Taken extends Pick<OpenAlert, 'alert' | 'nth'> {
  readonly ref: string;
  readonly isRepeat: boolean;
}

/** What the engine is told with. */
export interface DeliveriesOptions {
  /** `telegram:<chat>`. */
  readonly sink: string;
  readonly client: EngineClient;
  readonly log: BridgeLog;
  /** A call that comes once, unless all of it ends before. */
  later(ms: number, call: () => void): void;
  /** The engine answered. */
  onAnswers(): void;
}

/** Requests under way at a time: an engine takes 200 of a face, and screens have theirs. */
const AT_ONCE_MAX = 16;
const REST_MS = 1_000;

/** What left, until the engine's own picture says so: asked as `alert_delivered` until that is durable. */
export class Deliveries {
  readonly #of: DeliveriesOptions;
  readonly #taken = new Map<string, Taken>();
  /** The engine has answered; its picture may not show it yet. */
  readonly #answered = new Set<string>();
  #work: Promise<void> = Promise.resolve();
  #isBusy = false;
  #isResting = false;

  constructor(options: DeliveriesOptions) {
    this.#of = options;
  }

  has(id: string): boolean {
    return this.#taken.has(id);
  }

  ids(): Iterable<string> {
    return this.#taken.keys();
  }

  add(taken: readonly Taken[]): void {
    for (const each of taken) this.#taken.set(idOf(each), each);
    this.go();
  }

  /** Tells what has not been answered; without a link that waits. */
  go(): void {
    if (this.#isBusy || this.#isResting) return;
    this.#isBusy = true;
    this.#work = this.#run();
  }

  /** The engine's picture does not want it any more: true where nothing is left to be told of it. */
  forget(id: string): boolean {
    if (this.#taken.has(id) && !this.#answered.has(id)) return false;
    this.#taken.delete(id);
    this.#answered.delete(id);
    return true;
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await this.#work;
  }

  async #run(): Promise<void> {
    for (let batch = this.#due(); batch.length > 0; batch = this.#due()) {
      const isWell = (await Promise.all(batch.map((each) => this.#tell(each)))).every(Boolean);
      this.#of.onAnswers();
      if (isWell) continue;
      this.#isResting = true;
      this.#of.later(REST_MS, () => {
        this.#isResting = false;
        this.go();
      });
      break;
    }
    this.#isBusy = false;
  }

  #due(): readonly Taken[] {
    if (this.#of.client.scene().link !== 'up') return [];
    const open = [...this.#taken].filter(([id]) => !this.#answered.has(id));
    return open.slice(0, AT_ONCE_MAX).map(([, each]) => each);
  }

  /** False where no answer came. One id an alert: asked twice it is journaled once. */
  async #tell({ alert, nth, ref, isRepeat }: Taken): Promise<boolean> {
    const { client, sink, log } = this.#of;
    const id = idOf({ alert, nth });
    try {
      await this.#returnFrom(sink);
      const command = { name: 'deliver_alert', alert, nth, sink, ref, isRepeat } as const;
      const asking = { id: `${sink}:${id}`, who: sink, face: 'telegram' };
      const answer = await client.ask({ do: 'command', command }, asking);
      this.#answered.add(id);
      // Acknowledged, or no news any more: nobody waits for it.
      const isWrong = !answer.ok && answer.refused.code !== 'ALERT_UNKNOWN';
      if (isWrong)
        log.warn('the engine does not take that an alert was delivered', { sink, id, why: answer.refused.code });
      return true;
    } catch {
      return false;
    }
  }

  /** A chat that had been given up and takes alerts again is expected to take more. */
  async #returnFrom(sink: string): Promise<void> {
    const { isExpected, sinkOption } = await alerts();
    const { client } = this.#of;
    if (isExpected(client.scene().state.options, sink)) return;
    const command = { name: 'set_option', option: sinkOption(sink), text: 'on' } as const;
    await client.ask({ do: 'command', command }, { who: sink, face: 'telegram' });
  }
}
