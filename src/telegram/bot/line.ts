import type { Clock } from '../clock.ts';
import { countOf, dropAll, type Item, noneWaiting, put, putBack, type Tried, thin, type Waiting } from './lane.ts';
import type { Lane, Outbound } from './outbound.ts';
import { type Bucket, createBucket, LANES, PACES, silence, spend, waitOf } from './pace.ts';

interface Chat {
  readonly waiting: Waiting;
  readonly bucket: Bucket;
  /** Lanes with a call under way. */
  readonly busy: Set<Lane>;
  /** Messages with one: two edits at once may arrive in any order. */
  readonly touched: Set<number>;
  silentUntil: number;
  lastOkAt: number;
}

/** Telegram is not reached: one call at a time tries whether it is again. */
interface Lost {
  readonly delayMs: number;
  readonly retryAt: number;
  probe: Item | undefined;
}

/** How long it waits after the first, and at most after any, time that Telegram is not reached. */
export interface BackOff {
  readonly firstMs: number;
  readonly maxMs: number;
}

const SILENCE_MS_LONG = 600_000;
/** Timers of Node hold 24 days; nothing here waits for long without a look at the clock. */
const WAKE_MS_MAX = 3_600_000;
/** Telegram counts messages, not removals; many at once are too much all the same. */
const REMOVAL_COST = 0.25;
const NEVER = Number.POSITIVE_INFINITY;

/** All chats, and the one loop: whatever may leave leaves, and one timer waits for what may leave next. */
export class Line {
  readonly #clock: Clock;
  readonly #backOff: BackOff;
  readonly #chats = new Map<number, Chat>();
  readonly #all: Bucket;
  #lost: Lost | undefined;
  #isClosed = false;
  #cancel = (): void => {};
  #lastNow: number;
  #skewMs = 0;

  constructor(clock: Clock, backOff: BackOff) {
    this.#clock = clock;
    this.#backOff = backOff;
    this.#lastNow = clock.now();
    this.#all = createBucket(PACES.all, this.#lastNow);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  add(id: number, item: Item): void {
    if (this.#isClosed) {
      item.drop();
      return;
    }
    const chat = this.#chatOf(id);
    put(chat.waiting, item);
    if (this.#isLong(chat)) thin(chat.waiting);
    this.#pump();
  }

  standing(id: number): ReturnType<Outbound['standing']> {
    const chat = this.#chats.get(id);
    if (chat === undefined) return { waiting: 0, silentUntil: 0, lastOkAt: 0 };
    const silentMs = chat.silentUntil - this.#now();
    const silentUntil = silentMs > 0 ? this.#clock.now() + silentMs : 0;
    return { waiting: countOf(chat.waiting), silentUntil, lastOkAt: chat.lastOkAt };
  }

  reached(): void {
    if (this.#lost?.probe !== undefined) return;
    this.#lost = undefined;
    this.#pump();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel();
    for (const { waiting } of this.#chats.values()) dropAll(waiting);
  }

  readonly #pump = (): void => {
    let next = NEVER;
    for (const lane of LANES) for (const chat of this.#chats.values()) next = Math.min(next, this.#advance(chat, lane));
    this.#cancel();
    if (this.#isClosed || next === NEVER) return;
    const ms = Math.min(Math.max(next - this.#now(), 1), WAKE_MS_MAX);
    this.#cancel = this.#clock.after(ms, this.#pump);
  };

  /** Starts the first call of a lane if it may leave; answers when to look again. */
  #advance(chat: Chat, lane: Lane): number {
    const [item] = chat.waiting[lane];
    if (item === undefined || chat.busy.has(lane) || this.#isClosed) return NEVER;
    if (item.message !== undefined && chat.touched.has(item.message)) return NEVER;
    if (this.#lost?.probe !== undefined) return NEVER;
    const now = this.#now();
    if (this.#lost !== undefined && now < this.#lost.retryAt) return this.#lost.retryAt;
    const ms = Math.max(waitOf(chat.bucket, lane, now), waitOf(this.#all, lane, now));
    if (ms > 0) return now + ms;
    void this.#run(chat, lane, item);
    return NEVER;
  }

  async #run(chat: Chat, lane: Lane, item: Item): Promise<void> {
    const cost = item.kind === 'remove' ? REMOVAL_COST : 1;
    chat.waiting[lane].shift();
    chat.busy.add(lane);
    if (item.message !== undefined) chat.touched.add(item.message);
    if (this.#lost !== undefined) this.#lost.probe = item;
    for (const bucket of [chat.bucket, this.#all]) spend(bucket, cost);
    const tried = await item.try();
    chat.busy.delete(lane);
    if (item.message !== undefined) chat.touched.delete(item.message);
    if (tried.is === 'unwritten') for (const bucket of [chat.bucket, this.#all]) spend(bucket, -cost);
    this.#conclude(chat, lane, item, tried);
    this.#pump();
  }

  #conclude(chat: Chat, lane: Lane, item: Item, tried: Tried): void {
    if (tried.is === 'ok' || tried.is === 'same') chat.lastOkAt = this.#clock.now();
    this.#follow(item, tried);
    const isAgain = !this.#isClosed && (tried.is === 'flood' || tried.is === 'unreachable');
    if (isAgain) putBack(chat.waiting, lane, item);
    else item.settle();
    if (tried.is === 'flood') this.#silence(chat, tried.retryAfterMs);
  }

  #silence(chat: Chat, ms: number): void {
    chat.silentUntil = Math.max(chat.silentUntil, this.#now() + ms);
    silence(chat.bucket, chat.silentUntil);
    if (this.#isLong(chat)) thin(chat.waiting);
  }

  /** Calls that were under way when the first one failed say nothing new: only a probe makes the wait longer, or ends it. */
  #follow(item: Item, tried: Tried): void {
    const lost = this.#lost;
    if (lost !== undefined && lost.probe !== item) return;
    if (tried.is === 'unreachable') {
      const delayMs = lost === undefined ? this.#backOff.firstMs : Math.min(lost.delayMs * 2, this.#backOff.maxMs);
      this.#lost = { delayMs, retryAt: this.#now() + delayMs, probe: undefined };
    } else if (tried.is !== 'unwritten') this.#lost = undefined;
    else if (lost !== undefined) lost.probe = undefined;
  }

  #isLong(chat: Chat): boolean {
    return chat.silentUntil - this.#now() > SILENCE_MS_LONG;
  }

  #chatOf(id: number): Chat {
    const known = this.#chats.get(id);
    if (known !== undefined) return known;
    const bucket = createBucket(id < 0 ? PACES.group : PACES.person, this.#now());
    const own = { busy: new Set<Lane>(), touched: new Set<number>(), silentUntil: 0, lastOkAt: 0 };
    const chat: Chat = { waiting: noneWaiting(), bucket, ...own };
    this.#chats.set(id, chat);
    return chat;
  }

  /** The clock without its steps back: one that is set must not silence a chat for an hour. */
  #now(): number {
    const now = this.#clock.now();
    this.#skewMs += Math.max(0, this.#lastNow - now);
    this.#lastNow = now;
    return now + this.#skewMs;
  }
}
