import type { Ends, Plug } from './channel.ts';
import { ControlError, lostBefore } from './control-error.ts';
import { type RequestError, readMessage, requestText } from './protocol.ts';

/** A request whose answer has not come. */
interface Waiting {
  readonly method: string;
  readonly resolve: (result: unknown) => void;
  readonly reject: (problem: Error) => void;
  readonly endTimeout: () => void;
}

/** Calls back after a time; returns how to end it. */
export type After = (ms: number, run: () => void) => () => void;

/** Who hears what nobody asked for, and that the link is gone. */
interface Listener {
  notice(method: string, params: unknown): void;
  lost(reason: string): void;
}

/** One connection, seen from a client: each request is answered, or rejects where the answer can no longer come. */
export class Link implements Ends {
  readonly #plug: Plug;
  readonly #listener: Listener;
  readonly #after: After;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  #isOpen = true;

  constructor(plug: Plug, listener: Listener, after: After) {
    this.#plug = plug;
    this.#listener = listener;
    this.#after = after;
    plug.listen(this);
  }

  /**
   * @throws {ControlError} `OUTCOME_UNKNOWN` where an ask broke off, `LINK_LOST`, `TIMED_OUT`, `ENGINE_ERROR`,
   * `JOURNAL_DAMAGED`, `DISK_FULL`.
   */
  request(method: string, params: unknown, timeoutMs: number): Promise<unknown> {
    if (!this.#isOpen) return Promise.reject(notSent());
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      const endTimeout = this.#after(timeoutMs, () => {
        this.#waiting.delete(id);
        reject(method === 'ask' ? lostBefore(method) : timedOut(timeoutMs));
      });
      this.#waiting.set(id, { method, resolve, reject, endTimeout });
      this.#plug.channel.send(requestText(id, method, params));
    });
  }

  /** Says something that nobody answers. */
  tell(method: string, params: unknown): void {
    if (this.#isOpen) this.#plug.channel.send(JSON.stringify({ jsonrpc: '2.0', method, params }));
  }

  receive(text: string): void {
    const message = readMessage(text);
    if (message === undefined) return;
    const { id, method, params, result, error } = message;
    if (method !== undefined) {
      this.#listener.notice(method, params);
      return;
    }
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (id === undefined || waiting === undefined) return;
    this.#waiting.delete(id);
    waiting.endTimeout();
    if (error === undefined) waiting.resolve(result);
    else waiting.reject(engineError(error));
  }

  closed(_code: number, reason: string): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#listener.lost(reason);
    for (const { method, reject, endTimeout } of this.#waiting.values()) {
      endTimeout();
      reject(lostBefore(method));
    }
    this.#waiting.clear();
  }

  /** Ends it at once; what waits for an answer is told now. */
  cut(): void {
    this.#plug.channel.cut();
    this.closed(0, 'cut');
  }
}

/** Nothing went out: it may be asked again without a second thought. */
function notSent(): ControlError {
  const fix = 'Wait until the link is back, or dzentra engine status.';
  return new ControlError('LINK_LOST', {
    expected: 'a link to the engine',
    found: 'none: nothing was sent',
    fix,
  });
}

const timedOut = (ms: number): ControlError =>
  new ControlError('TIMED_OUT', { expected: `an answer within ${ms} ms`, found: 'none', fix: 'dzentra engine status' });

/** What is wrong with the journal or its disk is told as whoever reads or writes its files tells it. */
const engineError = ({ message, data }: RequestError): ControlError =>
  data?.code === 'JOURNAL_DAMAGED' || data?.code === 'DISK_FULL'
    ? new ControlError(data.code, data)
    : new ControlError('ENGINE_ERROR', { expected: 'a result', found: message, fix: 'dzentra engine logs' });
