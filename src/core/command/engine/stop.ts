import { defineCommand } from '../command.ts';
import { done, fact, unfinished } from '../outcome.ts';
import { isRefusal } from '../refusal.ts';
import { PROFILE_OPTION } from './options.ts';

const SCHEMA = 'dzentra.engine.stop/1';

export const engineStop = defineCommand({
  about: [
    'Ends the engine of a profile and waits until its journal is free. Runs and positions stay in the journal, and nothing watches them until the next start: on paper market time stands still, live only what rests at the venue protects. `auto stop` ends a run.',
  ],
  args: {},
  options: PROFILE_OPTION,
  examples: ['dzentra engine stop', 'dzentra engine stop --profile seven --json'],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ['profile', 'text', 'the profile'],
    ['pid', 'number', 'the process that ended'],
  ],
  async run(context, { options }) {
    const ports = await context.boot();
    const profile = ports.engine.profile(options.profile);
    const stopped = await ports.engine.stop(profile, context.signal);
    if (isRefusal(stopped)) return unfinished(stopped, context.signal);
    const { pid } = stopped;
    const facts = [
      fact('profile', 'profile', profile),
      fact('state', 'engine', 'stopped'),
      fact('pid', 'pid', { value: pid, text: `${pid}` }),
    ];
    return done({ schema: SCHEMA, profile, pid }, [{ kind: 'facts', facts }]);
  },
});
