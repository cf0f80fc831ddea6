import { accountsData, accountsUnder, type Data, positionData, positionsUnder } from './attached/data.ts';
import { ENGINE_OPTIONS, WATCH_OPTION } from './attached/options.ts';
import { factsOf, look, screen } from './attached/screen.ts';
import { defineCommand } from './command.ts';

const SCHEMA = 'dzentra.portfolio/1';

export const portfolio = defineCommand({
  about: [
    'Accounts with balance, equity, what is reserved and at risk, profit or loss of day and week, and positions.',
  ],
  args: {},
  options: { ...WATCH_OPTION, ...ENGINE_OPTIONS },
  examples: ['dzentra portfolio', 'dzentra portfolio --json'],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ['profile', 'text', 'the profile of the engine'],
    ['now', 'ms|null', "the engine's clock"],
    ['accounts', 'array', 'accounts in their order'],
    ...accountsUnder('accounts[]'),
    ['positions', 'array', 'open positions by run'],
    ...positionsUnder('positions[]'),
  ],
  run: (context, { options }) =>
    look(context, options, ({ client, profile }) => {
      const scene = client.scene();
      const accounts = accountsData(scene);
      const positions = scene.state.runs
        .map((run) => positionData(scene, run))
        .filter((position): position is Data => position !== null);
      return {
        data: { schema: SCHEMA, profile, now: scene.now, accounts, positions },
        piped: accounts.map(factsOf),
        ui: screen('portfolio'),
      };
    }),
});
