import type { Locale } from '../../view/language.ts';
import { summaryIn } from '../../view/summaries.ts';
import { flagOf, nameOf, type RegisteredCommand } from '../command.ts';

/** A way to go on with a line. */
export interface Hint {
  readonly text: string;
  readonly about: string;
}

const HINTS_MAX = 12;

/** Commands that begin like the line; once a command stands there in full, its options. */
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
  if (last !== '' && !last.startsWith('-')) return [];
  const { options } = await whole.load();
  const before = line.slice(0, line.length - last.length);
  return Object.entries(options)
    .map(([name, spec]) => ({ flag: `--${flagOf(name, spec)}`, spec }))
    .filter(({ flag }) => flag.startsWith(last) && !before.includes(`${flag} `))
    .map(({ flag, spec }) => ({ text: before + flag, about: spec.about }))
    .slice(0, HINTS_MAX);
}
