import type { Formatted } from './bot-api-html.ts';
import type { Json } from './bot-api-http.ts';

export interface ShownButton {
  readonly text: string;
  readonly data: string;
}

export type ShownKeyboard = readonly (readonly ShownButton[])[];

/** How a message looked until it was edited. */
export interface Version {
  /** As it is read: without tags. */
  readonly text: string;
  /** As it was sent. */
  readonly html: string;
  readonly entities: Formatted['entities'];
  readonly keyboard: ShownKeyboard;
  /** Wall clock, ms with fractions. */
  readonly at: number;
}

/** A message as a person sees it. It is live: an edit shows at once. */
export class ShownMessage {
  readonly id: number;
  readonly chat: number;
  /** Who wrote it: the bot, or a person. */
  readonly sender: number;
  readonly isSilent: boolean;
  /** The PNG. */
  readonly photo: Uint8Array | undefined;
  /** From the first to the one that is seen. */
  readonly versions: Version[];
  isDeleted = false;

  constructor(of: Pick<ShownMessage, 'id' | 'chat' | 'sender' | 'isSilent' | 'photo'>, first: Version) {
    this.id = of.id;
    this.chat = of.chat;
    this.sender = of.sender;
    this.isSilent = of.isSilent;
    this.photo = of.photo;
    this.versions = [first];
  }

  get text(): string {
    return this.#last.text;
  }

  get html(): string {
    return this.#last.html;
  }

  get keyboard(): ShownKeyboard {
    return this.#last.keyboard;
  }

  get edits(): number {
    return this.versions.length - 1;
  }

  /** When it was sent. */
  get at(): number {
    return this.versions[0]?.at ?? 0;
  }

  /** Texts of its buttons, in rows. */
  get buttons(): readonly (readonly string[])[] {
    return this.keyboard.map((row) => row.map(({ text }) => text));
  }

  isAs({ text, entities, keyboard }: Version): boolean {
    const last = this.#last;
    return JSON.stringify([text, entities, keyboard]) === JSON.stringify([last.text, last.entities, last.keyboard]);
  }

  get #last(): Version {
    const last = this.versions.at(-1);
    if (last === undefined) throw new Error('expected a message to have a text');
    return last;
  }
}

/** Why a chat takes nothing of the bot. */
export type Closed = 'blocked' | 'kicked' | 'deactivated';

export class ShownChat {
  readonly id: number;
  readonly type: 'private' | 'supergroup' | 'channel';
  readonly title: string;
  readonly bot: number;
  /** All that ever was, removed ones too. */
  readonly all: ShownMessage[] = [];
  closed: Closed | undefined;

  constructor(id: number, type: ShownChat['type'], title: string, bot: number) {
    this.id = id;
    this.type = type;
    this.title = title;
    this.bot = bot;
  }

  /** What the bot shows there now, oldest first. */
  get messages(): readonly ShownMessage[] {
    return this.all.filter(({ sender, isDeleted }) => sender === this.bot && !isDeleted);
  }

  /** The newest message that the bot shows. */
  get last(): ShownMessage | undefined {
    return this.messages.at(-1);
  }

  /** The newest that has such words in it. */
  find(words: string | RegExp): ShownMessage | undefined {
    return this.messages.findLast(({ text }) => (typeof words === 'string' ? text.includes(words) : words.test(text)));
  }

  message(id: number): ShownMessage | undefined {
    return this.all.find((message) => message.id === id);
  }

  /** As Telegram writes it. */
  json(): Json {
    if (this.type === 'private') return { id: this.id, type: this.type, first_name: this.title };
    return { id: this.id, type: this.type, title: this.title };
  }
}

/** A message of the bot as Telegram writes it. */
export function messageJson(chat: ShownChat, message: ShownMessage, bot: Json): Json {
  if (message.isDeleted) return { message_id: message.id, date: 0, chat: chat.json() };
  const date = Math.floor(message.at / 1_000);
  const edited = message.edits > 0 ? { edit_date: Math.floor((message.versions.at(-1)?.at ?? 0) / 1_000) } : {};
  const photo = [{ file_id: `photo${message.id}`, file_unique_id: `${message.id}`, width: 1, height: 1 }];
  const content = message.photo === undefined ? { text: message.text } : { photo, caption: message.text };
  const rows = message.keyboard.map((row) => row.map(({ text, data }) => ({ text, callback_data: data })));
  const markup = rows.length === 0 ? {} : { reply_markup: { inline_keyboard: rows } };
  return { message_id: message.id, from: bot, chat: chat.json(), date, ...edited, ...content, ...markup };
}
