import { defineCommand } from '../command.ts';
import { notHere, PROFILE_OPTION } from './options.ts';

const SCHEMA = 'dzentra.telegram.test/1';

export const telegramTest = defineCommand({
  about: [
    'Asks Telegram who the bot is, sends a message to every chat that is paired, and tells which it reached. Exit code 4 where Telegram says no to any of it. The bridge may run or not.',
  ],
  args: {},
  options: PROFILE_OPTION,
  examples: ['dzentra telegram test', 'dzentra telegram test --profile night --json'],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ['profile', 'text', 'the profile'],
    ['bot', 'text', 'the bot'],
    ['chats', 'array', 'a chat each'],
    ['chats[].chat', 'number', 'the chat, negative for a group'],
    ['chats[].name', 'text', 'who is paired there'],
    ['chats[].isReached', 'boolean', 'whether Telegram took the message'],
    ['chats[].why', 'text|null', 'why not'],
  ],
  run: notHere,
});
