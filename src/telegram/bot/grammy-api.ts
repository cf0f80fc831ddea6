import { Api, GrammyError, HttpError, InputFile } from 'grammy';
import type { Update } from 'grammy/types';
import type { Answered, BotApi, Failure, Keyboard, Post } from './api.ts';
import { failureOf } from './failure.ts';
import { createWire, WireError } from './wire.ts';

export interface BotApiOptions {
  readonly token: string;
  /** `https://api.telegram.org`, or a Bot API server of one's own. */
  readonly api: string;
  /** `[http://][user:password@]host:port`; loopback is never reached through it. */
  readonly proxy?: string | undefined;
  /** How long an answer may take; four times as long for a picture, and a poll may take its own time besides. */
  readonly timeoutMs?: number | undefined;
}

const TIMEOUT_MS = 15_000;
/** grammY's own limit on one request, which the limits here stay below. */
const GRAMMY_TIMEOUT_S = 900;
const TEXT_LENGTH_MAX = 200;
const ALLOWED = ['message', 'callback_query', 'my_chat_member'] as const;

/**
 * The Bot API over grammY. One request a call; nothing is tried again, and it never rejects.
 *
 * - `unreachable`: no byte of the request left (no name, no connection, a broken handshake, a proxy that refuses), or a
 *   front that is not the Bot API said 3xx or 4xx.
 * - `unsure`: it left, and there is no whole answer: reset, time-out, 5xx, a page in place of JSON, an answer cut off or of
 *   another shape. It means the same for every method; what only asks or sets (`me`, `updates`, `edit`, `menu`) may simply
 *   be asked again.
 *
 * Texts are made here of codes and of Telegram's description, with the token taken out: errors of a request hold its address.
 * Out of updates it is taken, too: a person who pasted it into a chat finds it neither echoed nor kept.
 */
export function createBotApi({ token, api, proxy, timeoutMs = TIMEOUT_MS }: BotApiOptions): BotApi {
  const root = api.replace(/\/+$/, '');
  let aheadMs = 0;
  const wire = createWire(root, proxy, (date) => {
    aheadMs = Date.now() - date;
  });
  const grammy = new Api(token, { apiRoot: root, fetch: wire, timeoutSeconds: GRAMMY_TIMEOUT_S });
  const bare = withoutToken(token);
  const ask = asking(token, bare);
  const calls = <T>(run: (signal: Signal) => Promise<T>, ms = timeoutMs): Promise<Answered<T>> =>
    ask(run, AbortSignal.timeout(ms), ms);
  return {
    aheadMs: () => aheadMs,
    me: async () => shaped(await calls((signal) => grammy.getMe(signal)), meOf),
    updates: async (offset, timeoutS, signal) => {
      const ms = timeoutS * 1_000 + timeoutMs;
      const asked = { offset, timeout: timeoutS, limit: 100, allowed_updates: ALLOWED };
      const until = AbortSignal.any([signal, AbortSignal.timeout(ms)]);
      const heard = shaped(await ask((stop) => grammy.getUpdates(asked, stop), until, ms), updatesOf);
      return heard.ok ? { ok: true, value: heard.value.map((update) => bareUpdate(update, bare)) } : heard;
    },
    send: async (chat, post) =>
      shaped(await calls((signal) => grammy.sendMessage(chat, post.html, messageOf(post), signal)), numberOf),
    edit: async (chat, message, post) =>
      done(await calls((signal) => grammy.editMessageText(chat, message, post.html, textOf(post), signal))),
    remove: async (chat, message) => done(await calls((signal) => grammy.deleteMessage(chat, message, signal))),
    photo: async (chat, { png, caption, keyboard }) => {
      const more = { caption, parse_mode: 'HTML', ...markupOf(keyboard) } as const;
      const file = new InputFile(png, 'chart.png');
      return shaped(await calls((signal) => grammy.sendPhoto(chat, file, more, signal), timeoutMs * 4), numberOf);
    },
    answer: async (callback, text, isAlert = false) => {
      const more = text === undefined ? {} : { text, show_alert: isAlert };
      return done(await calls((signal) => grammy.answerCallbackQuery(callback, more, signal)));
    },
    menu: async (commands, language) => {
      const more = language === '' ? {} : { language_code: language };
      return done(await calls((signal) => grammy.setMyCommands(commands, more, signal)));
    },
  };
}

