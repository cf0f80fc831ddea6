import { accountsData, accountsUnder, riskData } from '../attached/data.ts';
import { ENGINE_OPTIONS, RUN_CHOICE, WATCH_OPTION } from '../attached/options.ts';
import { chosenRuns } from '../attached/pick.ts';
import { factsOf, look, screenOfRuns } from '../attached/screen.ts';
import { defineCommand } from '../command.ts';
import { refused } from '../outcome.ts';
import { isRefusal } from '../refusal.ts';

const SCHEMA = 'dzentra.risk.show/1';

export const riskShow = defineCommand({
  about: ['What may be lost: settings and limits of each run, what is reserved, heat, and loss of day and week.'],
  args: {},
  options: { ...RUN_CHOICE, ...WATCH_OPTION, ...ENGINE_OPTIONS },
  examples: ['dzentra risk show', 'dzentra risk show --run 1 --json'],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ['profile', 'text', 'the profile of the engine'],
    ['accounts', 'array', 'accounts in their order'],
    ...accountsUnder('accounts[]'),
    ['runs', 'array', 'runs with their settings'],
    ['runs[].run', 'number', 'its number'],
    ['runs[].symbol', 'text', 'its symbol'],
    ['runs[].state', 'code', 'OFF, OBSERVING, RUNNING or PAUSED'],
    ['runs[].risk', 'object', 'sizing, leverage, stop, target, loss, slippageCap and limits; exact values as text'],
  ],
  run: (context, { options }) =>
    look(context, options, ({ client, profile }) => {
      const scene = client.scene();
      const chosen = chosenRuns({ client }, options);
      if (isRefusal(chosen)) return refused(chosen);
      const runs = chosen.map(({ run, symbol, state, risk }) => ({ run, symbol, state, risk: riskData(risk) }));
      return {
        data: { schema: SCHEMA, profile, accounts: accountsData(scene), runs },
        piped: runs.map(factsOf),
        ui: screenOfRuns('risk', scene, options),
      };
    }),
});
