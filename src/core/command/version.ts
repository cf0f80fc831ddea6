import { defineCommand } from './command.ts';
import { done, fact } from './outcome.ts';

export const version = defineCommand({
  about: ['The version of Dzentra; `dzentra --version` prints it alone.'],
  args: {},
  options: {},
  examples: ['dzentra version', 'dzentra version --json'],
  schema: 'dzentra.version/1',
  fields: [
    ['schema', 'text', 'dzentra.version/1'],
    ['version', 'text', 'the version'],
  ],
  run: (context) =>
    Promise.resolve(
      done({ schema: 'dzentra.version/1', version: context.version }, [
        { kind: 'facts', facts: [fact('dzentra', 'dzentra', context.version)] },
      ]),
    ),
});
