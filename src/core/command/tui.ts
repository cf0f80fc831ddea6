import { feed, profile, speed } from './argv/engine.ts';
import { choice, on } from './argv/spec.ts';
import { defineCommand, type Values } from './command.ts';
import { refused } from './outcome.ts';
import { refusal } from './refusal.ts';

const SCHEMA = 'dzentra.tui/1';

const OPTIONS = {
  profile: profile('Profile whose engine is shown; else the one of the configuration.'),
  theme: choice('Colours; else as the settings say.', ['dark', 'light', 'blue-orange']),
  language: choice('Language; else as set, or of the locale.', ['en', 'ru']),
  screenReader: on('Plain lines without boxes, for a screen reader.'),
  mouse: on('The mouse picks rows and tabs; m turns it on and off.'),
  feed: feed('Where prices come from, if an engine is started for this.'),
  speed: speed('How fast its market time passes; else as at the last start, or 60.'),
};
export type TuiInput = Values<typeof OPTIONS>;

export const tui = defineCommand({
  about: [
    'Opens the terminal UI of the engine of a profile, and starts the engine if none runs: `dzentra` alone is the same. Leaving it (q) does not stop the engine. In a pipe it prints one frame, with --json the commands, as `help` does.',
  ],
  args: {},
  options: OPTIONS,
  examples: ['dzentra tui', 'dzentra tui --profile demo --theme light --language ru', 'dzentra tui --ascii'],
  schema: SCHEMA,
  fields: [['schema', 'text', 'dzentra.help/1: see dzentra schema help']],
  // The command line opens it by itself; every other face is a screen already.
  run: () =>
    Promise.resolve(
      refused(refusal(2, 'NO_TERMINAL', 'a terminal of its own', 'another face', 'run it in a terminal')),
    ),
});
