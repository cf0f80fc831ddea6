/** One side of a connection that carries texts, whole and in order. */
export interface Channel {
  send(text: string): void;
  /** Bytes that were sent and that the other side has not taken yet. */
  readonly waiting: number;
  /** Ends it politely, with a code of the WebSocket protocol. */
  close(code: number, reason: string): void;
  /** Ends it at once. */
  cut(): void;
}

/** What happens on a channel. */
export interface Ends {
  receive(text: string): void;
  /** Once, whoever ended it; `reason` is the other side's where it gave one. */
  closed(code: number, reason: string): void;
}

/** A channel and who listens on it: set before the first text can come. */
export interface Plug {
  readonly channel: Channel;
  /** Once; until then nothing is heard. */
  listen(ends: Ends): void;
}

/** Codes with which a connection ends. */
export const CLOSE = {
  goingAway: 1001,
  unsupported: 1003,
  badText: 1007,
  policy: 1008,
  tooBig: 1009,
  tryLater: 1013,
} as const;

/**
 * Two ends of one connection inside a process. Texts are handed over at once until `defer` is called, then one after
 * another in a turn of their own: whoever sends is never called back from within.
 */
export function channelPair(): { readonly near: Plug; readonly far: Plug; defer(): void } {
  const near = new Side();
  const far = new Side();
  near.other = far;
  far.other = near;
  return {
    near,
    far,
    defer() {
      near.isDeferred = true;
      far.isDeferred = true;
    },
  };
}

/** One end of the pair: what is sent on it is received by the other. */
class Side implements Plug, Channel {
  other: Side | undefined;
  isDeferred = false;
  readonly waiting = 0;
  readonly channel: Channel = this;
  #ends: Ends | undefined;
  #isOpen = true;

  listen(ends: Ends): void {
    this.#ends = ends;
  }

  send(text: string): void {
    if (!this.#isOpen) return;
    const { other } = this;
    if (this.isDeferred) queueMicrotask(() => other?.take(text));
    else other?.take(text);
  }

  take(text: string): void {
    if (this.#isOpen) this.#ends?.receive(text);
  }

  close(code: number, reason: string): void {
    const { other } = this;
    if (this.isDeferred) queueMicrotask(() => other?.end(code, reason));
    else other?.end(code, reason);
    this.end(code, reason);
  }

  cut(): void {
    this.close(CLOSE.goingAway, 'cut');
  }

  end(code: number, reason: string): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#ends?.closed(code, reason);
  }
}
