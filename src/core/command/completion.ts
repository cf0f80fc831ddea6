import { choice, required } from './argv/spec.ts';
import { defineCommand } from './command.ts';
import { completionScript } from './completion/script.ts';
import { done } from './outcome.ts';

const SCHEMA = 'dzentra.completion/1';

export const completion = defineCommand({
  about: [
    'Prints a script that completes commands, flags and choices, made from the same table as the help. bash: `source <(dzentra completion bash)`; zsh the same; fish: `dzentra completion fish | source`.',
  ],
  args: { shell: required(choice('The shell.', ['bash', 'zsh', 'fish'])) },
  options: {},
  examples: ['dzentra completion bash', 'dzentra completion zsh', 'dzentra completion fish'],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ['shell', 'text', 'the shell'],
    ['script', 'text', 'the script'],
  ],
  async run(context, { args }) {
    const commands = await Promise.all(context.commands.map((command) => command.load()));
    const lines = completionScript(args.shell, commands);
    return done({ schema: SCHEMA, shell: args.shell, script: lines.join('\n') }, [{ kind: 'text', lines }]);
  },
});
