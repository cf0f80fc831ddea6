import type { Locale } from '../../view/language.ts';
import { summaryIn } from '../../view/summaries.ts';
import { flagOf, nameOf, type RegisteredCommand } from '../command.ts';

/** A way to go on with a line. */
export interface Hint {
  readonly text: string;
  readonly about: string;
}

const HINTS_MAX = 12;

/** Commands that begin like the line; once a command stands there in full, what its next word may be, and its options. */
export async function hintsOf(
  commands: readonly RegisteredCommand[],
  text: string,
  locale?: Locale,
): Promise<readonly Hint[]> {
  const line = text.trimStart();
  const names = commands.map((command) => {
    const name = nameOf(command);
    return { text: name, about: summaryIn(locale, name, command.summary) };
  });
  const whole = commands.filter((command) => `${line} `.startsWith(`${nameOf(command)} `)).at(-1);
  if (whole === undefined || line === nameOf(whole)) {
    return names.filter((hint) => hint.text.startsWith(line)).slice(0, HINTS_MAX);
  }
  const last = /\S*$/.exec(line)?.[0] ?? '';
  // One that cannot be loaded any more, after an update, says so when it is run.
  const command = await whole.load().catch(() => undefined);
  if (command === undefined) return [];
  const { args, options } = command;
  const before = line.slice(0, line.length - last.length);
  const given = before.slice(nameOf(whole).length).match(/\S+/g) ?? [];
  // Behind an option a word may be its value.
  const next = given.some((word) => word.startsWith('-')) ? undefined : Object.values(args)[given.length];
  const choices = next?.type === 'choice' ? next.placeholder.split('|') : [];
  const words = choices.map((word) => ({ word, about: next?.about ?? '' }));
  const flags = Object.entries(options).map(([name, spec]) => ({ word: `--${flagOf(name, spec)}`, about: spec.about }));
  return [...words, ...(last === '' || last.startsWith('-') ? flags : [])]
    .filter(({ word }) => word.startsWith(last) && !before.includes(`${word} `))
    .map(({ word, about }) => ({ text: before + word, about }))
    .slice(0, HINTS_MAX);
}
