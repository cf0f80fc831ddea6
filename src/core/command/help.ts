import { unknownCommand } from './argv/parse.ts';
import { words } from './argv/spec.ts';
import { defineCommand } from './command.ts';
import { overview } from './manual/overview.ts';
import { done, refused } from './outcome.ts';

export const help = defineCommand({
  about: ['All commands, the commands of a noun, or one command with its options, defaults, ranges and examples.'],
  args: { command: words('The command or noun.', 'COMMAND', 'journal list') },
  options: {},
  examples: ['dzentra help', 'dzentra help journal', 'dzentra help journal list'],
  schema: 'dzentra.help/1',
  fields: [
    ['schema', 'text', 'dzentra.help/1'],
    ['commands', 'array', 'the commands that were asked about'],
    ['commands[].name', 'text', 'its words'],
    ['commands[].summary', 'text', 'what it does'],
  ],
  async run(context, { args }) {
    const path = args.command;
    const shown = context.commands.filter((each) => path.every((word, i) => each.path[i] === word));
    if (shown.length === 0) return refused(unknownCommand(path, context.commands));
    const commands = shown.map(({ path, summary }) => ({ name: path.join(' '), summary }));
    const exact = shown.find((each) => each.path.length === path.length);
    const lines =
      exact === undefined
        ? overview(path, context.commands, context.columns, context.locale)
        : (await import('./manual/page.ts')).page(await exact.load(), context.columns, context.locale);
    return done({ schema: 'dzentra.help/1', commands }, [{ kind: 'text', lines }]);
  },
});
