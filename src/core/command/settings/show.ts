import { called, choice } from '../argv/spec.ts';
import { riskData } from '../attached/data.ts';
import { ENGINE_OPTIONS } from '../attached/options.ts';
import { factsOf, look, screen } from '../attached/screen.ts';
import { defineCommand } from '../command.ts';

const SCHEMA = 'dzentra.settings/1';

export const settingsShow = defineCommand({
  about: [
    'Settings that every face shares, and those of each run with the risk summary. `config show` tells the file.',
  ],
  args: { show: called('show', choice('The same as nothing.', ['show'])) },
  options: ENGINE_OPTIONS,
  examples: ['dzentra settings', 'dzentra settings show --json'],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ['profile', 'text', 'the profile of the engine'],
    ['options', 'object', 'language, zone, theme and others that were set, as text'],
    ['runs', 'array', 'runs with their settings'],
    ['runs[].run', 'number', 'its number'],
    ['runs[].symbol', 'text', 'its symbol'],
    ['runs[].strategy', 'text', 'its strategy'],
    ['runs[].params', 'object', 'its parameters'],
    ['runs[].risk', 'object', 'its risk settings'],
  ],
  run: (context, { options }) =>
    look(context, options, ({ client, profile }) => {
      const { state } = client.scene();
      const runs = state.runs.map(({ run, symbol, strategy, params, risk }) => ({
        run,
        symbol,
        strategy,
        params,
        risk: riskData(risk),
      }));
      const set = state.options ?? {};
      return {
        data: { schema: SCHEMA, profile, options: set, runs },
        piped: [factsOf({ ...set }), ...runs.map(factsOf)],
        ui: screen('settings'),
      };
    }),
});
