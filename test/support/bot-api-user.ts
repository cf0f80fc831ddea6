import { messageJson, type ShownButton, ShownChat, ShownMessage } from './bot-api-chat.ts';
import type { Json } from './bot-api-http.ts';
import type { PressAnswer, World } from './bot-api-methods.ts';
import type { Updates } from './bot-api-updates.ts';

/** Where people meet the bot. */
export interface Place extends World {
  readonly chats: Map<number, ShownChat>;
  readonly updates: Updates;
}

/** Where and when something is said; absent: in private, now. */
export interface Said {
  readonly chat?: number | undefined;
  /** So many seconds ago. */
  readonly ageS?: number | undefined;
}

/** What a person sent. */
export interface Sent {
  /** Number of the update. */
  readonly update: number;
  readonly message: number;
}

export interface Press {
  readonly update: number;
  readonly callback: string;
  /** What came in answer so far. */
  readonly answer: PressAnswer | undefined;
  /** Resolves when the bot answers the press. */
  readonly answered: Promise<PressAnswer>;
}

/** A person who writes to the bot and presses its buttons, or, with `isBot`, another bot. */
export class Person {
  readonly id: number;
  readonly name: string;
  readonly language: string;
  readonly isBot: boolean;
  readonly #place: Place;

  constructor(place: Place, of: Pick<Person, 'id' | 'name' | 'language' | 'isBot'>) {
    this.id = of.id;
    this.name = of.name;
    this.language = of.language;
    this.isBot = of.isBot;
    this.#place = place;
  }

