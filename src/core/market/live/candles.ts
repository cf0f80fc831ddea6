import type { CandleRow } from '../../domain/frame.ts';
import { type CandleTick, isVenueProblem, type VenueProblem } from '../../venue/exchange.ts';
import type { LiveInput } from '../feed.ts';
import { TIMEFRAME_MS } from './options.ts';
import type { Present } from './present.ts';
import type { CandleProof } from './proof.ts';
import type { Questions } from './questions.ts';
import { barOf, type ClosedRows, isCandle } from './rows.ts';

const PAGE_ROWS = 1_000;
/** A stream that gives candles has so long for the next one before REST is asked; a venue that is polled so long. */
const STREAM_GRACE_MS = 3_000;
const POLL_GRACE_MS = 300;
const RETRY_MS = 500;
const RETRY_MS_MAX = 30_000;
/** Answers without a candle that later ones follow, and how long answers may fail, before it counts as missing. */
const LACKING_MAX = 5;
const HOLE_MS_MAX = 30_000;
/** Trades of a candle may come so much after it: a look every so often, so many times. */
const PROOF_WAIT_MS = 50;
const PROOF_LOOKS = 5;
/** How much before its end a venue may call a candle closed. */
const EARLY_MS = 100;

/** A candle that is not given yet: `unproven` waits for trades, `doubted` for REST. */
interface Waiting {
  readonly row: CandleRow;
  state: 'good' | 'unproven' | 'doubted';
}

/** What a line of candles needs of its symbol. */
export interface CandleSurroundings {
  readonly symbol: string;
  readonly present: Present;
  readonly questions: Questions;
  readonly proof: CandleProof;
  readonly rows: ClosedRows;
  put(input: LiveInput): void;
  refuse(): void;
  log(text: string): void;
  /** Whether the stream gives candles now. */
  isStreaming(): boolean;
}

/**
 * The closed candles of one symbol, each after the one before it. What the stream leaves out is asked over REST; what
 * REST does not have either is told as a gap. While a candle is missing none after it is given.
 */
export class CandleLine {
  readonly #with: CandleSurroundings;
  readonly #waiting = new Map<number, Waiting>();
  /** Where the next candle opens. */
  #nextAt: number;
  #forming: CandleRow | undefined;
  #isAsking = false;
  #retryAt = Number.NEGATIVE_INFINITY;
  /** Until when the venue wants silence, of what it answered last. */
  #silentUntil = Number.NEGATIVE_INFINITY;
  #tries = 0;
  #lacking = 0;
  #holeAt: number | undefined;
  #giveUp: (() => void) | undefined;
  #isEnded = false;
  /** Candles of the stream that differed from their trades. */
  differing = 0;

  /** @param nextAt where the first candle after the history opens */
  constructor(surroundings: CandleSurroundings, nextAt: number) {
    this.#with = surroundings;
    this.#nextAt = nextAt;
  }

  /** The candle that is not closed yet, of the stream or of trades. */
  get forming(): CandleRow | null {
    const built = this.#with.proof.forming();
    const told = this.#forming;
    const newest = told === undefined || (built !== undefined && built[0] > told[0]) ? built : told;
    return newest !== undefined && newest[0] >= this.#nextAt ? newest : null;
  }

