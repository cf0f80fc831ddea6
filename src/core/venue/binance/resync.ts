import {
  type BookSnapshot,
  type BookTick,
  isVenueProblem,
  type QuoteTick,
  type Timers,
  type VenueProblem,
} from '../exchange.ts';
import { createAgreement } from './agreement.ts';
import { type Book, createBook } from './book.ts';
import type { DiffTick } from './frames.ts';
import { plainText } from './host.ts';
import type { StreamLimits } from './limits.ts';
import { createRising } from './order.ts';
import { backoffMs } from './pace.ts';

export interface BookKeeperOptions {
  readonly symbol: string;
  readonly snapshot: (symbol: string) => Promise<BookSnapshot | VenueProblem>;
  readonly timers: Timers;
  readonly random: () => number;
  readonly limits: StreamLimits;
  /** Only while it is whole. */
  readonly give: (tick: BookTick) => void;
  /** It is whole no more. */
  readonly broken: (why: string) => void;
  readonly log: (text: string) => void;
}

const BUFFERED_MAX = 2_000;

/** Keeps the book of one symbol whole: from a snapshot over REST and the diffs that follow it. */
export class BookKeeper {
  readonly #options: BookKeeperOptions;
  readonly #book: Book;
  readonly #agreement: ReturnType<typeof createAgreement>;
  #rising = createRising();
  #buffer: DiffTick[] = [];
  /** `asking`: a snapshot is on its way. `bridging`: it is there, and the diff that follows it is not yet. */
  #phase: 'empty' | 'asking' | 'bridging' | 'whole' | 'ended' = 'empty';
  /** The snapshot that is awaited: an answer to an older one is dropped. */
  #question = 0;
  #askedAt = Number.NaN;
  #dueAt = Number.NEGATIVE_INFINITY;
  #attempts = 0;
  #wholeAt = Number.NaN;
  #brokenAt: number;
  #why = 'nothing came yet';
  #resyncs = 0;

  constructor(options: BookKeeperOptions) {
    this.#options = options;
    this.#book = createBook(options.symbol);
    this.#agreement = createAgreement(options.limits.disagreeMs);
    this.#brokenAt = options.timers.mono();
  }

  get isWhole(): boolean {
    return this.#phase === 'whole';
  }

  /** Since when it is not whole (`mono`). */
  get brokenAt(): number {
    return this.#brokenAt;
  }

  get why(): string {
    return this.#why;
  }

  get resyncs(): number {
    return this.#resyncs;
  }

  /** The best prices against the last quote. */
  compare(): 'equal' | 'differs' | 'unknown' {
    return this.isWhole ? this.#agreement.compare(this.#book.tick) : 'unknown';
  }

