import { defineCommand } from '../command.ts';
import { done, plain } from '../outcome.ts';

const SCHEMA = 'dzentra.sandbox.differences/1';

export const sandboxDifferences = defineCommand({
  about: ['Everything in which the stand-in exchange is known not to be as Binance is, and why.'],
  args: {},
  options: {},
  examples: ['dzentra sandbox differences', 'dzentra sandbox differences --json'],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ['differences[].where', 'text', 'the path, stream or area'],
    ['differences[].difference', 'text', 'what is otherwise'],
    ['differences[].reason', 'text', 'why'],
    ['differences', 'array', 'all that is known'],
  ],
  async run(context) {
    const ports = await context.boot();
    const differences = await ports.sandbox.differences();
    return done({ schema: SCHEMA, differences }, [
      {
        kind: 'table',
        columns: [
          { name: 'where', title: 'where' },
          { name: 'difference', title: 'difference' },
          { name: 'reason', title: 'reason', rank: 1 },
        ],
        rows: differences.map(({ where, difference, reason }) => [plain(where), plain(difference), plain(reason)]),
        empty: 'none is known',
      },
    ]);
  },
});
