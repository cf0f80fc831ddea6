import type { Locale } from '../../view/language.ts';
import { summaryIn } from '../../view/summaries.ts';
import { wrap } from '../../view/width.ts';
import type { RegisteredCommand } from '../command.ts';
import { COMMANDS } from '../registry.ts';
import { manualWords } from '../words/manual.ts';
import { definitions, exitCodes, faceFlags, type Row, section, widthFor } from './paragraphs.ts';

/** What there is to ask for at all. */
export const wholeOverview = (columns: number, locale?: Locale): string[] => overview([], COMMANDS, columns, locale);

/** What there is to ask for, of a noun (`journal`) or of all: told by the registry alone, no command is loaded. */
export function overview(
  path: readonly string[],
  commands: readonly RegisteredCommand[],
  columns: number,
  locale?: Locale,
): string[] {
  const say = manualWords(locale);
  const width = widthFor(columns);
  const shown = commands.filter((each) => path.every((word, i) => each.path[i] === word));
  const rows = shown.map(({ path, summary }): Row => {
    const name = path.join(' ');
    return [name, summaryIn(locale, name, summary)];
  });
  const isAll = path.length === 0;
  return [
    ...(isAll ? [...wrap(say('what'), width), ''] : []),
    ...section(say('usage'), [['dzentra', ...path, say('commandAndOptions')].join(' ')]),
    ...section(say('commands'), definitions(rows, width)),
    ...section(say('shared'), definitions(faceFlags(locale), width)),
    ...(isAll ? section(say('exitCodes'), definitions(exitCodes(locale), width)) : []),
    ...section(say('more'), [`dzentra help ${isAll ? 'COMMAND' : rows[0]?.[0]}`]),
  ].slice(0, -1);
}