  /** Takes a candle of the stream. */
  tick(tick: CandleTick): void {
    if (tick.timeframeMs !== TIMEFRAME_MS) return;
    const row: CandleRow = [tick.openAt, tick.open, tick.high, tick.low, tick.close, tick.volume];
    if (!isCandle(row) || (tick.isClosed && !this.#isOver(tick.openAt, tick.venueAt))) {
      this.#with.refuse();
      return;
    }
    if (!tick.isClosed) {
      this.#forming = row;
      return;
    }
    const held = this.#waiting.get(tick.openAt);
    if (tick.openAt < this.#nextAt || (held !== undefined && held.state !== 'unproven')) return;
    const waiting: Waiting = { row, state: 'unproven' };
    this.#waiting.set(tick.openAt, waiting);
    this.#prove({ ...tick }, waiting, PROOF_LOOKS);
  }

  /** Looks whether a candle is due: called every second, and after a suspend. */
  watch(): void {
    this.#go();
  }

  /** Prices came back after an outage: what is missing is asked for at once, not when the waiting for it ends. */
  resume(): void {
    this.#tries = 0;
    this.#retryAt = Math.min(this.#retryAt, this.#silentUntil);
    this.#go();
  }

  /** Whether a candle is over: by the instant that it was told, and by the venue's clock as far as that is known. */
  #isOver(openAt: number, venueAt: number): boolean {
    const { present } = this.#with;
    const closeAt = openAt + TIMEFRAME_MS;
    if (venueAt > 0 && venueAt < closeAt - EARLY_MS * present.speed) return false;
    return !present.isSure || present.venueNow() >= closeAt - 10 * EARLY_MS * present.speed;
  }

  /** It asks for nothing more. */
  end(): void {
    this.#isEnded = true;
    this.#giveUp?.();
    this.#giveUp = undefined;
  }

  /** Holds a closed candle to its trades, now or when they came. */
  #prove(tick: CandleTick, waiting: Waiting, looks: number): void {
    if (this.#waiting.get(tick.openAt) !== waiting) return;
    const verdict = this.#with.proof.judge(tick, looks === 0);
    if (verdict === 'waiting') {
      this.#with.present.after(PROOF_WAIT_MS, () => this.#prove(tick, waiting, looks - 1));
      return;
    }
    waiting.state = verdict === 'differs' ? 'doubted' : 'good';
    if (verdict === 'differs') {
      this.differing++;
      this.#with.log(`${tick.symbol}: the candle of ${iso(tick.openAt)} differs from its trades; REST decides`);
    }
    this.#go();
  }

  /** Gives what can be given, then asks for what is missing, or waits until it is due. */
  #go(): void {
    if (this.#isEnded) return;
    this.#giveReady();
    this.#giveUp?.();
    this.#giveUp = undefined;
    if (this.#isAsking) return;
    while (this.#isHopeless()) {
      this.#pass();
      this.#giveReady();
    }
    const { present } = this.#with;
    const waitMs = Math.max(this.#untilNeededMs(), this.#retryAt - present.mono());
    if (waitMs <= 0) void this.#ask();
    else if (waitMs < Infinity) this.#giveUp = present.after(waitMs, () => this.#go());
  }

  /** Milliseconds of the timers until REST is to be asked for the next candle. */
  #untilNeededMs(): number {
    const head = this.#waiting.get(this.#nextAt);
    if (head?.state === 'unproven') return Infinity;
    if (head !== undefined || this.#nextKnown() !== undefined) return 0;
    const { present } = this.#with;
    const graceMs = Math.min(
      (this.#with.isStreaming() ? STREAM_GRACE_MS : POLL_GRACE_MS) * present.speed,
      TIMEFRAME_MS / 2,
    );
    return (this.#nextAt + TIMEFRAME_MS + graceMs - present.venueNow()) / present.speed;
  }

  /** The first candle after a hole; undefined where none is known. */
  #nextKnown(): number | undefined {
    let first: number | undefined;
    for (const openAt of this.#waiting.keys()) {
      if (openAt > this.#nextAt && !(openAt >= (first ?? Infinity))) first = openAt;
    }
    return first;
  }

  /** Gives every candle that follows the last one without a hole. */
  #giveReady(): void {
    const run: CandleRow[] = [];
    for (let found = this.#waiting.get(this.#nextAt); found?.state === 'good'; ) {
      this.#waiting.delete(this.#nextAt);
      run.push(found.row);
      this.#nextAt += TIMEFRAME_MS;
      found = this.#waiting.get(this.#nextAt);
    }
    if (run.length === 0) return;
    this.#settle();
    this.#give(run);
  }

  /** Only one that closed within the last time frame may raise a signal: those before it are the past. */
  #give(run: readonly CandleRow[]): void {
    const { symbol, present, rows, put } = this.#with;
    rows.add(run);
    const last = run.at(-1) as CandleRow;
    const isFresh = present.venueNow() - (last[0] + TIMEFRAME_MS) < TIMEFRAME_MS;
    const past = isFresh ? run.slice(0, -1) : run;
    if (past.length > 0) put({ kind: 'history', symbol, timeframeMs: TIMEFRAME_MS, rows: past });
    if (isFresh) put({ kind: 'close', symbol, bar: barOf(last) });
  }

  /** The line went on: what was counted of the hole is over. */
  #settle(): void {
    this.#retryAt = Number.NEGATIVE_INFINITY;
    this.#tries = 0;
    this.#lacking = 0;
    this.#holeAt = undefined;
  }

  async #ask(): Promise<void> {
    const { symbol, present, questions } = this.#with;
    const from = this.#nextAt;
    const newest = Math.max(present.venueNow(), this.#nextKnown() ?? 0);
    const limit = Math.min(PAGE_ROWS, Math.max(1, Math.ceil((newest - from) / TIMEFRAME_MS) + 1));
    this.#isAsking = true;
    const answer = await questions.ask((rest) =>
      rest.candles(symbol, { timeframeMs: TIMEFRAME_MS, from, limit, of: 'trades' }),
    );
    this.#isAsking = false;
    if (present.isEnded || this.#isEnded) return;
    if (!isVenueProblem(answer)) this.#take(answer);
    this.#giveReady();
    if (this.#nextAt === from) this.#miss(answer);
    this.#go();
  }

  /** What REST says stands, whatever the stream said. */
  #take(rows: readonly CandleRow[]): void {
    const { present, refuse } = this.#with;
    const until = present.isSure ? present.venueNow() + 10 * EARLY_MS * present.speed : Infinity;
    for (const row of rows) {
      if (row[0] < this.#nextAt || row[0] + TIMEFRAME_MS > until) continue;
      if (isCandle(row)) this.#waiting.set(row[0], { row, state: 'good' });
      else refuse();
    }
  }

  /** The next candle was not in the answer: it is asked for again later. */
  #miss(answer: readonly CandleRow[] | VenueProblem): void {
    const { present, questions } = this.#with;
    this.#tries++;
    let waitMs = Math.min(RETRY_MS * 2 ** Math.min(this.#tries - 1, 10), RETRY_MS_MAX);
    this.#silentUntil = present.mono() + (isVenueProblem(answer) ? questions.waitMs(answer, 0) : 0);
    if (isVenueProblem(answer)) waitMs = questions.waitMs(answer, waitMs);
    else if (this.#holeAt !== undefined) this.#lacking++;
    this.#retryAt = present.mono() + waitMs;
  }

  /** Whether what is missing, or doubted, was asked for often enough, or cannot be asked for in time. */
  #isHopeless(): boolean {
    const head = this.#waiting.get(this.#nextAt);
    const isHole = head === undefined ? this.#nextKnown() !== undefined : head.state === 'doubted';
    if (!isHole) return false;
    const { present, questions } = this.#with;
    if (this.#holeAt === undefined) {
      this.#holeAt = present.mono();
      this.#tries = 0;
      if (!questions.isSilent) this.#retryAt = Number.NEGATIVE_INFINITY;
    }
    return this.#lacking >= LACKING_MAX || this.#retryAt - this.#holeAt >= HOLE_MS_MAX;
  }

  /** Life goes on: with the stream's own candle where REST does not decide, else behind the hole. */
  #pass(): void {
    const { symbol, put, log } = this.#with;
    const head = this.#waiting.get(this.#nextAt);
    const next = this.#nextKnown();
    if (head !== undefined) {
      log(`${symbol}: REST does not tell the candle of ${iso(this.#nextAt)}; the stream's stands`);
      head.state = 'good';
    } else if (next !== undefined) {
      put({ kind: 'gap', symbol, from: this.#nextAt, missing: (next - this.#nextAt) / TIMEFRAME_MS });
      log(`${symbol}: no candles from ${iso(this.#nextAt)} to ${iso(next)}`);
      this.#nextAt = next;
    }
    this.#settle();
  }
}

const iso = (at: number): string => new Date(at).toISOString();
