import type { Money } from '../../base/decimal.ts';
import { text } from '../../base/decimal.ts';
import { accept, called, type OptionSpec, reject, required, single } from '../argv/spec.ts';
import { defineCommand } from '../command.ts';
import { type Cell, done, plain, refused } from '../outcome.ts';
import { isRefusal, refusal } from '../refusal.ts';
import { lineOf } from '../telling/line.ts';
import { entryData } from '../telling/told.ts';
import { ENABLED_HELP, SANDBOX_FIELDS, sandboxData, sandboxOf, withDebug } from './sandbox.ts';
import { BEGIN_OPTIONS } from './session.ts';
import { LINES_HELP } from './verbs.ts';

const SCHEMA = 'dzentra.debug.run/1';

const script = (about: string): OptionSpec<string | undefined> =>
  single(about, {
    type: 'path',
    placeholder: 'SCRIPT',
    expects: 'the path of a script, or - for standard input',
    example: 'story.txt',
    one: (given) => (given.trim() === '' || given.includes('\0') ? reject() : accept(given)),
  });

export const debugRun = defineCommand({
  about: [
    'Plays a script in a sandbox of its own, one line after the other, and prints what each led to. The one that `debug start` began is not touched. A line that cannot be done is told and the script goes on; one that does not read ends it (exit 2).',
    LINES_HELP,
    ENABLED_HELP,
  ],
  args: { script: called('SCRIPT', required(script('A file of lines, or - for standard input; # begins a comment.'))) },
  options: BEGIN_OPTIONS,
  examples: ['dzentra debug run story.txt', 'dzentra debug run - --balance 5000 --json'],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', `${SCHEMA}; with --json a line {n, line, refused, entries} a step comes before it`],
    ...SANDBOX_FIELDS,
    ['steps', 'number', 'lines that were played'],
    ['refused', 'number', 'lines that could not be done'],
  ],
  run: (context, { args, options }) =>
    withDebug(context, async (ports) => {
      const source = await ports.read(args.script, context.signal);
      if (isRefusal(source)) return refused(source);
      const { feed, symbol } = options;
      const from = feed === undefined ? undefined : await ports.candles(feed, symbol, context.signal);
      if (isRefusal(from)) return refused(from);
      const sandbox = sandboxOf({
        symbol,
        balance: text(options.balance as Money),
        stepMs: from?.stepMs ?? options.step,
        candles: from?.rows ?? [],
        lines: [],
      });
      let steps = 0;
      let failed = 0;
      for (const [i, raw] of source.split('\n').entries()) {
        const line = raw.trim();
        if (line === '' || line.startsWith('#')) continue;
        const told = sandbox.run(line);
        if (!told.ok && told.problem.code.endsWith('_LINE')) {
          const { code, expected, found, fix } = told.problem;
          return refused(refusal(2, code, `line ${i + 1}: ${expected}`, found, fix));
        }
        steps++;
        if (!told.ok) failed++;
        const entries = told.ok ? told.entries : [];
        const what = told.ok
          ? entries.map((entry) => `${entry.kind} ${lineOf(entry)}`).join('; ')
          : `${told.problem.code}: expected ${told.problem.expected}, found ${told.problem.found}`;
        const tone = told.ok ? 'plain' : 'bad';
        const cells: readonly Cell[] = [plain(`${i + 1}`), plain(line), plain(what, tone)];
        const problem = told.ok ? null : told.problem;
        context.row({ cells, data: { n: i + 1, line, refused: problem, entries: entries.map(entryData) } });
      }
      const data = { schema: SCHEMA, ...sandboxData(sandbox, options.feed ?? 'script'), steps, refused: failed };
      return done(data, []);
    }),
});
