import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ShownChat } from './bot-api-chat.ts';
import { type FaultKind, Faults, insteadAfter, insteadOf, type Strike, spoilingOf } from './bot-api-faults.ts';
import { type FloodLimits, Floods } from './bot-api-floods.ts';
import { type Asked, answer, type Json, numberOf, type Reply, readAsked, refused } from './bot-api-http.ts';
import { type MenuEntry, perform } from './bot-api-methods.ts';
import { Updates } from './bot-api-updates.ts';
import { channelPost, Group, Person, type Place, type Sent } from './bot-api-user.ts';
import { Watch } from './bot-api-watch.ts';
import { secretOf, secretsIn } from './canary.ts';

/** One request, in the order in which they came. It is live: `reply` is there once it is answered. */
export interface Call {
  readonly nth: number;
  readonly method: string;
  readonly chat: number | undefined;
  readonly params: Json;
  /** Wall clock, ms with fractions, when the head of the request came. */
  readonly at: number;
  readonly fault: FaultKind | undefined;
  /** The deed was done, whatever the client was told. */
  readonly isDone: boolean;
  /** What was answered, or was to be. */
  readonly reply: Reply | undefined;
}

type Noted = { -readonly [Name in keyof Call]: Call[Name] };

export interface BotApiOptions {
  readonly token?: string;
  readonly username?: string;
  /** Refuses with 429 as Telegram does when too much comes; absent: it does not. */
  readonly limits?: FloodLimits;
  /** Number of the first update. */
  readonly firstUpdate?: number;
  /** Its clock is so far behind that of this machine. */
  readonly behindMs?: number;
}

const TOKEN = '7000000001:AAcanaryCANARYcanaryCANARYcanaryCANA';
const FORM = /^\d+:[\w-]{35}$/;

const wallNow = (): number => performance.timeOrigin + performance.now();

/**
 * Telegram's Bot API over HTTP on a free port of this machine, as strict as the real one: markup, lengths, keyboards, numbers
 * of messages, chats, offsets. In this process, so that a test sees and does everything by what is here:
 *
 *     const tg = await startBotApi();
 *     const ann = tg.user(42, 'Ann');
 *     ann.say('/risk');
 *     const risk = await tg.waitFor('the screen', () => ann.chat.find(/RISK/));
 *     await ann.press(risk, 'Home').answered;
 *     tg.faults.set({ kind: 'flood', chat: 42, retryAfterS: 5 });
 *
 * Clients may be killed at any instant: what they asked for whole is done, and what they did not confirm comes again.
 */
export class BotApiStandIn {
  readonly token: string;
  readonly faults = new Faults();
  readonly calls: readonly Call[];
  readonly updates: Updates;
  readonly menus = new Map<string, readonly MenuEntry[]>();
  readonly #place: Place;
  readonly #server: Server;
  readonly #floods: Floods | undefined;
  readonly #calls: Noted[] = [];
  readonly #watch: Watch;
  #port = 0;

