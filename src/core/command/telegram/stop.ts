import { defineCommand } from '../command.ts';
import { done, fact, unfinished } from '../outcome.ts';
import { isRefusal } from '../refusal.ts';
import { PROFILE_OPTION } from './options.ts';

const SCHEMA = 'dzentra.telegram.stop/1';

export const telegramStop = defineCommand({
  about: [
    'Ends the bridge of a profile and waits until it has written what it must not forget. The engine goes on; alerts wait, and what is still news then is sent at the next start.',
  ],
  args: {},
  options: PROFILE_OPTION,
  examples: ['dzentra telegram stop', 'dzentra telegram stop --profile night --json'],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ['profile', 'text', 'the profile'],
    ['pid', 'number', 'the process that ended'],
  ],
  async run(context, { options }) {
    const ports = await context.boot();
    const profile = ports.engine.profile(options.profile);
    const stopped = await ports.bridge.stop(profile, context.signal);
    if (isRefusal(stopped)) return unfinished(stopped, context.signal);
    const { pid } = stopped;
    const facts = [
      fact('profile', 'profile', profile),
      fact('state', 'bridge', 'stopped'),
      fact('pid', 'pid', { value: pid, text: `${pid}` }),
    ];
    return done({ schema: SCHEMA, profile, pid }, [{ kind: 'facts', facts }]);
  },
});
