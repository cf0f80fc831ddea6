import { profile } from '../argv/engine.ts';
import { type Fact, fact, type Outcome, refused } from '../outcome.ts';
import { refusal } from '../refusal.ts';
import type { BridgeMemory, BridgePerson } from './ports.ts';

/** Which bridge is meant. */
export const PROFILE_OPTION = {
  profile: profile('Profile whose bridge is meant; else the one of the configuration.'),
};

/** The command line runs these by itself: it alone may load what talks to Telegram. */
export const notHere = (): Promise<Outcome> =>
  Promise.resolve(refused(refusal(2, 'NO_TERMINAL', 'a process of its own', 'another face', 'run it in a terminal')));

/** `@name` of the bot, as far as it is known. */
export const botName = (memory: BridgeMemory | undefined): string | null =>
  memory?.bot === undefined || memory.bot === null ? null : `@${memory.bot.username}`;

/** Somebody who is paired, as data. */
export const personData = ({ user, chat, role, name, isGroup, pairedAt }: BridgePerson) => ({
  user,
  chat,
  role,
  name,
  isGroup,
  pairedAt,
});

/** The fields of `personData`, below a path. */
export const personFields = (path: string): readonly (readonly [string, string, string])[] => [
  [path, 'array', 'who is paired'],
  [`${path}[].user`, 'number', 'the user at Telegram'],
  [`${path}[].chat`, 'number', 'the chat, negative for a group'],
  [`${path}[].role`, 'code', 'viewer or operator'],
  [`${path}[].name`, 'text', 'as the user calls himself'],
  [`${path}[].isGroup`, 'boolean', 'whether the chat is a group'],
  [`${path}[].pairedAt`, 'ms', 'since when'],
];

/** A line for each who is paired. */
export const peopleFacts = (people: readonly BridgePerson[]): readonly Fact[] =>
  people.map(({ user, chat, role, name, isGroup }) => {
    const where = isGroup ? `, in group ${chat}` : '';
    return fact(`person.${user}`, `user ${user}`, { value: role, text: `${role}, ${name}${where}` });
  });
