/** What any message must have before it is looked at: a person who wrote it himself, in a chat, just so. */
export interface Sent {
  readonly user: number;
  readonly chat: number;
  readonly isGroup: boolean;
  readonly message: number;
  readonly text: string;
  /** Wall clock of Telegram's, ms. */
  readonly at: number;
  /** As the person calls himself, harmless to show. */
  readonly name: string;
}

/** Who pressed a button, and beneath which message. */
export interface Pressed {
  readonly user: number;
  readonly chat: number;
  readonly isGroup: boolean;
  readonly message: number;
  readonly callback: string;
  readonly data: string;
}

/** Why something is not looked at: a word for the log. */
export interface Odd {
  readonly why: string;
}

/** Messages of people have no longer ones. */
const TEXT_MAX = 4_096;
const CALLBACK_MAX = 256;
const DATA_MAX = 64;
const NAME_MAX = 64;
/** Who stands for others, in chats where people are hidden: GroupAnonymousBot, Channel Bot, and Telegram itself. */
const MASKS: ReadonlySet<number> = new Set([1_087_968_824, 136_817_688, 777_000]);

/** Any of these says that somebody else wrote it, or that it was written before. */
const FOREIGN = [
  'sender_chat',
  'via_bot',
  'edit_date',
  'sender_business_bot',
  'business_connection_id',
  'is_automatic_forward',
  'forward_origin',
  'forward_from',
  'forward_from_chat',
  'forward_from_message_id',
  'forward_sender_name',
  'forward_signature',
  'forward_date',
] as const;

type Fields = Readonly<Record<string, unknown>>;

/** A field that the object itself has: nothing is inherited, `__proto__` least of all. */
export function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Fields)[name];
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value);
const isCount = (value: unknown): value is number => isWhole(value) && value > 0;

/** The number of an update; undefined where it has none that could be kept. */
export function updateOf(update: unknown): number | undefined {
  const number = fieldOf(update, 'update_id');
  return isCount(number) || number === 0 ? number : undefined;
}

/** A person: no bot, and nobody's mask. */
function personOf(from: unknown): number | Odd {
  const id = fieldOf(from, 'id');
  if (!isCount(id)) return { why: 'no sender' };
  if (fieldOf(from, 'is_bot') !== false) return { why: 'a bot' };
  return MASKS.has(id) ? { why: 'anonymous' } : id;
}

/** A private chat has the number of its person; groups have one of their own. */
function placeOf(chat: unknown, user: number): { readonly chat: number; readonly isGroup: boolean } | Odd {
  const id = fieldOf(chat, 'id');
  const type = fieldOf(chat, 'type');
  if (!isWhole(id)) return { why: 'no chat' };
  if (type === 'private') return id === user ? { chat: id, isGroup: false } : { why: 'another chat than the sender' };
  if (type !== 'group' && type !== 'supergroup') return { why: 'neither a private chat nor a group' };
  return id < 0 ? { chat: id, isGroup: true } : { why: 'no chat' };
}

/** A message that a person wrote himself. */
export function sentOf(message: unknown): Sent | Odd {
  const foreign = FOREIGN.find((name) => fieldOf(message, name) !== undefined);
  if (foreign !== undefined) return { why: foreign };
  const from = fieldOf(message, 'from');
  const user = personOf(from);
  if (typeof user !== 'number') return user;
  const place = placeOf(fieldOf(message, 'chat'), user);
  if ('why' in place) return place;
  const number = fieldOf(message, 'message_id');
  const date = fieldOf(message, 'date');
  const text = fieldOf(message, 'text');
  if (!isCount(number) || !isCount(date)) return { why: 'no number or no date' };
  if (typeof text !== 'string' || text.trim() === '') return { why: 'no text' };
  if (text.length > TEXT_MAX) return { why: 'too long' };
  return { user, ...place, message: number, text, at: date * 1_000, name: nameOf(from, user) };
}

/** A button that a person pressed. It has no instant of its own: what it stands for tells whether it is too late. */
export function pressedOf(query: unknown): Pressed | Odd {
  const user = personOf(fieldOf(query, 'from'));
  if (typeof user !== 'number') return user;
  const message = fieldOf(query, 'message');
  const place = placeOf(fieldOf(message, 'chat'), user);
  if ('why' in place) return place;
  const number = fieldOf(message, 'message_id');
  const callback = fieldOf(query, 'id');
  const data = fieldOf(query, 'data');
  if (!isCount(number)) return { why: 'no message' };
  if (typeof callback !== 'string' || callback === '' || callback.length > CALLBACK_MAX) return { why: 'no callback' };
  if (typeof data !== 'string' || data === '' || data.length > DATA_MAX) return { why: 'no data' };
  return { user, ...place, message: number, callback, data };
}

/** Control and formatting characters are spaces: a name stands in terminals and in logs. */
function nameOf(from: unknown, user: number): string {
  const parts = ['first_name', 'last_name'].map((name) => fieldOf(from, name));
  const given = parts.filter((part) => typeof part === 'string').join(' ');
  const handle = fieldOf(from, 'username');
  const text = given.trim() === '' && typeof handle === 'string' ? handle : given;
  const clean = text
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .slice(0, NAME_MAX)
    .toWellFormed()
    .trim();
  return clean === '' ? `${user}` : clean;
}
