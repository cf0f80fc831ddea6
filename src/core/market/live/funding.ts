import { DecimalError, fromNumber, type Rate, rate } from '../../base/decimal.ts';
import { type FundingRow, isVenueProblem, type MarkTick, type PolledQuote } from '../../venue/exchange.ts';
import type { LiveInput } from '../feed.ts';
import type { Present } from './present.ts';
import type { Questions } from './questions.ts';

/** Venues write a settlement some ms after its hour; no two are nearer than an hour. */
const SAME_MS = 60_000;
/** A rate that was told within this time before the settlement is the one that was paid. */
const FRESH_MS = 30_000;
/** The venue's word that a settlement is over may come so much before it is by our clock. */
const SLACK_MS = 5_000;
const RETRY_MS = 5_000;
const RETRY_MS_MAX = 300_000;
const ROWS = 100;

export interface FundingSurroundings {
  readonly symbol: string;
  readonly present: Present;
  readonly questions: Questions;
  put(input: LiveInput): void;
}

/** Settlements of one perpetual, each told once: by the last rate before it, else as REST tells it afterwards. */
export class FundingLine {
  readonly #with: FundingSurroundings;
  readonly #everyMs: number | null;
  #settledAt: number;
  #nextAt: number | null = null;
  #rate: number | null = null;
  #ratedAt = Number.NEGATIVE_INFINITY;
  #isAsking = false;
  #retryAt = Number.NEGATIVE_INFINITY;
  #tries = 0;

  /**
   * @param settledAt the last settlement that is known, or the instant up to which all are
   * @param everyMs between two settlements; null where it is not known
   */
  constructor(surroundings: FundingSurroundings, settledAt: number, everyMs: number | null) {
    this.#with = surroundings;
    this.#settledAt = settledAt;
    this.#everyMs = everyMs;
  }

  get rate(): number | null {
    return this.#rate;
  }

  get nextAt(): number | null {
    return this.#nextAt;
  }

  /** What a mark or a poll says of the next settlement. */
  tell(told: Pick<MarkTick | PolledQuote, 'fundingRate' | 'nextFundingAt'>): void {
    const { fundingRate, nextFundingAt } = told;
    const isTimed = nextFundingAt !== null && nextFundingAt > 0 && nextFundingAt < Infinity;
    // The next one is told: the rate before it was the last of the one that is over.
    if (isTimed && this.#nextAt !== null && nextFundingAt > this.#nextAt) this.#look(SLACK_MS);
    if (isTimed) this.#nextAt = nextFundingAt;
    if (fundingRate === null || !Number.isFinite(fundingRate)) return;
    this.#rate = fundingRate;
    this.#ratedAt = this.#with.present.mono();
  }

  /** Looks whether a settlement is over: called every second. */
  watch(): void {
    this.#look(0);
  }

  #look(slackMs: number): void {
    const { present } = this.#with;
    const dueAt = this.#dueAt();
    if (dueAt === null || present.venueNow() + slackMs < dueAt || dueAt - this.#settledAt < SAME_MS) return;
    const isMissing = this.#everyMs !== null && dueAt - this.#settledAt > this.#everyMs + SAME_MS;
    const isFresh = this.#rate !== null && present.mono() - this.#ratedAt <= FRESH_MS;
    if (dueAt === this.#nextAt && isFresh && !isMissing && !this.#isAsking) {
      const paid = exact(this.#rate as number);
      if (paid !== undefined) {
        this.#settle(dueAt, paid);
        return;
      }
    }
    if (!this.#isAsking && present.mono() >= this.#retryAt && !this.#with.questions.isSilent) void this.#ask();
  }

  /** When the next one is due: as told, else by the usual span. */
  #dueAt(): number | null {
    if (this.#nextAt !== null) return this.#nextAt;
    return this.#everyMs === null ? null : this.#settledAt + this.#everyMs;
  }

  #settle(at: number, paid: Rate): void {
    this.#settledAt = at;
    this.#tries = 0;
    this.#retryAt = Number.NEGATIVE_INFINITY;
    this.#with.put({ kind: 'funding', symbol: this.#with.symbol, rate: paid, settledAt: at });
  }

  async #ask(): Promise<void> {
    const { symbol, present, questions } = this.#with;
    this.#isAsking = true;
    const answer = await questions.ask((rest) => rest.fundingRates(symbol, this.#settledAt + SAME_MS, ROWS));
    this.#isAsking = false;
    if (present.isEnded) return;
    const before = this.#settledAt;
    if (!isVenueProblem(answer)) this.#take(answer);
    if (this.#settledAt !== before) return;
    const waitMs = Math.min(RETRY_MS * 2 ** Math.min(this.#tries++, 10), RETRY_MS_MAX);
    this.#retryAt = present.mono() + (isVenueProblem(answer) ? questions.waitMs(answer, waitMs) : waitMs);
  }

  #take(rows: readonly FundingRow[]): void {
    for (const row of rows) {
      if (row.at - this.#settledAt < SAME_MS || row.at > this.#with.present.venueNow() + SAME_MS) continue;
      const paid = rateOf(row.rate);
      if (paid !== undefined) this.#settle(row.at, paid);
    }
  }
}

/** The rate of a decimal text; undefined where it is none. */
export function rateOf(text: string): Rate | undefined {
  try {
    return rate(text);
  } catch (error) {
    if (error instanceof DecimalError) return undefined;
    throw error;
  }
}

/** A market number as the exact decimal that it stands for. */
function exact(value: number): Rate | undefined {
  try {
    return fromNumber(value) as Rate;
  } catch (error) {
    if (error instanceof DecimalError) return undefined;
    throw error;
  }
}
