import { wrap } from '../../view/width.ts';
import type { RegisteredCommand } from '../command.ts';
import { definitions, EXIT_CODES, FACE_FLAGS, type Row, section, widthFor } from './paragraphs.ts';

const WHAT =
  'Dzentra: a terminal-first trader. One engine for backtest, paper and replay; every fact is in its journal.';

/** What there is to ask for, of a noun (`journal`) or of all: told by the registry alone, no command is loaded. */
export function overview(path: readonly string[], commands: readonly RegisteredCommand[], columns: number): string[] {
  const width = widthFor(columns);
  const shown = commands.filter((each) => path.every((word, i) => each.path[i] === word));
  const rows = shown.map(({ path, summary }): Row => [path.join(' '), summary]);
  const isAll = path.length === 0;
  return [
    ...(isAll ? [...wrap(WHAT, width), ''] : []),
    ...section('usage', [['dzentra', ...path, 'COMMAND [options]'].join(' ')]),
    ...section('commands', definitions(rows, width)),
    ...section('options of every command', definitions(FACE_FLAGS, width)),
    ...(isAll ? section('exit codes', definitions(EXIT_CODES, width)) : []),
    ...section('more', [`dzentra help ${rows[0]?.[0] ?? 'COMMAND'}`]),
  ].slice(0, -1);
}
