import { wrap } from '../../view/width.ts';

/** A term and what it means. */
export type Row = readonly [term: string, about: string];

const INDENT = '  ';
/** Lines longer than this are hard to read, however wide the terminal. */
const WIDTH_MAX = 100;

/** The width that help is written for. */
export const widthFor = (columns: number): number => Math.min(WIDTH_MAX, Math.max(38, columns));

/** Flags that every command takes, whatever it does. */
export const FACE_FLAGS: readonly Row[] = [
  ['--json', 'Print data as JSON, in the shape that `dzentra schema COMMAND` tells.'],
  ['--columns N', 'Width of the output; else that of the terminal, or 80.'],
  ['--ascii', 'Draw with ASCII only.'],
  ['--no-color', 'No colours, as with NO_COLOR.'],
  ['-h, --help', 'Show this help.'],
];

/** What the exit codes mean. */
export const EXIT_CODES: readonly Row[] = [
  ['0', 'ok'],
  ['1', 'failed, differs, or declined at a prompt'],
  ['2', 'refused without looking at state or market: flags, ranges, files, configuration'],
  ['3', 'refused by the account, a position or the market'],
  ['4', 'the venue said no or could not be reached'],
  ['5', 'no engine runs'],
  ['6', 'timed out'],
  ['130', 'ended by Ctrl-C'],
  ['143', 'ended by SIGTERM or SIGHUP'],
];

/** Terms at the left, what they mean beside them, or below where the terminal is narrow. */
export function definitions(rows: readonly Row[], width: number): string[] {
  const widest = Math.min(26, Math.max(...rows.map(([term]) => term.length), 0));
  const isNarrow = width < 60;
  const room = isNarrow ? width - 4 : width - widest - 4;
  return rows.flatMap(([term, about]) => {
    const lines = wrap(about, room);
    if (isNarrow) return [...folded(term, width - 2), ...lines.map((line) => `${INDENT}${line}`)];
    const [first = '', ...rest] = lines;
    const indent = ' '.repeat(widest + 2);
    const head =
      term.length > widest ? [...folded(term, width - 2), `${indent}${first}`] : [`${term.padEnd(widest + 2)}${first}`];
    return [...head, ...rest.map((line) => `${indent}${line}`)];
  });
}

/** A term that is wider than the page, broken between its choices. */
function folded(term: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const part of term.split(/(?<=\|)/)) {
    if (line !== '' && line.length + part.length > width) {
      lines.push(line);
      line = `${INDENT}${INDENT}`;
    }
    line += part;
  }
  return [...lines, line];
}

/** A paragraph under its heading; none without lines. */
export const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [title.toUpperCase(), ...lines.map((line) => `${INDENT}${line}`), ''];
