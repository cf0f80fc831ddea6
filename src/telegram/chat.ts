import type { Received } from './access/person.ts';
import type { Acts, Asked } from './act/acts.ts';
import { lastingDeed } from './alert/lasting.ts';
import type { AlertSink } from './alert/sink.ts';
import { localeOf } from './alert/text.ts';
import type { BotApi, Photo } from './bot/api.ts';
import { type Outbound, sendTwiceIfUnsure } from './bot/outbound.ts';
import type { Clock } from './clock.ts';
import type { BridgeLog, Change, ChartName, EngineClient, Locale, Pictures, Ui } from './core.ts';
import type { Buttons } from './screen/button.ts';
import type { ChatScreens, PressEnd } from './screen/screens.ts';

/** What a chat needs beside its own parts. */
export interface ChatOptions {
  readonly chat: number;
  readonly api: BotApi;
  readonly client: EngineClient;
  readonly pictures: Pictures;
  readonly outbound: Outbound;
  readonly buttons: Buttons;
  readonly acts: Acts;
  readonly clock: Clock;
  readonly log: BridgeLog;
  readonly screens: ChatScreens;
  readonly sink: AlertSink;
  readonly link: { changed(): void; close(): void };
  chart(ui: Ui, which: ChartName): Promise<Photo | string>;
}

/** A wait of a button must end within seconds, whatever the deed takes. */
const PRESS_MS_MAX = 3_000;
const SHOWN_MAX = 60;
/** Of an answer to a press, as Telegram takes it. */
const ANSWER_CHARS_MAX = 200;
const HOMES: ReadonlySet<string> = new Set(['start', 'home', 'menu']);
const CHARTS: readonly ChartName[] = ['equity', 'drawdown', 'candles'];

const isCommand = (received: Received): boolean => received.is === 'text' && /^\s*\//.test(received.text);

/** One chat: what comes in goes to its screens and acts, one after the other; what changes goes out. */
export class Chat {
  readonly #of: ChatOptions;
  #tail: Promise<void> = Promise.resolve();
  #oldWaiting = 0;

  constructor(options: ChatOptions) {
    this.#of = options;
  }

  changed(change: Change): void {
    this.#of.sink.changed();
    this.#of.link.changed();
    this.#of.screens.changed(change);
  }

  /** Telegram answers again. */
  reached(): void {
    this.#of.sink.reached();
  }

