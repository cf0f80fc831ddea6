import { type ExchangeRest, isVenueProblem, type VenueProblem, type VenueProblemCode } from '../../venue/exchange.ts';
import type { Present } from './present.ts';

/** Problems that say that the venue cannot be asked at all, not that the question was wrong. */
const UNREACHABLE: ReadonlySet<VenueProblemCode> = new Set([
  'NO_NETWORK',
  'TIMED_OUT',
  'BAD_ANSWER',
  'VENUE_DOWN',
  'MAINTENANCE',
]);

/** All questions of a feed go through here: none is asked while the venue wants silence. */
export class Questions {
  readonly rest: ExchangeRest;
  readonly #present: Present;
  /** Why the venue wants silence, as it said it last. */
  #silence: VenueProblem | undefined;
  #isWorking = true;
  /** Called when an answer says that filters changed. */
  onFilters: () => void = () => {};

  constructor(rest: ExchangeRest, present: Present) {
    this.rest = rest;
    this.#present = present;
  }

  /** False while the last question found nobody. */
  get isWorking(): boolean {
    return this.#isWorking;
  }

  /** The wall clock until which nothing is asked; 0 for now. */
  get silentUntil(): number {
    return this.rest.health().silentUntil ?? 0;
  }

  get isSilent(): boolean {
    return this.silentUntil > this.#present.wall();
  }

  /** Silence after a ban: another word for asking too much. */
  get isBanned(): boolean {
    return this.#silence?.problem === 'BANNED' && this.isSilent;
  }

  /** How long to wait before the same is asked again, given what an answer said. */
  waitMs(answer: VenueProblem, leastMs: number): number {
    return Math.max(leastMs, (answer.silentUntil ?? 0) - this.#present.wall());
  }

  /** Asks, unless the venue wants silence or the feed ended: then the answer is that problem. */
  async ask<T>(question: (rest: ExchangeRest) => Promise<T | VenueProblem>): Promise<T | VenueProblem> {
    if (this.#present.isEnded) return ENDED;
    if (this.isSilent) return this.#unasked();
    const answer = await question(this.rest);
    if (isVenueProblem(answer)) this.#note(answer);
    else this.#isWorking = true;
    return answer;
  }

  #unasked(): VenueProblem {
    const silentUntil = this.silentUntil;
    if (this.#silence !== undefined) return { ...this.#silence, silentUntil };
    const expected = 'an exchange that may be asked';
    const found = `silence until ${new Date(silentUntil).toISOString()}`;
    return { problem: 'RATE_LIMITED', expected, found, fix: 'Wait until then', silentUntil };
  }

  #note(problem: VenueProblem): void {
    this.#isWorking = !UNREACHABLE.has(problem.problem);
    // A budget that is spent concerns questions of its kind alone: the venue's own silence is in the health of REST.
    if (problem.silentUntil !== undefined && problem.silentUntil === this.silentUntil) this.#silence = problem;
    if (problem.problem === 'FILTERS_CHANGED') this.onFilters();
  }
}

const ENDED: VenueProblem = {
  problem: 'REFUSED',
  expected: 'a feed that is open',
  found: 'one that ended meanwhile',
  fix: 'Start the engine again',
};
