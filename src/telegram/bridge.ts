import { gate } from './access/gate.ts';
import { createRate } from './access/rate.ts';
import { createActs } from './act/desk.ts';
import { menuOf } from './act/menu.ts';
import { createAlertSink } from './alert/alert-sink.ts';
import { createLinkWatch } from './alert/link-watch.ts';
import { localeOf } from './alert/text.ts';
import type { BotApi, Update } from './bot/api.ts';
import { type PollState, startPolling } from './bot/poll.ts';
import { createOutbound } from './bot/queue.ts';
import { chartPhoto } from './chart/chart.ts';
import { Chat } from './chat.ts';
import type { Clock } from './clock.ts';
import {
  type BridgeLog,
  type BridgeSettings,
  type BridgeStore,
  type ChartName,
  commandLine,
  type EngineClient,
  type FaceLine,
  type Locale,
  type Pictures,
  type Ports,
  pictures,
  type Scene,
  type Ui,
} from './core.ts';
import { createNews } from './news.ts';
import { createButtons } from './screen/buttons.ts';
import { createChatScreens } from './screen/chat-screens.ts';

/** What a bridge runs with: all of it is open, and is closed by whoever opened it. */
export interface BridgeParts {
  readonly api: BotApi;
  readonly bot: { readonly id: number; readonly username: string };
  /** Follows the engine (`follow: 'all'`, face `telegram`). */
  readonly client: EngineClient;
  readonly store: BridgeStore;
  readonly settings: BridgeSettings;
  readonly log: BridgeLog;
  readonly clock: Clock;
  readonly profile: string;
  readonly version: string;
  readonly locale: Locale;
  readonly ports: Ports;
  /** The first answer of Telegram's came. */
  onReady(): void;
}

/** Why a bridge ended by itself: another one polls (409), the token is none (401). */
export interface BridgeStopped {
  readonly why: 'conflict' | 'unauthorized';
  readonly text: string;
}

export interface Bridge {
  /** Resolves when it ended by itself. */
  readonly stopped: Promise<BridgeStopped>;
  /** Takes nothing more, and resolves when nothing is under way any more. */
  close(): Promise<void>;
}

/** Commands that Telegram takes. */
const MENU_MAX = 100;
/** Columns of a phone. */
const COLUMNS = 38;
/** What takes longer goes on by itself: other chats are not kept waiting. */
const TAKE_MS_MAX = 5_000;

/** The bridge: updates of Telegram go in, screens and alerts go out, one `Chat` for each that is paired. */
export async function startBridge(parts: BridgeParts): Promise<Bridge> {
  const [drawing, line] = await Promise.all([pictures(), commandLine()]);
  const { client, profile, version, ports, locale } = parts;
  const around = { client, profile, version, locale, pictures: drawing, ascii: false, columns: () => COLUMNS };
  const face = await line.createFaceLine({ ...around, face: 'telegram', boot: async () => ports });
  return new RunningBridge(parts, drawing, face, () => line.sandboxSceneOf(ports.debug));
}

/** `/close@another_bot`: in a group of several bots it is none of this one's. */
function isForOther(text: string, username: string): boolean {
  const name = /^\/\w+@(\w+)/.exec(text)?.[1];
  return name !== undefined && name.toLowerCase() !== username.toLowerCase();
}

class RunningBridge implements Bridge {
  readonly stopped: Promise<BridgeStopped>;
  readonly #of: BridgeParts;
  readonly #pictures: Pictures;
  readonly #face: FaceLine;
  readonly #chats = new Map<number, Chat>();
  /** Those that took nothing when they were last sent something. */
  readonly #shut = new Set<number>();
  readonly #outbound;
  readonly #buttons = createButtons();
  readonly #rate;
  readonly #acts;
  readonly #polling;
  readonly #unsubscribe: () => void;
  #isReady = false;
  #isMenuSet = false;

