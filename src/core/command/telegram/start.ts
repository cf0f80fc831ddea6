import { defineCommand } from '../command.ts';
import { done, fact, unfinished } from '../outcome.ts';
import { isRefusal } from '../refusal.ts';
import { botName, PROFILE_OPTION } from './options.ts';

const SCHEMA = 'dzentra.telegram.start/1';

export const telegramStart = defineCommand({
  about: [
    'Starts the bridge of a profile in the background and waits until it asks Telegram for messages. It goes on when the terminal is closed; one that runs already is told, and stays as it is. The engine must run.',
  ],
  args: {},
  options: PROFILE_OPTION,
  examples: ['dzentra telegram start', 'dzentra telegram start --profile night --json'],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ['profile', 'text', 'the profile'],
    ['pid', 'number', 'the process'],
    ['bot', 'text|null', 'the bot'],
    ['isNew', 'boolean', 'false where one ran already'],
  ],
  async run(context, { options }) {
    const ports = await context.boot();
    const profile = ports.engine.profile(options.profile);
    const started = await ports.bridge.start(profile, context.signal);
    if (isRefusal(started)) return unfinished(started, context.signal);
    const { pid, isNew } = started;
    const bot = botName(await ports.bridge.look(profile));
    const state = { value: isNew ? 'started' : 'running', text: isNew ? 'started' : 'ran already' };
    const facts = [
      fact('profile', 'profile', profile),
      fact('state', 'bridge', state),
      fact('pid', 'pid', { value: pid, text: `${pid}` }),
      fact('bot', 'bot', { value: bot, text: bot ?? '?' }),
    ];
    return done({ schema: SCHEMA, profile, pid, bot, isNew }, [{ kind: 'facts', facts }]);
  },
});
