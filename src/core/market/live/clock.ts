import { isVenueProblem } from '../../venue/exchange.ts';
import type { LiveInput } from '../feed.ts';
import type { Present } from './present.ts';
import type { Questions } from './questions.ts';

const EVERY_MS = 600_000;
/** A market that is played faster than time runs away from REST, which knows its clock by this offset alone. */
const EVERY_MS_PLAYED = 1_000;
/** A smaller change is no news. */
const NEWS_MS = 20;
const RETRY_MS = 10_000;
/** A doubt has it measured out of turn, at most so often. */
const DOUBT_MS = 30_000;
const STEP_MS = 500;
const ERROR_MS_MAX = 500;
const SLEPT_MS = 30_000;
const FAILED_MAX = 3;

export interface ClockSurroundings {
  readonly present: Present;
  readonly questions: Questions;
  put(input: LiveInput): void;
  /** The machine slept: what was known is old. */
  woke(): void;
  log(text: string): void;
}

/**
 * Measures how far the venue's clock is from ours, and sees our own jump. Where the feed has a stand-in's clock, that is
 * the one that is compared. Offsets are ms of the timers.
 */
export class ClockWatch {
  readonly #with: ClockSurroundings;
  #wall: number;
  #mono: number;
  #isAsking = false;
  #dueAt = Number.NEGATIVE_INFINITY;
  #askedAt = Number.NEGATIVE_INFINITY;
  #failed = 0;
  #told: number | null | undefined;
  /** The venue tells no time: ages are those of our clock, and nobody knows more. */
  #isUntold = false;
  /** A clock that jumped while a question was under way makes its answer worthless. */
  #epoch = 0;

  constructor(surroundings: ClockSurroundings) {
    this.#with = surroundings;
    this.#wall = surroundings.present.wall();
    this.#mono = surroundings.present.mono();
  }

  /** What was told last; null before the first, and where it is too unsure. */
  get offsetMs(): number | null {
    return this.#told ?? null;
  }

  get #everyMs(): number {
    return this.#with.present.speed === 1 ? EVERY_MS : EVERY_MS_PLAYED;
  }

  /** Called every second. */
  watch(): void {
    const { present, questions, woke, log } = this.#with;
    const wallMs = present.wall() - this.#wall;
    const monoMs = present.mono() - this.#mono;
    this.#wall += wallMs;
    this.#mono += monoMs;
    const stepMs = wallMs - monoMs;
    if (Math.abs(stepMs) > STEP_MS) this.#step(stepMs);
    if (monoMs > SLEPT_MS || wallMs > SLEPT_MS) {
      log(`the clock went on by ${Math.round(Math.max(monoMs, wallMs) / 1000)} s at once`);
      this.#dueAt = Number.NEGATIVE_INFINITY;
      woke();
    }
    if (present.isDoubtful) this.#dueAt = Math.min(this.#dueAt, this.#askedAt + DOUBT_MS);
    present.isDoubtful = false;
    if (this.offsetMs !== null) this.#tell(this.#ownMs);
    if (this.#isAsking || this.#isUntold || questions.isSilent) return;
    if (present.mono() >= this.#dueAt) void this.measure();
  }

  /** Asks the venue for its time; the answer is told where it is news. */
  async measure(): Promise<void> {
    const { present, questions, log } = this.#with;
    this.#isAsking = true;
    this.#askedAt = present.mono();
    const epoch = this.#epoch;
    const answer = await questions.ask((rest) => rest.measureClock());
    this.#isAsking = false;
    if (present.isEnded || epoch !== this.#epoch) return;
    if (isVenueProblem(answer) && answer.problem === 'NOT_SUPPORTED') {
      this.#isUntold = true;
      log('the venue tells no time: its clock is taken for ours');
      return;
    }
    if (isVenueProblem(answer) || !Number.isFinite(answer)) {
      this.#dueAt = present.mono() + (isVenueProblem(answer) ? questions.waitMs(answer, RETRY_MS) : RETRY_MS);
      if (++this.#failed >= FAILED_MAX) this.#tell(null);
      return;
    }
    this.#failed = 0;
    const isSure = (questions.rest.health().offsetErrorMs ?? 0) <= ERROR_MS_MAX;
    this.#dueAt = present.mono() + (isSure ? this.#everyMs : RETRY_MS);
    if (isSure) present.offsetMs = Math.round((answer + present.wall() - present.clock()) / present.speed);
    this.#tell(isSure ? this.#ownMs : null);
  }

  /** The venue's clock minus the feed's, which may have been set back. */
  get #ownMs(): number | null {
    const { present } = this.#with;
    if (present.offsetMs === undefined) return null;
    return present.offsetMs - Math.round((present.now() - present.clock()) / present.speed);
  }

  #step(stepMs: number): void {
    const { present, put, log } = this.#with;
    this.#epoch++;
    this.#dueAt = Number.NEGATIVE_INFINITY;
    log(`the wall clock jumped by ${Math.round(stepMs)} ms`);
    if (this.#isUntold) return;
    // Of a sleep the wall clock is right afterwards; of a jump the venue's is as far off as we jumped.
    const isOurs = present.isWall && stepMs <= SLEPT_MS;
    if (present.offsetMs !== undefined && isOurs) present.offsetMs -= stepMs;
    this.#told = null;
    put({ kind: 'clock', offsetMs: null, stepMs: Math.round(stepMs) });
  }

  #tell(offsetMs: number | null): void {
    const told = this.#told;
    const isSmall = offsetMs !== null && typeof told === 'number' && Math.abs(offsetMs - told) < NEWS_MS;
    if (offsetMs === told || isSmall) return;
    this.#told = offsetMs;
    this.#with.put({ kind: 'clock', offsetMs });
  }
}
