import { exchange } from './argv/engine.ts';
import {
  accountsData,
  accountsUnder,
  type Data,
  positionData,
  positionsUnder,
  venueAccountData,
  venueAccountUnder,
} from './attached/data.ts';
import { ENGINE_OPTIONS, WATCH_OPTION } from './attached/options.ts';
import { factsOf, look, screen } from './attached/screen.ts';
import { defineCommand } from './command.ts';
import { refused } from './outcome.ts';
import { refusal } from './refusal.ts';
import { tellVenueAccount } from './venue-account.ts';

const SCHEMA = 'dzentra.portfolio/1';

export const portfolio = defineCommand({
  about: [
    'Accounts with balance, equity, what is reserved and at risk, profit or loss of day and week, and positions.',
    'Where a key was given, the real account at the exchange stands apart, for reading.',
  ],
  args: {},
  options: {
    exchange: exchange('Ask this exchange itself, with the key that is kept for it: no engine is needed.'),
    ...WATCH_OPTION,
    ...ENGINE_OPTIONS,
  },
  examples: ['dzentra portfolio', 'dzentra portfolio --exchange binanceusdm --json'],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ['profile', 'text|null', 'the profile of the engine; null with --exchange, which asks none'],
    ['now', 'ms|null', "the engine's clock"],
    ['accounts', 'array', 'accounts in their order'],
    ...accountsUnder('accounts[]'),
    ['positions', 'array', 'open positions by run'],
    ...positionsUnder('positions[]'),
    ['venueAccount', 'object|null', 'the real account at an exchange, for reading; nothing above has it in it'],
    ...venueAccountUnder('venueAccount'),
  ],
  run: (context, { options }) => {
    const { exchange, watch, profile } = options;
    if (exchange !== undefined) {
      const ofEngine = watch ? '--watch' : profile === undefined ? undefined : '--profile';
      if (ofEngine === undefined) return tellVenueAccount(context, exchange, SCHEMA);
      const expected = `no ${ofEngine} with --exchange, which asks no engine`;
      return Promise.resolve(refused(refusal(2, 'OPTIONS_CONFLICT', expected, ofEngine, 'leave one of them out')));
    }
    return look(context, options, ({ client, profile }) => {
      const scene = client.scene();
      const accounts = accountsData(scene);
      const positions = scene.state.runs
        .map((run) => positionData(scene, run))
        .filter((position): position is Data => position !== null);
      return {
        data: { schema: SCHEMA, profile, now: scene.now, accounts, positions, venueAccount: venueAccountData(scene) },
        piped: accounts.map(factsOf),
        ui: screen('portfolio'),
      };
    });
  },
});
