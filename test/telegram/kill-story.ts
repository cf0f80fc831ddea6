import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { BotApiStandIn } from '../support/bot-api.ts';
import type { ShownMessage } from '../support/bot-api-chat.ts';
import type { Person, Sent } from '../support/bot-api-user.ts';
import type { BridgeHome } from '../support/bridge-process.ts';
import { secretOf, secretsIn } from '../support/canary.ts';
import type { Written } from './ledger.ts';

export const PROFILE = 'killed';
export const SINK = 'telegram:42';
/** The run that is paused and closed by hand. */
export const OWN_RUN = 4;

/**
 * When a bridge is killed: on its way up, among the first things that it asks of Telegram, once it polls, while it sends, or
 * after somebody said yes. But for the first it is what the bridge does that tells the moment, however long that takes it.
 */
type Moment = 'rising' | 'asking' | 'polling' | 'sending' | 'answered';
const MOMENTS: readonly Moment[] = ['rising', 'asking', 'polling', 'sending', 'sending', 'answered'];
const LATE_MS: Readonly<Record<Moment, number>> = { rising: 500, asking: 40, polling: 400, sending: 40, answered: 120 };
/** A bridge asks for at least so much before it has nothing more to do but wait. */
const ASKED_MAX = 6;
/** Faults keep a bridge from its first poll for seconds, and never for ever. */
const POLLS_MS = 60_000;
/** What need not come: a chat may have nothing to tell, a run no position to close. Then the bridge is killed all the same. */
const NEWS_MS = 1_000;
const ANSWER_MS = 10_000;
/** A person who says more than eight things at once is told to wait, and most of what she says waits for a bridge. */
const PATIENT = 3;

interface Listed {
  readonly alert: number;
  readonly rule: string;
  readonly priority: string;
  readonly delivered: readonly string[];
}

/** Somebody at a phone, and the bridges that are killed under his hands. */
export class Story {
  readonly api: BotApiStandIn;
  readonly home: BridgeHome;
  readonly ann: Person;
  /** Prices that Ann asked to be told of, each once. */
  readonly prices: number[] = [];
  /** Numbers of what she said and pressed, in order. */
  readonly updates: number[] = [];
  /** Questions that she said yes to, some of them twice. */
  readonly agreed = new Set<number>();
  readonly #seed: number;
  #state: number;
  #kills = 0;
  /** As far as she knows: a kill may have kept it from being done. */
  #isPaused = false;

  constructor(api: BotApiStandIn, home: BridgeHome, seed: number) {
    this.api = api;
    this.home = home;
    this.ann = api.user(42, 'Ann');
    this.#seed = seed;
    this.#state = seed;
  }

