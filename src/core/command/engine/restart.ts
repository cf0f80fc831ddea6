import { defineCommand } from '../command.ts';
import { done, fact, refused, unfinished } from '../outcome.ts';
import { isRefusal } from '../refusal.ts';
import { engineOptions, START_OPTIONS } from './options.ts';

const SCHEMA = 'dzentra.engine.restart/1';

export const engineRestart = defineCommand({
  about: [
    'Ends the engine of a profile and starts it again, as it was started last: after an update, or with another speed or log level. Where none runs it is started.',
  ],
  args: {},
  options: START_OPTIONS,
  examples: ['dzentra engine restart', 'dzentra engine restart --speed 1 --log debug'],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ['profile', 'text', 'the profile'],
    ['pid', 'number', 'the new process'],
    ['stopped', 'number|null', 'the process that ended; null where none ran'],
  ],
  async run(context, { options }) {
    const ports = await context.boot();
    const wanted = engineOptions(ports, options);
    if (isRefusal(wanted)) return refused(wanted);
    // Before anything ends: the positions of an engine that could not come back would be left alone.
    const misfit = await ports.engine.misfit(wanted);
    if (misfit !== undefined) return refused(misfit);
    const { profile } = wanted;
    const stopped = await ports.engine.stop(profile, context.signal);
    if (isRefusal(stopped) && stopped.code !== 'NO_ENGINE') return unfinished(stopped, context.signal);
    const started = await ports.engine.start(wanted, context.signal);
    if (isRefusal(started)) return unfinished(started, context.signal);
    const before = isRefusal(stopped) ? null : stopped.pid;
    const facts = [
      fact('profile', 'profile', profile),
      fact('state', 'engine', 'started'),
      fact('pid', 'pid', { value: started.pid, text: `${started.pid}` }),
      fact('stopped', 'stopped', { value: before, text: before === null ? 'none ran' : `pid ${before}` }),
    ];
    return done({ schema: SCHEMA, profile, pid: started.pid, stopped: before }, [{ kind: 'facts', facts }]);
  },
});
