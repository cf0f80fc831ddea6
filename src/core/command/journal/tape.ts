import { path, required } from '../argv/spec.ts';
import { defineCommand } from '../command.ts';
import { done, refused } from '../outcome.ts';
import { isRefusal } from '../refusal.ts';
import { count } from '../telling/words.ts';
import { SPAN_OPTIONS, spanProblem } from './where.ts';

export const journalTape = defineCommand({
  about: [
    'Writes the records of a tape to stdout as JSON lines: the inputs as the engine saw them, each with its number, its instant and the number of the last entry when it was at rest. --from and --to are in the time of the market.',
    'Tapes are kept 7 days after their engine ended, at most 2 GB of them. For 90 days a file of windows holds 10 minutes before and after every fill, denial, halt and error: tape-5.windows.zst is what is left of tape-5.zst. It is read here and cannot be played again.',
  ],
  args: { tape: required(path('A tape, or what is left of one.', 'TAPE')) },
  options: SPAN_OPTIONS,
  examples: [
    'dzentra journal tape ./tape-5.zst > tape.jsonl',
    'dzentra journal tape ./tape-5.windows.zst --from 2025-05-04T12:20 --to 2025-05-04T12:40',
  ],
  schema: 'dzentra.tape.record/1',
  fields: [
    ['n', 'number', 'number of the input within its epoch'],
    ['at', 'number', 'its instant, ms UTC'],
    ['seq', 'number', 'number of the last entry when it was at rest'],
    ['input', 'object', 'what the engine saw: kind and more; absent in records that tell how far the engine came'],
    ['reached', 'boolean', 'true before entries up to seq are committed: what led to them is on the tape; else absent'],
    ['closed', 'boolean', 'true in the last record of a tape whose engine was stopped; else absent'],
  ],
  async run(context, { args, options }) {
    const problem = spanProblem(options);
    if (problem !== undefined) return refused(problem);
    const ports = await context.boot();
    const report = await ports.tape(args.tape, options, context.write, context.signal);
    if (isRefusal(report)) return refused(report);
    const { records, windows } = report;
    const left = windows === undefined ? '' : ` of ${count(windows, 'window')}: the rest of the tape was dropped`;
    return done(undefined, [], [`${count(records, 'record')}${left}`]);
  },
});