  /** The private chat with the bot. It is open once something was said there; `user()` opens it at once. */
  get chat(): ShownChat {
    return chatOf(this.#place, this.id, this.name);
  }

  say(text: string, said?: Said): Sent {
    const command = /^\/[\w@]+/.exec(text)?.[0];
    const entities =
      command === undefined ? {} : { entities: [{ type: 'bot_command', offset: 0, length: command.length }] };
    return this.sends({ text, ...entities }, said);
  }

  /** A message with whatever members: `{ sticker: ... }`, `{ text, via_bot: ... }`. */
  sends(members: Json, { chat: id = this.id, ageS = 0 }: Said = {}): Sent {
    const chat = chatOf(this.#place, id, this.name);
    const text = typeof members.text === 'string' ? members.text : '';
    return sent(this.#place, chat, this.id, text, { from: this.json(), ...dated(this.#place, ageS), ...members });
  }

  /** What somebody else wrote. */
  forwards(text: string, said?: Said): Sent {
    const sender_user = { id: 4_242, is_bot: false, first_name: 'Somebody' };
    return this.sends({ text, forward_origin: { type: 'user', sender_user, date: 1 } }, said);
  }

  /** Another text for what was said: `edited_message`, which the bot gets though it did not ask for it. */
  edits(message: number, text: string, { chat: id = this.id, ageS = 0 }: Said = {}): Sent {
    const chat = chatOf(this.#place, id, this.name);
    const dates = { ...dated(this.#place, ageS), edit_date: seconds(this.#place) };
    const edited_message = { message_id: message, from: this.json(), chat: chat.json(), ...dates, text };
    return { update: this.#place.updates.put({ edited_message }, true), message };
  }

  /**
   * Presses a button: its whole text, or `{ data }` for one that the message has no more, or never had. A number stands for a
   * message that Telegram no longer shows to the bot. `members` overrides what the callback says (`{ message: undefined }`).
   */
  press(message: ShownMessage | number, button: string | { readonly data: string }, members: Json = {}): Press {
    const place = this.#place;
    const data = typeof button === 'string' ? dataOf(message, button) : button.data;
    const callback = `${this.id}${place.nextMessage()}`;
    const at = typeof message === 'number' ? this.chat : chatOf(place, message.chat, this.name);
    const shown =
      typeof message === 'number'
        ? { message_id: message, date: 0, chat: at.json() }
        : messageJson(at, message, place.bot);
    let answer: PressAnswer | undefined;
    const answered = new Promise<PressAnswer>((resolve) => {
      place.presses.set(callback, (given) => {
        answer = given;
        resolve(given);
      });
    });
    const said = { id: callback, from: this.json(), message: shown, chat_instance: `${at.id}`, data, ...members };
    const update = place.updates.put({ callback_query: said });
    return {
      update,
      callback,
      answered,
      get answer() {
        return answer;
      },
    };
  }

  /** Blocks the bot, which is told: sending is 403 from now on. */
  blocks(): number {
    this.chat.closed = 'blocked';
    return memberUpdate(this.#place, this.chat, this.json(), 'kicked');
  }

  unblocks(): number {
    this.chat.closed = undefined;
    return memberUpdate(this.#place, this.chat, this.json(), 'member');
  }

  json(): Json {
    return { id: this.id, is_bot: this.isBot, first_name: this.name, language_code: this.language };
  }
}

/** A group; people speak there by `say(text, { chat: group.id })`. */
export class Group {
  readonly chat: ShownChat;
  readonly #place: Place;

  constructor(place: Place, id: number, title: string) {
    this.#place = place;
    this.chat = new ShownChat(id, 'supergroup', title, place.bot.id);
    place.chats.set(id, this.chat);
  }

  get id(): number {
    return this.chat.id;
  }

  /** An administrator who does not say who he is. */
  anonymous(text: string): Sent {
    const from = { id: 1_087_968_824, is_bot: true, first_name: 'Group', username: 'GroupAnonymousBot' };
    return this.#masked(from, this.chat.json(), text);
  }

  /** A person who speaks as a channel of his. */
  asChannel(text: string): Sent {
    const from = { id: 136_817_688, is_bot: true, first_name: 'Channel', username: 'Channel_Bot' };
    return this.#masked(from, { id: -1_009_000_000_001, type: 'channel', title: 'News' }, text);
  }

  /** The bot is thrown out by somebody, and told so. */
  kicksBot(by: Person): number {
    this.chat.closed = 'kicked';
    return memberUpdate(this.#place, this.chat, by.json(), 'kicked');
  }

  #masked(from: Json, sender_chat: Json, text: string): Sent {
    return sent(this.#place, this.chat, Number(from.id), text, { from, sender_chat, ...dated(this.#place, 0), text });
  }
}

/** A post of a channel that has the bot in it: it comes though the bot did not ask for it. */
export function channelPost(place: Place, text: string): Sent {
  const message_id = place.nextMessage();
  const chat = { id: -1_009_000_000_002, type: 'channel', title: 'Channel' };
  const channel_post = { message_id, chat, sender_chat: chat, ...dated(place, 0), text };
  return { update: place.updates.put({ channel_post }, true), message: message_id };
}

function sent(place: Place, chat: ShownChat, sender: number, text: string, members: Json): Sent {
  const id = place.nextMessage();
  const version = { text, html: text, entities: [], keyboard: [], at: place.now() };
  chat.all.push(new ShownMessage({ id, chat: chat.id, sender, isSilent: false, photo: undefined }, version));
  return { update: place.updates.put({ message: { message_id: id, chat: chat.json(), ...members } }), message: id };
}

function memberUpdate(place: Place, chat: ShownChat, from: Json, status: 'kicked' | 'member'): number {
  const was = { user: place.bot, status: status === 'kicked' ? 'member' : 'kicked' };
  const is = status === 'kicked' ? { user: place.bot, status, until_date: 0 } : { user: place.bot, status };
  const my_chat_member = { chat: chat.json(), from, ...dated(place, 0), old_chat_member: was, new_chat_member: is };
  return place.updates.put({ my_chat_member });
}

function chatOf(place: Place, id: number, name: string): ShownChat {
  const known = place.chats.get(id);
  if (known !== undefined) return known;
  if (id < 0) throw new Error(`expected a group that was made by group(), found ${id}`);
  const chat = new ShownChat(id, 'private', name, place.bot.id);
  place.chats.set(id, chat);
  return chat;
}

function dataOf(message: ShownMessage | number, text: string): string {
  const buttons: readonly ShownButton[] = typeof message === 'number' ? [] : message.keyboard.flat();
  const found = buttons.find((button) => button.text === text);
  if (found === undefined) {
    throw new Error(
      `expected a button ${JSON.stringify(text)}, found ${buttons.map((each) => each.text).join(', ') || 'none'}`,
    );
  }
  return found.data;
}

const seconds = ({ now }: Pick<Place, 'now'>): number => Math.floor(now() / 1_000);
const dated = (place: Place, ageS: number): Json => ({ date: seconds(place) - ageS });
