import { unknownCommand } from './argv/parse.ts';
import { words } from './argv/spec.ts';
import { defineCommand, nameOf } from './command.ts';
import { done, plain, refused } from './outcome.ts';
import { refusal } from './refusal.ts';

export const schema = defineCommand({
  about: [
    "The fields of a command's --json with their types. Within a number (the 1 of dzentra.backtest/1) fields are added, never changed. Types: decimal is exact decimal text, ms an instant in UTC, fraction a number where 1 is the whole, code an English word that stays.",
    'With --json a command that is refused prints dzentra.error/1 on stderr: code, expected, found and fix.',
  ],
  args: { command: words('The command.', 'COMMAND', 'journal list') },
  options: {},
  examples: ['dzentra schema backtest', 'dzentra schema journal list --json'],
  schema: 'dzentra.schema/1',
  fields: [
    ['schema', 'text', 'dzentra.schema/1'],
    ['command', 'text', 'the command'],
    ['of', 'text', 'the schema and its number'],
    ['fields', 'array', 'path, type, about'],
  ],
  async run(context, { args }) {
    const { command: path } = args;
    if (path.length === 0)
      return refused(refusal(2, 'OPTION_MISSING', 'a command', 'nothing', 'dzentra schema backtest'));
    const line = context.commands.find((each) => nameOf(each) === path.join(' '));
    if (line === undefined) return refused(unknownCommand(path, context.commands));
    const found = await line.load();
    const fields = found.fields.map(([path, type, about]) => ({ path, type, about }));
    const data = { schema: 'dzentra.schema/1', command: nameOf(found), of: found.schema, fields };
    const columns = [
      { name: 'path', title: found.schema },
      { name: 'type', title: 'type' },
      { name: 'about', title: 'about' },
    ];
    const rows = fields.map((field) => [plain(field.path), plain(field.type), plain(field.about)]);
    return done(data, [{ kind: 'table', columns, rows, empty: 'no field' }]);
  },
});
