import { defineCommand } from '../command.ts';
import { done, refused } from '../outcome.ts';
import { isRefusal } from '../refusal.ts';
import { engineOptions, START_OPTIONS } from './options.ts';

const SCHEMA = 'dzentra.engine.run/1';

export const engineRun = defineCommand({
  about: [
    'The engine in this process: for a service manager, a container or a look at it. It takes up what the journal of the profile holds (runs, positions, stops, halts) and trades until a signal or `engine stop` ends it.',
    'SIGTERM and SIGHUP end it with exit code 0. Its log is a file in the profile: `engine logs`.',
  ],
  args: {},
  options: START_OPTIONS,
  examples: ['dzentra engine run', 'dzentra engine run --profile seven --feed synthetic:7 --speed 600'],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', `${SCHEMA}; one object when it answers, one when it ended`],
    ['profile', 'text', 'the profile'],
    ['event', 'code', 'ready or ended'],
    ['pid', 'number|null', 'the process; with ready'],
    ['socket', 'path|null', 'where faces attach; with ready'],
    ['feed', 'text|null', 'the feed and its speed; with ready'],
    ['saved', 'array', 'what was saved, in sentences; with ended'],
  ],
  async run(context, { options }) {
    const ports = await context.boot();
    const started = engineOptions(ports, options);
    if (isRefusal(started)) return refused(started);
    const { profile } = started;
    const ended = await ports.engine.run(started, context.signal, ({ pid, socket, feed, unprinted }) => {
      context.goOnUnprinted?.(unprinted);
      const data = { schema: SCHEMA, profile, event: 'ready', pid, socket, feed, saved: [] };
      const text = `The engine of profile ${profile} runs: pid ${pid}, ${feed}. Ctrl-C ends it.`;
      context.row({ cells: [{ value: text, text }], data });
    });
    if (isRefusal(ended)) return refused(ended);
    const { saved } = ended;
    const data = { schema: SCHEMA, profile, event: 'ended', pid: null, socket: null, feed: null, saved };
    if (context.signal.reason === 'SIGINT') return { kind: 'interrupted', saved, data };
    return done(data, [{ kind: 'text', lines: saved }]);
  },
});
