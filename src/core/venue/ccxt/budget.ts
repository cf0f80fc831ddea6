import type { RestHealth, Timers, VenueProblem } from '../exchange.ts';
import { problemOf } from './problem.ts';

/** Classes of questions, the most urgent first. `history` may not use the reserve. */
export type Lane = 'poll' | 'book' | 'plain' | 'history';
const LANES: readonly Lane[] = ['poll', 'book', 'plain', 'history'];

const MINUTE = 60_000;
/** Of the weight of a minute, history may use so much; the rest is for prices and accounts. */
const HISTORY_SHARE = 0.8;
const AT_ONCE = 6;
/** Slots that history never takes. */
const KEPT_FREE = 2;
const WAITING_MAX = 256;
const RING = 256;

interface Waiting {
  readonly lane: Lane;
  readonly weight: number;
  readonly go: (no: VenueProblem | undefined) => void;
}

/**
 * What may be asked when: at most six requests at once, prices before history, a fifth of the minute's weight kept for
 * what is urgent, and nothing at all before a ban or a limit ends. Weights are those of the answers' headers.
 */
export class RateBudget {
  readonly #timers: Timers;
  #weightMax: number | null;
  #weightUsed: number | null = null;
  #minute = 0;
  #silentUntil = 0;
  #silence: VenueProblem | undefined;
  #waiting: Waiting[] = [];
  #inFlight = 0;
  #history = 0;
  #asked = 0;
  #failed = 0;
  #lastError: RestHealth['lastError'] = null;
  readonly #latencies: number[] = [];
  #latencyAt = 0;
  /** The venue's clock minus ours: minutes of weight are the venue's. */
  offsetMs = 0;

  constructor(timers: Timers, weightMax: number | null) {
    this.#timers = timers;
    this.#weightMax = weightMax;
  }

  /** Waits for a slot. A problem instead means that nothing may be asked; without one `leave` is due. */
  enter(lane: Lane, weight: number): Promise<VenueProblem | undefined> {
    if (this.#waiting.length >= WAITING_MAX) {
      const found = `${WAITING_MAX} questions that wait`;
      return Promise.resolve(problemOf({ code: 'RATE_LIMITED', found }));
    }
    return new Promise((go) => {
      this.#waiting.push({ lane, weight, go });
      this.#pump();
    });
  }

  /** The slot is free again. */
  leave(lane: Lane): void {
    this.#inFlight--;
    if (lane === 'history') this.#history--;
    this.#pump();
  }

  /** Why nothing may be asked now. */
  get refusal(): VenueProblem | undefined {
    return this.#timers.wall() < this.#silentUntil ? this.#silence : undefined;
  }

  /** The venue asked for silence. A later end holds. */
  silence(until: number, problem: VenueProblem): void {
    if (until <= this.#silentUntil) return;
    this.#silentUntil = until;
    this.#silence = { ...problem, silentUntil: until };
  }

  /** The weight of this minute as an answer tells it. */
  heardWeight(used: number): void {
    if (!Number.isFinite(used)) return;
    this.#turnMinute();
    this.#weightUsed = used;
  }

  /** The limit of a minute as exchange information tells it. */
  heardLimit(weightMax: number): void {
    if (weightMax > 0) this.#weightMax = weightMax;
  }

  /** A request is done: how long it took, and what came of it. */
  done(tookMs: number, error: string | undefined): void {
    this.#asked++;
    if (error === undefined) {
      this.#latencies[this.#latencyAt++ % RING] = tookMs;
      return;
    }
    this.#failed++;
    this.heardError(error);
  }

  /** An answer came and could not be used. */
  heardError(text: string): void {
    this.#lastError = { at: this.#timers.wall(), text };
  }

  health(): Omit<RestHealth, 'offsetMs' | 'offsetErrorMs'> {
    const sorted = this.#latencies.toSorted((a, b) => a - b);
    this.#turnMinute();
    return {
      latencyMsP50: quantile(sorted, 0.5),
      latencyMsP99: quantile(sorted, 0.99),
      weightUsed: this.#weightUsed,
      weightMax: this.#weightMax,
      silentUntil: this.#timers.wall() < this.#silentUntil ? this.#silentUntil : null,
      lastError: this.#lastError,
      asked: this.#asked,
      failed: this.#failed,
    };
  }

  /** Lets go who may: each one gets a slot or the reason why not. */
  #pump(): void {
    while (this.#inFlight < AT_ONCE) {
      const next = this.#next();
      if (next === undefined) return;
      this.#waiting = this.#waiting.filter((one) => one !== next);
      const no = this.refusal ?? this.#overReserve(next);
      if (no === undefined) this.#take(next);
      next.go(no);
    }
  }

  /** The first of the most urgent lane; history only while slots are left for the others. */
  #next(): Waiting | undefined {
    for (const lane of LANES) {
      if (lane === 'history' && this.#history >= AT_ONCE - KEPT_FREE) return undefined;
      const next = this.#waiting.find((one) => one.lane === lane);
      if (next !== undefined) return next;
    }
    return undefined;
  }

  #take({ lane, weight }: Waiting): void {
    this.#inFlight++;
    if (lane === 'history') this.#history++;
    // Until its answer tells the sum, a request counts as what it is known to weigh.
    if (this.#weightUsed !== null) this.#weightUsed += weight;
  }

  #overReserve({ lane, weight }: Waiting): VenueProblem | undefined {
    this.#turnMinute();
    const max = this.#weightMax;
    if (lane !== 'history' || max === null || this.#weightUsed === null) return undefined;
    if (this.#weightUsed + weight <= max * HISTORY_SHARE) return undefined;
    const silentUntil = (this.#minute + 1) * MINUTE - this.offsetMs;
    const found = `${this.#weightUsed} of ${max} used in this minute; the rest is kept for prices`;
    return problemOf({ code: 'RATE_LIMITED', found, fix: 'ask again when the minute is over' }, { silentUntil });
  }

  /** Weights begin anew with each minute of the venue's clock. */
  #turnMinute(): void {
    const minute = Math.floor((this.#timers.wall() + this.offsetMs) / MINUTE);
    if (minute === this.#minute) return;
    this.#minute = minute;
    if (this.#weightUsed !== null) this.#weightUsed = 0;
  }
}

/** The value that a share of the sorted ones lies below; null for none. */
function quantile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
}