  constructor(parts: BridgeParts, drawing: Pictures, face: FaceLine, sandbox: () => Promise<Scene | undefined>) {
    this.#of = parts;
    this.#pictures = drawing;
    this.#face = face;
    const { api, clock, store, client, settings, log, profile } = parts;
    this.#outbound = createOutbound(api, clock);
    this.#rate = createRate(clock);
    const { raisesRisk } = settings;
    this.#acts = createActs({ client, line: face, pictures: drawing, clock, raisesRisk, log, profile, sandbox });
    const { promise, resolve } = Promise.withResolvers<BridgeStopped>();
    this.stopped = promise;
    for (const { chat } of store.memory.people) this.#chatOf(chat);
    const news = createNews(clock, (change) => {
      for (const chat of this.#chats.values()) chat.changed(change);
    });
    const unsubscribe = client.subscribe(news.heard);
    this.#unsubscribe = () => {
      unsubscribe();
      news.close();
    };
    this.#polling = startPolling({
      api,
      clock,
      from: store.memory.nextUpdate,
      take: (update) => this.#take(update),
      remember: (nextUpdate) => store.change((memory) => ({ ...memory, nextUpdate })),
      passed: (update, problem) =>
        log.error('an update is passed over', { update: update.update_id, why: `${problem}` }),
      stopped: (why, text) => resolve({ why, text }),
      onState: (state) => this.#heard(state),
    });
  }

  async close(): Promise<void> {
    await this.#polling.close();
    this.#unsubscribe();
    const chats = [...this.#chats.values()].map((chat) => chat.close());
    this.#outbound.close();
    await Promise.all(chats);
  }

  #heard(state: PollState): void {
    const { log, onReady } = this.#of;
    if (state.is === 'lost') {
      log.warn('Telegram does not answer; it is asked again and again', { why: state.text });
      return;
    }
    log.info('Telegram answers');
    this.#outbound.reached();
    for (const chat of this.#chats.values()) chat.reached();
    if (!this.#isMenuSet) void this.#setMenu();
    if (this.#isReady) return;
    this.#isReady = true;
    onReady();
  }

  async #setMenu(): Promise<void> {
    const { api, client, log } = this.#of;
    this.#isMenuSet = true;
    for (const [locale, language] of [
      ['en', ''],
      ['ru', 'ru'],
    ] as const) {
      const set = await api.menu(
        [...this.#ownMenu(locale), ...(await menuOf(locale, client.scene().isDebugEnabled))].slice(0, MENU_MAX),
        language,
      );
      if (set.ok) continue;
      this.#isMenuSet = false;
      log.warn('the menu of commands was not set', { language: locale, why: set.text });
    }
  }

  #ownMenu(locale: Locale) {
    const say = this.#pictures.words(this.#pictures.telegramBridgeWords, locale);
    return [
      { command: 'home', description: say('homeCommand') },
      { command: 'chart_equity', description: say('equityCommand') },
      { command: 'chart_drawdown', description: say('drawdownCommand') },
      { command: 'chart_candles', description: say('candlesCommand') },
    ];
  }

  async #take(update: Update): Promise<void> {
    const { store, clock, log, bot, api } = this.#of;
    // By Telegram's own clock: on a machine that is a minute ahead all that is typed would be old.
    const gated = gate(update, store.memory.people, clock.now() - api.aheadMs());
    if (gated.is === 'dropped') {
      log.info('dropped', { update: update.update_id, why: gated.why });
      return;
    }
    if (gated.is === 'left') return this.#shutOut(gated.chat, 'the bot was blocked or thrown out');
    if (gated.is === 'text' && isForOther(gated.text, bot.username)) {
      log.info('dropped', { update: update.update_id, why: 'for another bot' });
      return;
    }
    const { person } = gated;
    const chat = this.#shut.delete(person.chat) ? this.#reopened(person.chat) : this.#chatOf(person.chat);
    const { isAllowed, isTold } = this.#rate.allows(person.user);
    if (!isAllowed) return chat.tooMuch(gated, isTold);
    await this.#bounded(chat.receive(gated));
  }

  #bounded(done: Promise<void>): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#of.clock.after(TAKE_MS_MAX, resolve);
    void done.finally(cancel).then(resolve);
    return promise;
  }

  /** Its people stay paired, and alerts are tried again by themselves, seldom. */
  #shutOut(chat: number, why: string): void {
    if (this.#shut.has(chat)) return;
    this.#shut.add(chat);
    this.#of.log.warn('a chat takes no messages any more', { chat, why });
  }

  /** Somebody writes there again: what waited is sent now. */
  #reopened(chat: number): Chat {
    const before = this.#chats.get(chat);
    this.#chats.delete(chat);
    void before?.close();
    return this.#chatOf(chat);
  }

  #chatOf(chat: number): Chat {
    const known = this.#chats.get(chat);
    if (known !== undefined) return known;
    const { api, client, store, clock, log } = this.#of;
    const made = { chat, client, pictures: this.#pictures, outbound: this.#outbound, buttons: this.#buttons };
    const around = { ...made, store, clock, log, acts: this.#acts };
    const draw = (ui: Ui, which: ChartName) => this.#chart(ui, which);
    const screens = createChatScreens({ ...around, line: this.#face, chart: draw });
    const sink = createAlertSink({ ...around, onBlocked: ({ text }) => this.#shutOut(chat, text) });
    const link = createLinkWatch(around);
    const fresh = new Chat({ ...around, api, screens, sink, link, chart: draw });
    this.#chats.set(chat, fresh);
    void screens.restore();
    sink.changed();
    return fresh;
  }

  async #chart(ui: Ui, which: ChartName) {
    const { client, log } = this.#of;
    const scene = client.scene();
    return await chartPhoto(scene, ui, which, this.#pictures, localeOf(scene), {
      onFailure: ({ failed, why }) => log.warn('no picture of a chart', { which, failed, why }),
    });
  }
}
