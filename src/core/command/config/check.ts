import { type autoStart, requestOf, whereIs, withConfig } from '../auto/start.ts';
import { strategyProblem } from '../auto/start-engine.ts';
import { defineCommand, type Values } from '../command.ts';
import { done, refused } from '../outcome.ts';
import { isRefusal, refusal } from '../refusal.ts';

const SCHEMA = 'dzentra.config.check/1';

const NOTHING = { params: {} } as Values<typeof autoStart.options>;

export const configCheck = defineCommand({
  about: [
    'Reads the configuration file for every profile as a start would: syntax, keys, values. The first thing that is wrong is told with its line (exit 2).',
  ],
  args: {},
  options: {},
  examples: ['dzentra config check', 'dzentra config check --json'],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ['file', 'path', 'the file'],
    ['exists', 'boolean', 'whether it is there'],
    ['profiles', 'array', 'profiles that were checked'],
    ['sound', 'boolean', 'true: what is wrong is an error'],
  ],
  async run(context) {
    const ports = await context.boot();
    const first = await ports.config.load();
    if (isRefusal(first)) return refused(first);
    const profiles = [...new Set([first.profile, ...first.profiles])];
    for (const profile of profiles) {
      const config = await ports.config.load({ profile });
      if (isRefusal(config)) return refused(config);
      const options = withConfig(NOTHING, config);
      if (isRefusal(options)) return refused(options);
      const built = requestOf(options, config.ceilings, NOTHING);
      if (isRefusal(built)) return refused(built);
    }
    for (const [strategy, params] of Object.entries(first.params)) {
      const problem = await strategyProblem(ports, { strategy, params });
      if (problem === undefined) continue;
      const place = whereIs(first, `params.${strategy}.${Object.keys(params)[0]}`);
      return refused(
        refusal(2, 'BAD_CONFIG', problem.expected, `${problem.found} in [params.${strategy}], ${place}`, problem.fix),
      );
    }
    const { file, hasFile } = first;
    const lines = [hasFile ? `${file}: sound` : `${file}: there is none; the defaults hold`];
    return done({ schema: SCHEMA, file, exists: hasFile, profiles, sound: true }, [{ kind: 'text', lines }]);
  },
});
