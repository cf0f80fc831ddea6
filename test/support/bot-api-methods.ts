import { messageJson, type ShownChat, type ShownKeyboard, ShownMessage, type Version } from './bot-api-chat.ts';
import { parseHtml } from './bot-api-html.ts';
import { type Asked, bad, isJson, type Json, nested, numberOf, type Reply, refused, told } from './bot-api-http.ts';

export interface MenuEntry {
  readonly command: string;
  readonly description: string;
}

/** What the bot answered to a pressed button. */
export interface PressAnswer {
  readonly text: string | undefined;
  readonly isAlert: boolean;
}

/** What methods work on. */
export interface World {
  readonly bot: Json & { readonly id: number };
  readonly chats: ReadonlyMap<number, ShownChat>;
  /** Menus by language; `''` is everybody's. */
  readonly menus: Map<string, readonly MenuEntry[]>;
  /** Presses that wait for an answer. */
  readonly presses: Map<string, (answer: PressAnswer) => void>;
  nextMessage(): number;
  now(): number;
}

/** What a method answers, or the problem in Telegram's words: a 400. */
type Done = Reply | string;

const METHODS: Readonly<Record<string, (world: World, asked: Asked) => Done>> = {
  getMe: ({ bot }) => told(bot),
  sendMessage,
  editMessageText,
  deleteMessage,
  sendPhoto,
  answerCallbackQuery,
  setMyCommands,
};

/** Does what is asked, but `getUpdates`. */
export function perform(world: World, asked: Asked): Reply {
  const method = Object.hasOwn(METHODS, asked.method) ? METHODS[asked.method] : undefined;
  if (method === undefined) return refused(404, 'Not Found: method not found');
  const done = method(world, asked);
  return typeof done === 'string' ? bad(done) : done;
}

function sendMessage(world: World, { params }: Asked): Done {
  const chat = chatOf(world, params);
  if (!('chat' in chat)) return chat;
  const version = versionOf(world, params.text, params, 4_096, ['message text is empty', 'message is too long']);
  if (typeof version === 'string') return version;
  return put(world, chat.chat, params, version, undefined);
}

function sendPhoto(world: World, { params, files }: Asked): Done {
  const chat = chatOf(world, params);
  if (!('chat' in chat)) return chat;
  const name = /^attach:\/\/(.+)$/.exec(String(params.photo))?.[1] ?? 'photo';
  const png = files.get(name);
  if (png === undefined) return 'there is no photo in the request';
  if (png.length > 10 * 1024 * 1024) return refused(413, 'Request Entity Too Large');
  const problem = pngProblem(png);
  if (problem !== undefined) return problem;
  const version = versionOf(world, params.caption ?? '', params, 1_024, ['', 'message caption is too long']);
  return typeof version === 'string' ? version : put(world, chat.chat, params, version, png);
}

function put(world: World, chat: ShownChat, params: Json, version: Version, photo: Uint8Array | undefined): Reply {
  const isSilent = String(params.disable_notification) === 'true';
  const own = { id: world.nextMessage(), chat: chat.id, sender: world.bot.id, isSilent, photo };
  const message = new ShownMessage(own, version);
  chat.all.push(message);
  return told(messageJson(chat, message, world.bot));
}

function editMessageText(world: World, { params }: Asked): Done {
  const chat = chatOf(world, params);
  if (!('chat' in chat)) return chat;
  const message = messageOf(chat.chat, params, 'edit');
  if (typeof message === 'string') return message;
  if (message.sender !== world.bot.id) return "message can't be edited";
  if (message.photo !== undefined) return 'there is no text in the message to edit';
  const version = versionOf(world, params.text, params, 4_096, ['message text is empty', 'message is too long']);
  if (typeof version === 'string') return version;
  if (message.isAs(version)) return NOT_MODIFIED;
  message.versions.push(version);
  return told(messageJson(chat.chat, message, world.bot));
}

const NOT_MODIFIED =
  'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message';

function deleteMessage(world: World, { params }: Asked): Done {
  const chat = chatOf(world, params);
  if (!('chat' in chat)) return chat;
  const message = messageOf(chat.chat, params, 'delete');
  if (typeof message === 'string') return message;
  message.isDeleted = true;
  return told(true);
}

function answerCallbackQuery(world: World, { params }: Asked): Done {
  const id = String(params.callback_query_id);
  const waiting = world.presses.get(id);
  if (waiting === undefined) return 'query is too old and response timeout expired or query ID is invalid';
  const text = typeof params.text === 'string' && params.text !== '' ? params.text : undefined;
  if (text !== undefined && text.length > 200) return 'MESSAGE_TOO_LONG';
  world.presses.delete(id);
  waiting({ text, isAlert: String(params.show_alert) === 'true' });
  return told(true);
}