  /** One bridge, from its start to its kill. */
  async live(): Promise<void> {
    this.#kills += 1;
    const moment = MOMENTS[this.#below(MOMENTS.length)] ?? 'rising';
    const asked = this.#speak(moment);
    const before = this.api.calls.length;
    const bridge = this.home.launch();
    if (moment === 'asking') await this.#polls(before, 1 + this.#below(ASKED_MAX));
    else if (moment !== 'rising') await this.#polls(before);
    if (moment === 'sending') await this.#sent();
    if (moment === 'answered') await this.#agree(asked);
    await sleep(this.#below(LATE_MS[moment]));
    const code = await bridge.end();
    const said = bridge.said();
    expect(code, `${this.#kills} ended by itself, seed ${this.#seed}: ${said}`).toBe(null);
    expect(secretsIn(said, [secretOf(this.home.token)])).toEqual([]);
  }

  /** Acknowledges by number, as the engine lists them, some of the alerts that came. */
  async acknowledge(): Promise<void> {
    const came = (await this.#open()).filter(
      ({ priority, delivered }) => priority === 'HIGH' && delivered.includes(SINK),
    );
    const count = Math.max(0, PATIENT + 1 - this.api.updates.waiting.length);
    for (const { alert } of came.slice(0, count)) this.#say(`/alert_ack ${alert}`);
  }

  /** What the chat has not taken yet. */
  async untold(): Promise<readonly unknown[]> {
    return (await this.#open()).filter(({ rule, delivered }) => rule !== 'channel_lost' && !delivered.includes(SINK));
  }

  async entries<Body>(kinds: string): Promise<readonly Written<Body>[]> {
    return (await this.json(`journal list --kind ${kinds} --limit 100000`)).entries;
  }

  // biome-ignore lint/suspicious/noExplicitAny: what is read is checked where it is used.
  async json(line: string): Promise<any> {
    const { out, err } = await this.home.run(`${line} --profile ${PROFILE} --json`);
    if (out === '') throw new Error(`expected data of ${line}, found ${err}`);
    return JSON.parse(out);
  }

  /** Below so many, as the seed says. */
  #below(most: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * most);
  }

  /** What waits for the bridge when it comes: the number of the last message. */
  #speak(moment: Moment): number {
    const price = 900_000 + this.#kills;
    let last = 0;
    if (moment === 'answered') last = this.#say(`/${this.#wish()} ${OWN_RUN}`).message;
    else if (this.#below(2) === 0 && this.api.updates.waiting.length <= PATIENT) {
      last = this.#say(`/alert_add BTC/USDT:USDT above ${price}`).message;
      this.prices.push(price);
    }
    // Telegram gives once more what was confirmed already.
    const again = this.updates.at(-1 - this.#below(8));
    if (again !== undefined && this.#below(2) === 0) this.api.updates.again(again);
    return last;
  }

  #wish(): string {
    if (!this.#isPaused && this.#below(2) === 0) return 'close';
    this.#isPaused = !this.#isPaused;
    return this.#isPaused ? 'auto_pause' : 'auto_resume';
  }

  #say(text: string): Sent {
    const sent = this.ann.say(text);
    this.updates.push(sent.update);
    return sent;
  }

  /** The bridge polls and waits, or has asked for so much; what a killed one asked for lies `before`. */
  async #polls(before: number, most = Number.POSITIVE_INFINITY): Promise<void> {
    const { api } = this;
    const isThere = (): boolean =>
      api.calls.length >= before + most ||
      (api.updates.isPolled && api.calls.slice(before).some(({ method }) => method === 'getUpdates'));
    await api.waitFor(`kill ${this.#kills}, seed ${this.#seed}: a bridge that polls`, isThere, POLLS_MS);
  }

  /** The next message comes, or is on its way; she answers it where it is an alarm. */
  async #sent(): Promise<void> {
    const { messages } = this.ann.chat;
    const before = this.api.made('sendMessage', 42).length;
    await this.#within(NEWS_MS, 'a message', () => this.api.made('sendMessage', 42).length > before);
    const fresh = this.ann.chat.messages.filter((each) => !messages.includes(each));
    const alarm = fresh.find(({ text }) => text.startsWith('STOPPED'));
    if (alarm !== undefined) this.#press(alarm, 'Acknowledge');
  }

  /** Says yes to the question that came of it, once or, as thumbs tremble, twice; some wait for what comes of that. */
  async #agree(asked: number): Promise<void> {
    const yesOf = ({ buttons }: ShownMessage): string | undefined =>
      buttons.flat().find((text) => text.startsWith('Yes'));
    const isQuestion = (each: ShownMessage): boolean => each.id > asked && yesOf(each) !== undefined;
    const question = await this.#within(ANSWER_MS, 'a question', () => this.ann.chat.messages.findLast(isQuestion));
    const yes = question && yesOf(question);
    if (question === undefined || yes === undefined) return;
    this.agreed.add(question.id);
    const before = this.api.made('answerCallbackQuery').length;
    for (let tap = this.#below(2); tap < 2; tap++) this.#press(question, yes);
    if (this.#below(2) === 0) return;
    // It ends the wait of the button when the engine has answered.
    await this.#within(ANSWER_MS, 'an answer', () => this.api.made('answerCallbackQuery').length > before);
  }

  #press(message: ShownMessage, button: string): void {
    if (message.buttons.flat().includes(button)) this.updates.push(this.ann.press(message, button).update);
  }

  async #within<T>(ms: number, what: string, look: () => T | undefined | false): Promise<T | undefined> {
    return await this.api.waitFor(what, look, ms).catch(() => undefined);
  }

  async #open(): Promise<readonly Listed[]> {
    return (await this.json('alert list')).open;
  }
}
