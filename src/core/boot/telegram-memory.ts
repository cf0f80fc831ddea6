import type { BridgeMemory, BridgePerson, KeptScreen, SendingAlert } from '../command/telegram/ports.ts';

/**
 * The memory that a text holds. What it says of people decides who may trade: one field that is not as it should be makes
 * all of it `broken`. `newer`: of a later version.
 */
export function memoryOf(text: string): BridgeMemory | 'broken' | 'newer' {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return 'broken';
  }
  if (!isTable(data)) return 'broken';
  const { v, bot, nextUpdate, people, screens, sending } = data;
  if (typeof v === 'number' && Number.isInteger(v) && v > 1) return 'newer';
  const isSound =
    v === 1 &&
    (bot === null || (isTable(bot) && isCount(bot.id) && typeof bot.username === 'string')) &&
    isCount(nextUpdate) &&
    isListOf(people, isPerson) &&
    isListOf(screens, isScreen) &&
    isListOf(sending, isSending);
  return isSound ? ({ v, bot, nextUpdate, people, screens, sending } as unknown as BridgeMemory) : 'broken';
}

type Table = Readonly<Record<string, unknown>>;
/** The fields of a shape, of any types. */
type Loose<T> = { readonly [K in keyof T]?: unknown };

const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
/** Numbers of chats are negative for groups. */
const isChat = (value: unknown): boolean => Number.isSafeInteger(value);
const isListOf = (value: unknown, isOne: (each: Table) => boolean): boolean =>
  Array.isArray(value) && value.every((each) => isTable(each) && isOne(each));

function isPerson({ user, chat, role, name, isGroup, pairedAt }: Loose<BridgePerson>): boolean {
  const isRole = role === 'viewer' || role === 'operator';
  return (
    isCount(user) &&
    isChat(chat) &&
    isRole &&
    typeof name === 'string' &&
    typeof isGroup === 'boolean' &&
    isCount(pairedAt)
  );
}

const isScreen = ({ chat, message, ui, askedAt }: Loose<KeptScreen>): boolean =>
  isChat(chat) && isCount(message) && ui !== undefined && isCount(askedAt);

const isSending = ({ alert, nth, chat }: Loose<SendingAlert>): boolean =>
  isCount(alert) && isCount(nth) && isChat(chat);
