import type { Answered, Failure, Post } from '../bot/api.ts';
import { alerts, type OpenAlert, type Scene, sinkOf } from '../core.ts';
import { ALERT_LANES, type AlertLane, choiceOf, laneOf } from './choice.ts';
import { Deliveries } from './deliveries.ts';
import { idOf, Sending } from './sending.ts';
import type { AlertSink, AlertSinkOptions } from './sink.ts';
import { alertPost, digestPost, type Leaving, localeOf } from './text.ts';

/**
 * Sends what the engine's outbox holds for a chat: sink `telegram:<chat>`. HIGH goes one by one in the lane `urgent`, the
 * rest in `news`, many at once as a digest; what is sent and how it reads is decided when its turn comes.
 *
 * At least once: an alert is written down before it leaves, and is out of the outbox when the engine has journaled that the
 * chat took it. One that may have arrived already (no answer, or an earlier process had written it down) is sent again with
 * a mark. Without a link nothing below HIGH is begun; what was sent is told once the link is back.
 */
export function createAlertSink(options: AlertSinkOptions): AlertSink {
  return new ChatSink(options);
}

/** What happened to an alert before. */
interface Past {
  /** It may have arrived. */
  readonly isUnsure: boolean;
  /** It was refused with markup. */
  readonly isPlain: boolean;
  readonly tries: number;
  /** It is not tried again yet. */
  readonly isResting: boolean;
}

const NO_PAST: Past = { isUnsure: false, isPlain: false, tries: 0, isResting: false };

/** A message that waits for its turn or is under way. */
interface Trip {
  leaving: readonly Leaving[];
  isWritten: boolean;
  work: Promise<void>;
}

const REST_MS = 1_000;
const REST_MS_MAX = 60_000;
/** A chat that is closed to the bot is tried again so often; so is a token that was refused. */
const BLOCKED_MS = 600_000;
/** At the end what is under way is waited for so long. */
const CLOSE_MS = 5_000;

class ChatSink implements AlertSink {
  readonly #of: AlertSinkOptions;
  readonly #sink: string;
  readonly #sending: Sending;
  readonly #deliveries: Deliveries;
  readonly #past = new Map<string, Past>();
  readonly #trips = new Map<AlertLane, Trip>();
  readonly #timers = new Set<() => void>();
  #outbox: Awaited<ReturnType<typeof alerts>> | undefined;
  /** The last entry of the first picture: what is older was raised before this sink began. */
  #bornSeq: number | undefined;
  #isBlocked = false;
  /** Nothing more is begun; then: nothing is waited for any more. */
  #isClosed = false;
  #isOver = false;

