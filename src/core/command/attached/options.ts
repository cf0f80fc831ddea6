import { profile } from '../argv/engine.ts';
import { int } from '../argv/numbers.ts';
import { accept, type OptionSpec, on, type Reading, reject, single, withDefault } from '../argv/spec.ts';
import { symbol } from '../argv/symbol.ts';
import { duration } from '../argv/times.ts';
import { flagOf, type Values } from '../command.ts';

/** Which engine is meant. */
export const ENGINE_OPTIONS = {
  profile: profile('Profile whose engine is meant; else the one of the configuration.'),
};

/** Which run is meant. */
export const RUN_CHOICE = {
  run: int('Number of the run.', { from: '1', to: '1000000000' }, '1'),
  symbol: symbol('The run of this symbol.'),
};
export type RunChoice = Values<typeof RUN_CHOICE>;

const key = (about: string): OptionSpec<string | undefined> =>
  single(about, {
    type: 'text',
    placeholder: 'KEY',
    expects: 'a key of 1 to 64 letters, digits and . _ : -',
    example: 'daily-2025-05-04',
    one: (given): Reading<string> => (/^[A-Za-z0-9._:-]{1,64}$/.test(given) ? accept(given) : reject()),
  });

/** How something is asked for. */
export const ASK_OPTIONS = {
  id: key('Makes it happen once: the same key again gets the first answer, with another command a refusal.'),
  dryRun: on('Says what would be done, and does nothing.'),
  wait: withDefault(duration('How long to wait for what comes of it.', { from: '100ms', to: '1h' }, '30s'), '30s'),
};
export type AskInput = Values<typeof ASK_OPTIONS>;

const HOW = Object.entries({ ...ASK_OPTIONS, ...ENGINE_OPTIONS }).map(([name, spec]) => `--${flagOf(name, spec)}=`);

/** What is asked for in words, without how it is asked and of which engine. */
export const lineOf = (words: readonly string[]): string =>
  words.filter((word) => !HOW.some((flag) => word.startsWith(flag))).join(' ');

/** What may follow the market for as long as it is wanted. */
export const WATCH_OPTION = { watch: on('Go on until Ctrl-C: again at each change; in a pipe a line a change.') };

/** The symbol in words, where a live account is about to carry more risk. */
export const CONFIRM_OPTION = {
  confirm: symbol('Live accounts only: the symbol once more, as a word that is typed.'),
};