  /**
   * Resolves when it is done: in the order in which they came, but for commands that are typed. A long one keeps nobody
   * from a panic.
   */
  receive(received: Received): Promise<void> {
    const begun = isCommand(received) ? Promise.resolve() : this.#tail;
    const done = begun.then(() => this.#handle(received)).catch((problem: unknown) => this.#failed(problem));
    if (!isCommand(received)) this.#tail = done;
    return done;
  }

  /** Somebody does too much: it is dropped. */
  tooMuch(received: Received, isTold: boolean): void {
    const { api } = this.#of;
    if (received.is === 'press') void api.answer(received.callback, this.#say('tooFast'));
    else if (isTold) this.#tell(this.#say('tooFast'));
  }

  async close(): Promise<void> {
    this.#of.link.close();
    this.#of.screens.close();
    await Promise.all([this.#of.sink.close(), this.#tail]);
  }

  async #handle(received: Received): Promise<void> {
    const { person, message, update } = received;
    const asked = { person, message, update };
    if (received.is === 'press') return await this.#pressed(received.callback, received.data, asked);
    if (received.isOld) return this.#old();
    await this.#typed(received.text, asked);
  }

  async #pressed(callback: string, data: string, asked: Asked): Promise<void> {
    const { api, clock } = this.#of;
    let isAnswered = false;
    const answer = ({ text, isAlert }: PressEnd): void => {
      if (isAnswered) return;
      isAnswered = true;
      void api.answer(callback, text?.slice(0, ANSWER_CHARS_MAX), isAlert);
    };
    const cancel = clock.after(PRESS_MS_MAX, () => answer({}));
    try {
      answer(await this.#press(data, asked));
    } finally {
      cancel();
      answer({});
    }
  }

  async #press(data: string, asked: Asked): Promise<PressEnd> {
    const { buttons, screens, acts, chat, client } = this.#of;
    const deed = lastingDeed(data) ?? buttons.take(chat, asked.message, data);
    if (deed === 'old' || deed === 'forged') return await screens.pressedOld(asked, deed);
    if (deed.is !== 'acknowledge') return await screens.press(deed, asked);
    const open = client.scene().state.alarm?.open.find(({ alert }) => alert === deed.alert);
    if (open !== undefined && open.of !== deed.of) return await screens.pressedOld(asked, 'old');
    const words = ['alert', 'ack', `${deed.alert}`];
    const told = await acts.order({ label: 'alert ack', words, stakes: 'none' }, asked);
    if (told.is === 'question') return {};
    return told.isOk ? { text: this.#say('acknowledged') } : { text: told.summary, isAlert: true };
  }

  async #typed(text: string, asked: Asked): Promise<void> {
    const { screens, acts } = this.#of;
    const [, command, rest = ''] = /^\/([A-Za-z0-9_]+)(?:@\w+)?\s*(.*)$/s.exec(text.trim()) ?? [];
    if (command === undefined) {
      const isTaken = await screens.typed(text, asked);
      return isTaken ? undefined : this.#tell(this.#say('what', { text: text.trim().slice(0, SHOWN_MAX) }));
    }
    if (HOMES.has(command)) return await screens.home();
    const chart = /^chart_?(\w*)$/.exec(command)?.[1];
    if (chart !== undefined) return this.#chart(chart === '' ? rest.trim() : chart);
    const found = await acts.typed(text, asked);
    if (found.is !== 'screen') return await screens.tell(found, asked);
    const id = this.#of.pictures.SCREEN_IDS.find((each) => each === found.screen);
    await (id === undefined ? screens.home() : screens.open(id));
  }

  /** It takes a second or so: nobody waits for it. */
  #chart(name: string): void {
    const { outbound, chat, pictures, chart } = this.#of;
    const which = CHARTS.find((each) => each === name);
    if (which === undefined) {
      this.#tell(this.#say('charts'));
      return;
    }
    const ui = pictures.emptyUi(which === 'candles' ? 'market' : 'portfolio', this.#locale);
    const sent = chart(ui, which).then((drawn) => {
      if (typeof drawn === 'string') this.#tell(drawn);
      else void outbound.photo(chat, 'answer', () => drawn);
    });
    void sent.catch((problem: unknown) => this.#failed(problem));
  }

  #old(): void {
    this.#oldWaiting += 1;
    if (this.#oldWaiting === 1) void this.#tellOld().catch((problem: unknown) => this.#failed(problem));
  }

  /** Old ones that come while they are told of are told of after them. */
  async #tellOld(): Promise<void> {
    const { outbound, chat } = this.#of;
    while (this.#oldWaiting > 0) {
      let told = this.#oldWaiting;
      // It may be written more than once: nothing is taken off before it left.
      await sendTwiceIfUnsure(outbound, chat, 'answer', () => {
        told = this.#oldWaiting;
        return { html: this.#html(this.#say('old', { count: told })) };
      });
      this.#oldWaiting -= told;
    }
  }

  #tell(text: string): void {
    const { outbound, chat } = this.#of;
    void sendTwiceIfUnsure(outbound, chat, 'answer', () => ({ html: this.#html(text) }));
  }

  #failed(problem: unknown): void {
    const { log, chat } = this.#of;
    const text = problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
    log.error('a bug of the bridge: what a person sent was not handled', { chat, text });
  }

  #html(text: string): string {
    const { pictures } = this.#of;
    return pictures.escapeXml(pictures.clean(text, false));
  }

  get #locale(): Locale {
    return localeOf(this.#of.client.scene());
  }

  get #say() {
    const { pictures } = this.#of;
    return pictures.words(pictures.telegramBridgeWords, this.#locale);
  }
}
