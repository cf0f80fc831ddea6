import type { ChannelState } from '../../venue/exchange.ts';

/** The stream of a symbol that gives nothing for so long is stood in for. */
const POLL_AFTER_MS = 3_000;
const STALE_AFTER_MS = 5_000;
/** A stream that gave for so long is trusted again. A longer pause begins anew. */
const BACK_AFTER_MS = 2_000;

export type SourceState = 'connected' | 'lost' | 'stale' | 'switched';

/**
 * Where the quotes of one symbol come from: the stream first, REST while that gives nothing. Each turn is told once.
 * Instants are monotonic ms.
 */
export class Source {
  readonly #hasStream: boolean;
  readonly #tell: (state: SourceState, why: string) => void;
  #current: 'stream' | 'rest';
  #channel: ChannelState = 'opening';
  #isConnected = false;
  #isLost = false;
  #isStale = false;
  /** Since when the stream can be missed: it was opened, lost, or gave last. */
  #anchorAt: number;
  #streamAt = Number.NEGATIVE_INFINITY;
  #steadyAt = Number.POSITIVE_INFINITY;
  #givenAt: number;

  constructor(hasStream: boolean, openedAt: number, tell: (state: SourceState, why: string) => void) {
    this.#hasStream = hasStream;
    this.#tell = tell;
    this.#current = hasStream ? 'stream' : 'rest';
    this.#anchorAt = openedAt;
    this.#givenAt = openedAt;
  }

  get current(): 'stream' | 'rest' {
    return this.#current;
  }

  get isStale(): boolean {
    return this.#isStale;
  }

  /** A fresh quote of the stream came. Returns whether it is the one to pass on. */
  streamGave(at: number): boolean {
    if (at - this.#streamAt > BACK_AFTER_MS) this.#steadyAt = at;
    this.#streamAt = at;
    this.#anchorAt = at;
    this.#isLost = false;
    const isNew = !this.#isConnected;
    this.#isConnected = true;
    if (isNew) this.#tell('connected', 'the stream gives');
    if (this.#current === 'rest') {
      if (at - this.#steadyAt < BACK_AFTER_MS) return false;
      this.#switch('stream', 'the stream gives again');
    }
    this.#gave(at, isNew);
    return true;
  }

  /** A fresh quote of REST came. Returns whether it is the one to pass on. */
  restGave(at: number): boolean {
    if (this.#current !== 'rest') return false;
    const isNew = !this.#hasStream && !this.#isConnected;
    if (isNew) {
      this.#isConnected = true;
      this.#tell('connected', 'the exchange answers');
    }
    this.#gave(at, isNew);
    return true;
  }

  /** The stream's own word on the quote channel. */
  changed(state: ChannelState, why: string, at: number): void {
    this.#channel = state;
    if (state !== 'lost' || this.#isLost) return;
    this.#isLost = true;
    this.#isConnected = false;
    this.#anchorAt = at;
    this.#streamAt = Number.NEGATIVE_INFINITY;
    this.#tell('lost', why);
  }

  /** Looks at what time did: called every second. */
  watch(at: number): void {
    if (this.#current === 'stream' && this.#channel === 'quiet' && !this.#isStale) {
      // Nothing to say is no failure as long as pings are answered: the last quote holds.
      this.#givenAt = at;
      return;
    }
    if (this.#current === 'stream' && at - this.#anchorAt >= POLL_AFTER_MS) {
      const why = this.#isLost ? 'the stream is lost' : `the stream gave no quote for ${POLL_AFTER_MS / 1000} s`;
      this.#switch('rest', why);
    }
    if (!this.#isStale && at - this.#givenAt >= STALE_AFTER_MS) {
      this.#becomeStale(`no quote for ${STALE_AFTER_MS / 1000} s`);
    }
  }

  /** After a suspend nothing is fresh, and the stream has to prove itself. */
  wake(at: number): void {
    this.#anchorAt = at;
    this.#streamAt = Number.NEGATIVE_INFINITY;
    if (!this.#isStale) this.#becomeStale('this machine slept');
  }

  #gave(at: number, isTold: boolean): void {
    this.#givenAt = at;
    if (!this.#isStale) return;
    this.#isStale = false;
    if (!isTold) this.#tell('connected', 'quotes are fresh again');
  }

  #becomeStale(why: string): void {
    this.#isStale = true;
    this.#tell('stale', why);
  }

  #switch(to: 'stream' | 'rest', why: string): void {
    this.#current = to;
    this.#tell('switched', why);
  }
}
