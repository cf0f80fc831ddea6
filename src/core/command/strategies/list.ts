import { defaultParams } from '../../strategy/params.ts';
import { defineCommand } from '../command.ts';
import { done, plain } from '../outcome.ts';

export const strategiesList = defineCommand({
  about: [
    'The strategies that the product brings along, and your own ones from the folder strategies in the configuration folder. `--strategy ./mine.mts` runs any other file.',
  ],
  args: {},
  options: {},
  examples: ['dzentra strategies list', 'dzentra strategies list --json'],
  schema: 'dzentra.strategies.list/1',
  fields: [
    ['schema', 'text', 'dzentra.strategies.list/1'],
    ['strategies', 'array', 'by name'],
    ['strategies[].name', 'text', 'what --strategy takes'],
    ['strategies[].version', 'number', 'raised when the same candles would lead to other opinions'],
    ['strategies[].title', 'text', 'its title'],
    ['strategies[].about', 'text', 'what it does'],
    ['strategies[].timeframe', 'text', 'its time frame, or feed for that of the feed'],
    ['broken', 'array', 'files in the folder strategies that cannot be used: file, expected, found, fix'],
  ],
  async run(context) {
    // What a file of the user does when it is loaded is its own business, and may never end.
    await context.letSignalsEnd?.();
    const ports = await context.boot();
    const listed = await ports.strategies.list();
    const strategies = listed.strategies.map((each) => ({
      name: each.name,
      version: each.version,
      title: each.title,
      about: each.about,
      timeframe: each.timeframes(defaultParams(each.params)).own,
    }));
    const columns = [
      { name: 'name', title: 'name' },
      { name: 'version', title: 'version', align: 'right', rank: 2 },
      { name: 'timeframe', title: 'time frame', rank: 1 },
      { name: 'about', title: 'about' },
    ] as const;
    const rows = strategies.map((each) => [
      plain(each.name),
      plain(`${each.version}`),
      plain(each.timeframe),
      plain(each.about),
    ]);
    const table = { kind: 'table', columns, rows, empty: 'no strategy' } as const;
    const broken = listed.broken.map(({ file, problem: { expected, found, fix } }) => ({ file, expected, found, fix }));
    const notes = broken.map(({ expected, found, fix }) => `expected ${expected}, found ${found}; ${fix}`);
    return done({ schema: 'dzentra.strategies.list/1', strategies, broken }, [table], notes);
  },
});