type Signal = NonNullable<Parameters<Api['getMe']>[0]>;
type Ask = <T>(run: (signal: Signal) => Promise<T>, signal: AbortSignal, ms: number) => Promise<Answered<T>>;

function asking(token: string, bare: Bare): Ask {
  const safe = (text: string): string =>
    bare(text)
      .replace(/[\p{C}\s]+/gu, ' ')
      .slice(0, TEXT_LENGTH_MAX);
  // Without a token in an address no request leaves: what was given is cut out of nothing, then.
  const isToken = /^[\w:-]+$/.test(token);
  return async (run, signal, ms) => {
    if (!isToken) return { ok: false, is: 'unauthorized', text: 'this is not the token of a bot' };
    try {
      return { ok: true, value: await run(signal as unknown as Signal) };
    } catch (error) {
      if (error instanceof GrammyError) return failureOf(error, safe(`${error.error_code}: ${error.description}`));
      return brokenOf(error, signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError' ? ms : 0);
    }
  };
}

/** `timedOutMs` 0: it did not time out. */
function brokenOf(error: unknown, timedOutMs: number): Failure {
  const inner: unknown = error instanceof HttpError ? error.error : error;
  const why = inner instanceof WireError ? inner : new WireError('broken', 'an answer that cannot be read');
  const code = timedOutMs > 0 ? `nothing within ${timedOutMs / 1_000} s` : why.code;
  if (why.fault === 'unsent') return { ok: false, is: 'unreachable', text: `no connection to Telegram: ${code}` };
  if (why.fault === 'refused') return { ok: false, is: 'unreachable', text: `the way to Telegram is barred: ${code}` };
  return { ok: false, is: 'unsure', text: `no whole answer of Telegram: ${code}` };
}

type Bare = (text: string) => string;

/** Texts without the token, however they have it. */
function withoutToken(token: string): Bare {
  const secrets = [token, encodeURIComponent(token), token.slice(token.indexOf(':') + 1)].filter(
    ({ length }) => length > 0,
  );
  return (text) => secrets.reduce((left, secret) => left.replaceAll(secret, '***'), text);
}

function bareUpdate(update: Update, bare: Bare): Update {
  const text = JSON.stringify(update);
  const left = bare(text);
  return left === text ? update : (JSON.parse(left) as Update);
}

const PLAIN = { parse_mode: 'HTML', link_preview_options: { is_disabled: true } } as const;

const textOf = ({ keyboard }: Post) => ({ ...PLAIN, ...markupOf(keyboard) });
const messageOf = (post: Post) => ({ ...textOf(post), disable_notification: post.isSilent === true });

function markupOf(keyboard: Keyboard | undefined) {
  if (keyboard === undefined || keyboard.length === 0) return {};
  const rows = keyboard.map((row) => row.map(({ text, data }) => ({ text, callback_data: data })));
  return { reply_markup: { inline_keyboard: rows } };
}

/** An answer that is none of the kind that was asked for may still mean that it was done. */
function shaped<From, To>(answered: Answered<From>, read: (value: From) => To | undefined): Answered<To> {
  if (!answered.ok) return answered;
  const value = read(answered.value);
  if (value !== undefined) return { ok: true, value };
  return { ok: false, is: 'unsure', text: 'no whole answer of Telegram: it has another shape than expected' };
}

const done = (answered: Answered<unknown>): Answered<void> => (answered.ok ? { ok: true, value: undefined } : answered);

/** The other side's word for the shape of its answer is not taken. */
const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;

function meOf(value: unknown): { readonly id: number; readonly username: string } | undefined {
  const id = memberOf(value, 'id');
  const username = memberOf(value, 'username');
  return Number.isSafeInteger(id) && typeof username === 'string' ? { id: Number(id), username } : undefined;
}

function numberOf(value: unknown): number | undefined {
  const id = memberOf(value, 'message_id');
  return Number.isSafeInteger(id) ? Number(id) : undefined;
}

function updatesOf(value: readonly Update[]): readonly Update[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.every((update) => Number.isSafeInteger(memberOf(update, 'update_id'))) ? value : undefined;
}
