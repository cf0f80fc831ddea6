import { defineCommand } from '../command.ts';
import { done, fact, refused, unfinished } from '../outcome.ts';
import { isRefusal } from '../refusal.ts';
import { engineOptions, START_OPTIONS, unchangedNotes } from './options.ts';

const SCHEMA = 'dzentra.engine.start/1';

export const engineStart = defineCommand({
  about: [
    'Starts the engine of a profile in the background and waits until it answers. It goes on when the terminal is closed; one that runs already is told, and stays as it is.',
    'A start is a recovery: runs, positions, stops, settings, halts and pauses come back from the journal. What is not given is as it was at the last start.',
  ],
  args: {},
  options: START_OPTIONS,
  examples: ['dzentra engine start', 'dzentra engine start --profile seven --feed synthetic:7 --speed 600 --json'],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ['profile', 'text', 'the profile'],
    ['pid', 'number', 'the process'],
    ['isNew', 'boolean', 'false where one ran already'],
  ],
  async run(context, { options }) {
    const ports = await context.boot();
    const wanted = engineOptions(ports, options);
    if (isRefusal(wanted)) return refused(wanted);
    const started = await ports.engine.start(wanted, context.signal);
    if (isRefusal(started)) return unfinished(started, context.signal);
    const { pid, isNew } = started;
    const { profile } = wanted;
    const state = { value: isNew ? 'started' : 'running', text: isNew ? 'started' : 'ran already' };
    const facts = [
      fact('profile', 'profile', profile),
      fact('state', 'engine', state),
      fact('pid', 'pid', { value: pid, text: `${pid}` }),
    ];
    const notes = isNew ? [] : unchangedNotes(profile, options);
    return done({ schema: SCHEMA, profile, pid, isNew }, [{ kind: 'facts', facts }], notes);
  },
});