  /** False for a diff that came before. */
  diff(tick: DiffTick, now: number): boolean {
    if (!this.#rising.takes(tick.lastId, tick.venueAt)) return false;
    if (this.#phase === 'bridging' || this.#phase === 'whole') this.#follow(tick, now);
    else this.#keep(tick, now);
    return true;
  }

  quote(tick: QuoteTick): void {
    this.#agreement.quote(tick);
  }

  /** The connection broke: diffs are missing. */
  broke(): void {
    this.#rising = createRising();
    this.#empty('the connection broke', this.#options.timers.mono());
  }

  sweep(now: number): void {
    const { deadline } = this.#options.limits.snapshotMs;
    if (this.#phase === 'asking' && now - this.#askedAt >= deadline) this.#failed('the snapshot did not come', now);
    if (this.#phase === 'empty' && this.#buffer.length > 0 && now >= this.#dueAt) this.#ask(now);
  }

  end(): void {
    this.#phase = 'ended';
    this.#buffer = [];
  }

  #keep(tick: DiffTick, now: number): void {
    if (this.#phase === 'ended') return;
    if (this.#buffer.length >= BUFFERED_MAX) this.#buffer.splice(0, BUFFERED_MAX / 2);
    this.#buffer.push(copyOf(tick));
    if (this.#phase === 'empty' && now >= this.#dueAt) this.#ask(now);
  }

  #ask(now: number): void {
    this.#phase = 'asking';
    this.#askedAt = now;
    const question = ++this.#question;
    const isAwaited = () => question === this.#question && this.#phase === 'asking';
    this.#options.snapshot(this.#options.symbol).then(
      (answer) => {
        if (isAwaited()) this.#arrived(answer);
      },
      (error: unknown) => {
        if (isAwaited()) this.#failed(plainText(error), this.#options.timers.mono());
      },
    );
  }

  #arrived(answer: BookSnapshot | VenueProblem): void {
    const { timers } = this.#options;
    const now = timers.mono();
    if (isVenueProblem(answer)) {
      this.#failed(`${answer.problem}: ${plainText(answer.found)}`, now, (answer.silentUntil ?? 0) - timers.wall());
    } else if (answer.updateId > 0) this.#bridge(answer, now);
    else this.#failed('the snapshot has no update id', now);
  }

  #bridge(answer: BookSnapshot, now: number): void {
    this.#book.reset(answer, this.#options.timers.wall());
    if (!this.#book.isWhole) {
      this.#failed('the snapshot is out of order or crossed', now);
      return;
    }
    this.#agreement.reset();
    this.#phase = 'bridging';
    const diffs = this.#buffer;
    this.#buffer = [];
    let hasChanged = false;
    for (const [index, diff] of diffs.entries()) {
      const done = this.#book.apply(diff);
      if (done === 'applied') hasChanged = true;
      if (done !== 'gap' && done !== 'crossed') continue;
      // The snapshot is older than the diffs at hand, or they have a hole: what follows may be met by another one.
      this.#resync(done === 'gap' ? 'the snapshot does not meet the diffs' : 'the book crossed', now);
      this.#buffer = diffs.slice(index);
      return;
    }
    if (hasChanged) this.#applied(now);
  }

  #follow(tick: DiffTick, now: number): void {
    const done = this.#book.apply(tick);
    if (done === 'applied') this.#applied(now);
    if (done === 'applied' || done === 'early') return;
    this.#resync(done === 'gap' ? 'the diffs do not follow' : 'the book crossed', now);
    this.#keep(tick, now);
  }

  #applied(now: number): void {
    if (this.#phase !== 'whole') this.#wholeAt = now;
    this.#phase = 'whole';
    const { tick } = this.#book;
    if (this.#agreement.isBroken(tick, now)) this.#resync('book and quotes disagree', now);
    else this.#options.give(tick);
  }

  /** A book that stood long is built anew at once; one that breaks again takes its time. */
  #resync(why: string, now: number): void {
    const { symbol, limits, random, log } = this.#options;
    this.#resyncs += 1;
    log(`${symbol}: the book is built anew: ${why}`);
    if (now - this.#wholeAt >= limits.steadyMs) this.#attempts = 0;
    this.#dueAt = now + (this.#attempts === 0 ? 0 : backoffMs(this.#attempts - 1, limits.snapshotMs, random()));
    this.#attempts += 1;
    this.#empty(why, now);
  }

  #failed(why: string, now: number, silentMs = 0): void {
    const { symbol, limits, random, log } = this.#options;
    log(`${symbol}: no snapshot of the book: ${why}`);
    this.#why = why;
    this.#phase = 'empty';
    this.#dueAt = now + Math.max(silentMs, backoffMs(this.#attempts, limits.snapshotMs, random()));
    this.#attempts += 1;
  }

  #empty(why: string, now: number): void {
    const wasWhole = this.#phase === 'whole';
    this.#phase = 'empty';
    this.#buffer = [];
    this.#book.clear();
    this.#why = why;
    if (!wasWhole) return;
    this.#brokenAt = now;
    this.#options.broken(why);
  }
}

function copyOf(tick: DiffTick): DiffTick {
  return {
    ...tick,
    bidPrice: tick.bidPrice.slice(0, tick.bids),
    bidQty: tick.bidQty.slice(0, tick.bids),
    askPrice: tick.askPrice.slice(0, tick.asks),
    askQty: tick.askQty.slice(0, tick.asks),
  };
}
