import type { VenueProblem, VenueProblemCode } from '../exchange.ts';

/** What an answer, or the lack of one, means; `silentMs` or `silentUntil` (wall clock) is what the venue asks for. */
export interface Verdict {
  readonly code: VenueProblemCode;
  readonly found: string;
  readonly fix?: string | undefined;
  readonly silentMs?: number | undefined;
  /** The venue's clock, ms UTC. */
  readonly silentUntil?: number | undefined;
}

/** Carries a problem through ccxt's calls, which only know `throw`. It never leaves this folder. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly problem: VenueProblem;
  constructor(problem: VenueProblem) {
    super(`${problem.problem}: ${problem.found}`);
    this.problem = problem;
  }
}

const WORDS: Readonly<Record<VenueProblemCode, readonly [expected: string, fix: string]>> = {
  NO_NETWORK: ['a connection to the exchange', 'check the network, the name service and the proxy; it is tried again'],
  TIMED_OUT: ['an answer in time', 'it is tried again; if it stays so, check the network or set a longer time-out'],
  BAD_ANSWER: ['an answer of the exchange', 'it is tried again; if it stays so, ask what is between here and there'],
  VENUE_DOWN: ['an exchange that answers', 'wait: the trouble is at the exchange; its status page may say more'],
  MAINTENANCE: ['an exchange at work', 'wait until its maintenance ends; its status page says when'],
  RATE_LIMITED: [
    'fewer requests than the limit',
    'nothing is asked until the limit frees; run fewer symbols or clients',
  ],
  BANNED: [
    'an address that the exchange answers',
    'nothing is asked until the ban ends; find what else asks from here',
  ],
  BAD_KEY: ['a key that the exchange knows', 'check key, secret and the addresses it is bound to, or make a new key'],
  KEY_LACKS_RIGHT: ['a key with the right for it', 'grant the right at the exchange, or use another key'],
  CLOCK_OFF: ['a clock that agrees with the exchange', 'synchronise the clock of this machine (NTP), then try again'],
  UNKNOWN_SYMBOL: ['a symbol of the exchange', 'look it up among its markets'],
  NOT_SUPPORTED: ['something that the exchange offers', 'ask another exchange for it'],
  FILTERS_CHANGED: ['a price and a size that fit its steps', 'load the markets again: tick, step or limits changed'],
  REFUSED: ['a request that the exchange accepts', 'see what it says; the same request would be refused again'],
};

/** A problem in the words of its code, or in closer ones. */
export function problemOf(
  verdict: Verdict,
  more: { readonly expected?: string; readonly silentUntil?: number | undefined } = {},
): VenueProblem {
  const [expected, fix] = WORDS[verdict.code];
  const problem = {
    problem: verdict.code,
    expected: more.expected ?? expected,
    found: verdict.found,
    fix: verdict.fix ?? fix,
  };
  return more.silentUntil === undefined ? problem : { ...problem, silentUntil: more.silentUntil };
}

/** Ends a question from within. */
export function fail(code: VenueProblemCode, expected: string, found: string, fix?: string): never {
  throw new Failure(problemOf({ code, found, fix }, { expected }));
}
