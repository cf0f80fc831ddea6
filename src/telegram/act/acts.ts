import type { BridgePerson, Line } from '../core.ts';

/** What is to be done: words of the command line, and what they are called. */
export interface Order {
  readonly label: string;
  readonly words: readonly string[];
  readonly stakes: 'none' | 'lowers' | 'raises';
}

/** Lines of an answer; the first says it in short. */
export interface Told {
  readonly is: 'told';
  readonly isOk: boolean;
  readonly summary: string;
  readonly lines: readonly Line[];
}

/** A question that waits for a press: side, size, price and PnL as they are now, and its choices. */
export interface Question {
  readonly is: 'question';
  readonly nonce: string;
  readonly lines: readonly Line[];
  readonly choices: readonly string[];
  /** ms of the clock: afterwards nothing is done. */
  readonly until: number;
}

/** Where something was asked for: a question is bound to all of it. */
export interface Asked {
  readonly person: BridgePerson;
  readonly message: number;
  /** Number of the update: what an engine is asked carries it, so that it happens once. */
  readonly update: number;
}

/**
 * What a person may have done from a phone. Looking is for everybody; what changes something is for operators; what lowers
 * risk is asked once more; what raises it is off unless the configuration turns it on, and then asked once more, too.
 */
export interface Acts {
  /** Never rejects: a bug is told, too. */
  order(order: Order, asked: Asked): Promise<Told | Question>;
  /** The answer to a question: one use, 30 s, by the same person in the same message, while what it restated still holds. */
  confirm(nonce: string, choice: number, asked: Asked): Promise<Told | Question>;
  cancel(nonce: string, asked: Asked): void;
  /** `/status`, `/journal list`, ...: a line that was typed; a screen's name leads there. */
  typed(text: string, asked: Asked): Promise<Told | Question | { readonly is: 'screen'; readonly screen: string }>;
}
