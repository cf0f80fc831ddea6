import { symbol } from './argv/symbol.ts';
import type { Data } from './attached/data.ts';
import { POSITION_FIELDS, positionData, positionsUnder } from './attached/data.ts';
import { ENGINE_OPTIONS, WATCH_OPTION } from './attached/options.ts';
import { look, screen, tableOf } from './attached/screen.ts';
import { defineCommand } from './command.ts';

const SCHEMA = 'dzentra.positions/1';

export const positions = defineCommand({
  about: [
    'Open positions, one line each in a pipe: valued at the mark, with what is left of each if it is closed now, its stop and whether that works.',
  ],
  args: {},
  options: { symbol: symbol('Only this symbol.'), ...WATCH_OPTION, ...ENGINE_OPTIONS },
  examples: ['dzentra positions', 'dzentra positions --symbol BTC/USDT:USDT --json', 'dzentra positions --watch'],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ['profile', 'text', 'the profile of the engine'],
    ['now', 'ms|null', "the engine's clock"],
    ['positions', 'array', 'by run'],
    ...positionsUnder('positions[]'),
  ],
  run: (context, { options }) =>
    look(context, options, ({ client, profile }) => {
      const scene = client.scene();
      const { symbol } = options;
      const found = scene.state.runs
        .filter((run) => symbol === undefined || run.symbol === symbol)
        .map((run) => positionData(scene, run))
        .filter((position): position is Data => position !== null);
      const names = POSITION_FIELDS.map(([name]) => name);
      return {
        data: { schema: SCHEMA, profile, now: scene.now, positions: found },
        piped: [tableOf(names, found, 'no open position')],
        ui: symbol === undefined ? screen('portfolio') : undefined,
      };
    }),
});
