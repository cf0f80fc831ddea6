import { choice, on, withDefault } from '../argv/spec.ts';
import { defineCommand, type Values } from '../command.ts';
import { notHere, PROFILE_OPTION, personFields } from './options.ts';

const SCHEMA = 'dzentra.telegram.pair/1';

const OPTIONS = {
  ...PROFILE_OPTION,
  role: withDefault(choice('What the person may do: look, or act as well.', ['viewer', 'operator']), 'operator'),
  group: on('The code is sent in a group; who sends it is paired there, and nobody else of it.'),
  newToken: on('Ask for the token again, in place of the one that is kept.'),
};
export type PairInput = Values<typeof OPTIONS>;

export const telegramPair = defineCommand({
  about: [
    'Pairs a person with the bot of a profile: asks for its token where none is kept (typed unseen, or on standard input) and tells how @BotFather makes one, then shows a code. Whoever sends it to the bot within ten minutes is paired: that user, in that chat, with the role. Nobody else is answered.',
    'Somebody who is paired already gets the new role. The bridge must not run meanwhile: `telegram stop`. Timed out: exit code 6.',
  ],
  args: {},
  options: OPTIONS,
  examples: [
    'dzentra telegram pair',
    'dzentra telegram pair --role viewer',
    'dzentra telegram pair --group --role viewer --profile night',
  ],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', `${SCHEMA}; one object with the code, one when somebody is paired`],
    ['profile', 'text', 'the profile'],
    ['event', 'code', 'code or paired'],
    ['bot', 'text', 'the bot'],
    ['code', 'text|null', 'what is to be sent to it; with code'],
    ['until', 'ms|null', 'how long it holds; with code'],
    ...personFields('people'),
  ],
  run: notHere,
});