  constructor({
    token = TOKEN,
    username = 'dzentra_test_bot',
    limits,
    firstUpdate = 700_000_001,
    behindMs = 0,
  }: BotApiOptions) {
    this.token = token;
    this.calls = this.#calls;
    this.#watch = new Watch(() => this.#story());
    this.updates = new Updates(firstUpdate, () => this.#watch.look());
    this.#floods = limits === undefined ? undefined : new Floods(limits);
    const bot = { id: Number(token.split(':')[0]), is_bot: true, first_name: 'Dzentra', username };
    const worlds = { chats: new Map<number, ShownChat>(), menus: this.menus, presses: new Map() };
    let message = 1_000;
    const nextMessage = (): number => {
      message += 1;
      return message;
    };
    this.#place = { ...worlds, bot, updates: this.updates, nextMessage, now: () => wallNow() - behindMs };
    this.#server = createServer({ keepAliveTimeout: 75_000, requestTimeout: 0 }, (request, response) => {
      response.setHeader('date', new Date(this.#place.now()).toUTCString());
      void this.#serve(request, response);
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get chats(): ReadonlyMap<number, ShownChat> {
    return this.#place.chats;
  }

  /** All updates that were put there are confirmed, and the bot polls for the next one. */
  get isIdle(): boolean {
    return this.updates.isPolled && this.updates.waiting.length === 0;
  }

  /** A person with an open private chat, unless he `isNew`: then the bot cannot write before he does. */
  user(id: number, name = `User ${id}`, language = 'en', { isBot = false, isNew = false } = {}): Person {
    const person = new Person(this.#place, { id, name, language, isBot });
    if (!isNew) void person.chat;
    return person;
  }

  /** A supergroup with the bot in it; its number is negative. */
  group(id: number, title = `Group ${-id}`): Group {
    return new Group(this.#place, id, title);
  }

  channelPost(text: string): Sent {
    return channelPost(this.#place, text);
  }

  /** Calls of a method, to one chat or all. */
  made(method: string, chat?: number): readonly Call[] {
    return this.#calls.filter((call) => call.method === method && (chat === undefined || call.chat === chat));
  }

  /**
   * Resolves with the first value that is something: looked at now, and after everything that happens here; no sleeps.
   * Rejects, with the last calls, after so long.
   */
  waitFor<T>(what: string, look: () => T | undefined | false | null, withinMs = 45_000): Promise<T> {
    return this.#watch.waitFor(what, look, withinMs);
  }

  /** Nobody listens any more: connections break, new ones are refused. */
  async goAway(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  /** Listens again, at the same port. */
  async comeBack(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Fails where a message or anything else that was asked for had the token in it. */
  readonly close = async (): Promise<void> => {
    this.#watch.close();
    await this.goAway();
    const leaks = this.#calls.filter(
      ({ params }) => secretsIn(JSON.stringify(params), [secretOf(this.token)]).length > 0,
    );
    if (leaks.length > 0) throw new Error(`expected no token in a request, found it in ${leaks[0]?.method}`);
  };

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = wallNow();
    const gone = new AbortController();
    response.once('close', () => gone.abort()).on('error', () => gone.abort());
    try {
      const asked = await readAsked(request);
      await this.#handle(asked, at, response, gone.signal);
    } catch {
      // A client that was killed in the middle of a request, or sent what cannot be read.
      response.destroy();
    }
    this.#watch.look();
  }

  async #handle(asked: Asked, at: number, response: ServerResponse, gone: AbortSignal): Promise<void> {
    const chat = numberOf(asked.params.chat_id);
    const own = { nth: this.#calls.length, method: asked.method, chat, params: asked.params, at };
    const refusal = this.#refusalOf(asked);
    const strike = refusal === undefined ? this.faults.take(asked.method, chat) : undefined;
    const call: Noted = { ...own, fault: strike?.kind, isDone: false, reply: undefined };
    this.#calls.push(call);
    const instead = strike === undefined ? undefined : insteadOf(strike);
    if (instead !== undefined || refusal !== undefined) {
      call.reply = instead?.reply ?? refusal;
      if (call.reply !== undefined) answer(response, call.reply, instead?.spoiling);
      return;
    }
    call.reply = this.#floods?.take(asked.method, chat) ?? (await this.#perform(asked, gone));
    call.isDone = call.reply.ok;
    if (strike !== undefined) await this.#hold(strike, gone);
    if (gone.aborted) return;
    if (strike === undefined) answer(response, call.reply);
    else answer(response, insteadAfter(strike.kind) ?? call.reply, spoilingOf(strike.kind));
  }

  async #perform(asked: Asked, gone: AbortSignal): Promise<Reply> {
    if (asked.method === 'getUpdates') return await this.updates.take(asked.params, gone);
    const reply = perform(this.#place, asked);
    this.#watch.look();
    return reply;
  }

  /** The answer comes late, or not before the client is gone. */
  async #hold({ kind, ms = 1_000 }: Strike, gone: AbortSignal): Promise<void> {
    if (gone.aborted || (kind !== 'slow' && kind !== 'hang')) return;
    await new Promise<void>((resolve) => {
      const timer = kind === 'slow' ? setTimeout(resolve, ms) : undefined;
      gone.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #refusalOf({ token, method }: Asked): Reply | undefined {
    if (token === this.token) return method === '' ? refused(404, 'Not Found') : undefined;
    return FORM.test(token) ? refused(401, 'Unauthorized') : refused(404, 'Not Found');
  }

  #story(): string {
    const lines = this.#calls.slice(-12).map(({ method, chat, fault, reply }) => {
      const end = reply === undefined ? 'under way' : reply.ok ? 'ok' : reply.description;
      return [method, chat, fault, end].filter((part) => part !== undefined).join(' ');
    });
    return lines.join('; ') || 'no call';
  }
}

/** Starts one; whoever starts it closes it (`onTestFinished(api.close)`). */
export async function startBotApi(options: BotApiOptions = {}): Promise<BotApiStandIn> {
  const api = new BotApiStandIn(options);
  await api.comeBack();
  return api;
}
