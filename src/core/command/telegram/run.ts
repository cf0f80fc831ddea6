import { defineCommand } from '../command.ts';
import { notHere, PROFILE_OPTION } from './options.ts';

const SCHEMA = 'dzentra.telegram.run/1';

export const telegramRun = defineCommand({
  about: [
    'The bridge in this process: for a service manager, a container or a look at it. It shows the screens of the engine in the chats that are paired, sends alerts, and does what they may ask for, until a signal or `telegram stop` ends it. It holds the token of the bot and no key of an exchange.',
    'The token is DZENTRA_TELEGRAM_TOKEN, the systemd credential dzentra-telegram, of the keyring (telegram-PROFILE), or the file that `telegram pair` wrote; it never stands on a command line. SIGTERM and SIGHUP end it with exit code 0. Its log is telegram.log in the folder of the profile.',
    'What raises risk (start, resume, orders, size, leverage) is refused from a phone unless raises-risk = true stands in [telegram] of the configuration.',
  ],
  args: {},
  options: PROFILE_OPTION,
  examples: ['dzentra telegram run', 'dzentra telegram run --profile night --json'],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', `${SCHEMA}; one object when it polls, one when it ended`],
    ['profile', 'text', 'the profile'],
    ['event', 'code', 'ready or ended'],
    ['pid', 'number|null', 'the process; with ready'],
    ['bot', 'text|null', 'the bot; with ready'],
    ['saved', 'array', 'what became of it, in sentences; with ended'],
  ],
  run: notHere,
});