function setMyCommands(world: World, { params }: Asked): Done {
  const given = nested(params.commands);
  const language = String(params.language_code ?? '');
  if (!/^(?:[a-z]{2})?$/.test(language)) return 'invalid language code specified';
  if (!Array.isArray(given)) return "can't parse commands JSON object";
  if (given.length > 100) return 'BOT_COMMANDS_TOO_MUCH';
  const menu: MenuEntry[] = [];
  for (const each of given) {
    const { command, description } = isJson(each) ? each : {};
    if (typeof command !== 'string' || !/^[a-z0-9_]{1,32}$/.test(command)) return 'BOT_COMMAND_INVALID';
    const isGood = typeof description === 'string' && description.length >= 1 && description.length <= 256;
    if (!isGood) return 'BOT_COMMAND_DESCRIPTION_INVALID';
    menu.push({ command, description });
  }
  world.menus.set(language, menu);
  return told(true);
}

function chatOf(world: World, params: Json): { readonly chat: ShownChat } | Reply {
  const chat = world.chats.get(numberOf(params.chat_id) ?? Number.NaN);
  if (chat === undefined) return bad('chat not found');
  if (chat.closed === 'blocked') return refused(403, 'Forbidden: bot was blocked by the user');
  if (chat.closed === 'kicked') return refused(403, 'Forbidden: bot was kicked from the supergroup chat');
  if (chat.closed === 'deactivated') return refused(403, 'Forbidden: user is deactivated');
  return { chat };
}

function messageOf(chat: ShownChat, params: Json, deed: 'edit' | 'delete'): ShownMessage | string {
  const id = numberOf(params.message_id);
  if (id === undefined || id <= 0) return 'message identifier is not specified';
  const message = chat.message(id);
  if (message !== undefined && !message.isDeleted) return message;
  // A number that was never given to any message of the chat is told apart in edits alone.
  return message === undefined && deed === 'edit' ? 'MESSAGE_ID_INVALID' : `message to ${deed} not found`;
}

function versionOf(
  world: World,
  given: unknown,
  params: Json,
  lengthMax: number,
  [empty, tooLong]: readonly [string, string],
): Version | string {
  const html = typeof given === 'string' ? given : '';
  const formatted = params.parse_mode === 'HTML' ? parseHtml(html) : { text: html.trim(), entities: [] };
  if (typeof formatted === 'string') return formatted;
  if (formatted.text === '' && empty !== '') return empty;
  if (formatted.text.length > lengthMax) return tooLong;
  const keyboard = keyboardOf(nested(params.reply_markup));
  return typeof keyboard === 'string' ? keyboard : { ...formatted, html, keyboard, at: world.now() };
}

/** An inline keyboard: 100 buttons, eight in a row, at most. */
function keyboardOf(markup: unknown): ShownKeyboard | string {
  if (markup === undefined || markup === null) return [];
  const rows = isJson(markup) ? markup.inline_keyboard : undefined;
  if (!Array.isArray(rows) || !rows.every(Array.isArray)) return "can't parse reply keyboard markup JSON object";
  if (rows.flat().length > 100 || rows.some(({ length }) => length > 8)) return 'reply markup is too long';
  const read: { readonly text: string; readonly data: string }[][] = [];
  for (const row of rows) {
    const buttons: { readonly text: string; readonly data: string }[] = [];
    for (const button of row) {
      const { text, callback_data: data } = isJson(button) ? button : {};
      if (typeof text !== 'string' || text.trim() === '')
        return "can't parse inline keyboard button: Text must be non-empty";
      const bytes = typeof data === 'string' ? Buffer.byteLength(data) : 0;
      if (typeof data !== 'string' || bytes === 0 || bytes > 64) return 'BUTTON_DATA_INVALID';
      buttons.push({ text, data });
    }
    if (buttons.length > 0) read.push(buttons);
  }
  return read;
}

/** Sides of at most 10,000 together, none twenty times the other. */
function pngProblem(png: Uint8Array): string | undefined {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  if (png.length < 33 || view.getUint32(0) !== 0x89504e47) return 'IMAGE_PROCESS_FAILED';
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const isGood =
    width > 0 && height > 0 && width + height <= 10_000 && Math.max(width, height) <= Math.min(width, height) * 20;
  return isGood ? undefined : 'PHOTO_INVALID_DIMENSIONS';
}
