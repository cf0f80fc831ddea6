import { on } from '../argv/spec.ts';
import { ENGINE_OPTIONS } from '../attached/options.ts';
import { defineCommand } from '../command.ts';
import { declined, done, fact, refused } from '../outcome.ts';
import { isRefusal, refusal } from '../refusal.ts';

const SCHEMA = 'dzentra.paper.reset/1';

export const paperReset = defineCommand({
  about: [
    'Begins a paper profile anew: its journal is moved aside and kept, the next start opens an account with 10,000 USDT. Refused while an engine runs. Asks first; a script says --yes.',
  ],
  args: {},
  options: { yes: on('Do not ask.'), ...ENGINE_OPTIONS },
  examples: ['dzentra paper reset', 'dzentra paper reset --profile demo --yes'],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ['profile', 'text', 'the profile'],
    ['outcome', 'code', 'reset or declined'],
    ['kept', 'path|null', 'where the old journal is now'],
  ],
  async run(context, { options }) {
    const ports = await context.boot();
    const profile = ports.engine.profile(options.profile);
    if (!options.yes) {
      if (context.choose === undefined) {
        const fix = `dzentra paper reset --profile ${profile} --yes`;
        return refused(refusal(3, 'NOT_CONFIRMED', '--yes', 'nobody to ask', fix));
      }
      const chosen = await context.choose(`Begin profile ${profile} anew? Its journal is kept aside.`, ['yes', 'no']);
      if (chosen !== 'yes') {
        return declined({ schema: SCHEMA, profile, outcome: 'declined', kept: null });
      }
    }
    const answer = await ports.engine.reset(profile);
    if (isRefusal(answer)) return refused(answer);
    const data = { schema: SCHEMA, profile, outcome: 'reset', kept: answer.kept };
    return done(data, [
      { kind: 'facts', facts: [fact('profile', 'profile', profile), fact('kept', 'kept', answer.kept)] },
    ]);
  },
});