  constructor(options: AlertSinkOptions) {
    const { chat, store, client, log } = options;
    this.#of = options;
    this.#sink = sinkOf(chat);
    this.#sending = new Sending(store, chat, log);
    const later = (ms: number, call: () => void): void => this.#later(ms, call);
    const onAnswers = (): void => this.changed();
    this.#deliveries = new Deliveries({ sink: this.#sink, client, log, later, onAnswers });
    for (const id of this.#sending.ids()) this.#past.set(id, { ...NO_PAST, isUnsure: true });
    void this.#load();
  }

  changed(): void {
    if (this.#outbox === undefined || this.#isClosed) return;
    const scene = this.#of.client.scene();
    if (scene.link === 'up') {
      this.#bornSeq ??= scene.state.seq;
      this.#tidy(scene);
    }
    this.#deliveries.go();
    for (const lane of ALERT_LANES) this.#queue(lane, scene);
  }

  reached(): void {
    for (const id of this.#past.keys()) this.#change(id, { isResting: false, tries: 0 });
    this.changed();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const under = [...this.#trips.values()].flatMap(({ isWritten, work }) => (isWritten ? [work] : []));
    await Promise.race([this.#finished(under), this.#tooLong()]);
    this.#isOver = true;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  async #load(): Promise<void> {
    this.#outbox = await alerts();
    this.changed();
  }

  async #finished(trips: readonly Promise<void>[]): Promise<void> {
    await Promise.all(trips);
    await this.#deliveries.idle();
  }

  #tooLong(): Promise<void> {
    return new Promise((resolve) => this.#later(CLOSE_MS, resolve));
  }

  #later(ms: number, call: () => void): void {
    if (this.#isOver) return;
    const cancel = this.#of.clock.after(ms, () => {
      this.#timers.delete(cancel);
      call();
    });
    this.#timers.add(cancel);
  }

  /** What is not wanted any more (delivered, acknowledged, expired) needs no memory. */
  #tidy(scene: Scene): void {
    const wanted = new Set(this.#outboxOf(scene).map(idOf));
    const leaving = new Set([...this.#trips.values()].flatMap((trip) => trip.leaving).map(({ alert }) => idOf(alert)));
    const known = new Set([...this.#sending.ids(), ...this.#deliveries.ids(), ...this.#past.keys()]);
    const over = [...known].filter((id) => !wanted.has(id) && !leaving.has(id) && this.#deliveries.forget(id));
    for (const id of over) this.#past.delete(id);
    this.#sending.end(new Set(over));
  }

  #outboxOf({ state, now }: Scene): readonly OpenAlert[] {
    return this.#outbox?.outboxOf(state, this.#sink, now ?? 0) ?? [];
  }

  #waiting(lane: AlertLane, scene: Scene): readonly OpenAlert[] {
    if (this.#isClosed || this.#isBlocked || (lane === 'news' && scene.link !== 'up')) return [];
    return this.#outboxOf(scene).filter((alert) => {
      const id = idOf(alert);
      return laneOf(alert) === lane && !this.#deliveries.has(id) && !this.#pastOf(id).isResting;
    });
  }

  #queue(lane: AlertLane, scene: Scene): void {
    if (this.#trips.has(lane) || this.#waiting(lane, scene).length === 0) return;
    const trip: Trip = { leaving: [], isWritten: false, work: Promise.resolve() };
    this.#trips.set(lane, trip);
    trip.work = this.#travel(lane, trip);
  }

  async #travel(lane: AlertLane, trip: Trip): Promise<void> {
    const { outbound, chat, log } = this.#of;
    let isGoing = true;
    try {
      const answered = await outbound.send(chat, lane, () => this.#write(lane, trip));
      // Written and not sent, or never written: nothing leaves from there any more.
      isGoing = answered !== undefined || (trip.isWritten && trip.leaving.length === 0);
      if (answered === undefined) this.#unsent(trip);
      else this.#conclude(trip, answered);
    } catch (problem) {
      log.error('an alert could not be written', { chat, why: problem instanceof Error ? problem.message : 'unknown' });
      this.#rest(trip.leaving);
    }
    this.#trips.delete(lane);
    if (isGoing) this.changed();
  }

  /** Its turn has come; it may come again where nothing went through, and by then other alerts may be first. */
  async #write(lane: AlertLane, trip: Trip): Promise<Post | undefined> {
    const scene = this.#of.client.scene();
    const before = trip.leaving;
    const chosen = choiceOf(this.#waiting(lane, scene), lane, (alert) => this.#isOld(alert, scene));
    trip.leaving = chosen.map((alert): Leaving => ({ alert, isRepeat: this.#pastOf(idOf(alert)).isUnsure }));
    trip.isWritten = true;
    this.#unsent({ leaving: before.filter(({ alert }) => !chosen.some((each) => idOf(each) === idOf(alert))) });
    if (chosen.length === 0) return undefined;
    await this.#sending.begin(chosen);
    return this.#post(trip.leaving, scene);
  }

  #post(leaving: readonly Leaving[], scene: Scene): Post {
    const { pictures } = this.#of;
    const pen = { pictures, scene, locale: localeOf(scene) };
    const isPlain = leaving.some(({ alert }) => this.#pastOf(idOf(alert)).isPlain);
    const [first, second] = leaving;
    const isOne = first !== undefined && second === undefined;
    return isOne ? alertPost(pen, first, isPlain) : digestPost(pen, leaving, isPlain);
  }

  /** This chat is new to the engine, and the alert is not. */
  #isOld({ seq }: OpenAlert, { state }: Scene): boolean {
    return state.alarm?.sinks?.[this.#sink] === undefined && seq <= (this.#bornSeq ?? 0);
  }

  #conclude({ leaving }: Trip, answered: Answered<number>): void {
    const { log, chat, onBlocked } = this.#of;
    if (answered.ok) {
      this.#took(leaving, `${answered.value}`);
    } else if (answered.is === 'unsure') {
      log.warn('it is not known whether alerts arrived; they are sent again', { chat, why: answered.text });
      for (const { alert } of leaving) this.#change(idOf(alert), { isUnsure: true });
      this.#rest(leaving);
    } else if (answered.is === 'rejected' || answered.is === 'gone' || answered.is === 'same') {
      this.#rejected(leaving, answered);
    } else {
      this.#unsent({ leaving });
      this.#block(answered);
      if (answered.is === 'blocked') onBlocked(answered);
    }
  }

  #took(leaving: readonly Leaving[], ref: string): void {
    this.#deliveries.add(leaving.map(({ alert: { alert, nth }, isRepeat }) => ({ alert, nth, ref, isRepeat })));
  }

  /** Once more without markup; what is refused like that would be refused for ever. */
  #rejected(leaving: readonly Leaving[], { text }: Failure): void {
    const { log, chat } = this.#of;
    const isPlain = ({ alert }: Leaving): boolean => this.#pastOf(idOf(alert)).isPlain;
    const lost = leaving.filter(isPlain);
    for (const each of leaving) if (!isPlain(each)) this.#change(idOf(each.alert), { isPlain: true });
    const ids = leaving.map(({ alert }) => idOf(alert)).join(' ');
    if (lost.length === 0)
      log.warn('alerts were rejected; they are sent once more as plain text', { chat, ids, why: text });
    else log.error('alerts cannot be sent, not even as plain text', { chat, ids, why: text });
    if (lost.length > 0) this.#took(lost, 'rejected');
  }

  #block({ is, text }: Failure): void {
    this.#of.log.error('alerts do not leave; they wait', { chat: this.#of.chat, is, why: text });
    this.#isBlocked = true;
    this.#later(BLOCKED_MS, () => {
      this.#isBlocked = false;
      this.changed();
    });
  }

  /** Nothing of it left: a later process need not take it for a repeat. */
  #unsent({ leaving }: Pick<Trip, 'leaving'>): void {
    const ids = leaving.map(({ alert }) => idOf(alert)).filter((id) => !this.#pastOf(id).isUnsure);
    if (ids.length > 0) this.#sending.end(new Set(ids));
  }

  #rest(leaving: readonly Leaving[]): void {
    const ids = leaving.map(({ alert }) => idOf(alert));
    for (const id of ids) this.#change(id, { isResting: true, tries: this.#pastOf(id).tries + 1 });
    const tries = Math.min(...ids.map((id) => this.#pastOf(id).tries));
    this.#later(Math.min(REST_MS * 2 ** (tries - 1), REST_MS_MAX), () => {
      for (const id of ids) if (this.#past.has(id)) this.#change(id, { isResting: false });
      this.changed();
    });
  }

  #pastOf(id: string): Past {
    return this.#past.get(id) ?? NO_PAST;
  }

  #change(id: string, more: Partial<Past>): void {
    this.#past.set(id, { ...this.#pastOf(id), ...more });
  }
}
