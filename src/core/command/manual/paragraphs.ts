import type { Locale } from '../../view/language.ts';
import { wrap } from '../../view/width.ts';
import { manualWords } from '../words/manual.ts';

/** A term and what it means. */
export type Row = readonly [term: string, about: string];

const INDENT = '  ';
/** Lines longer than this are hard to read, however wide the terminal. */
const WIDTH_MAX = 100;

/** The width that help is written for. */
export const widthFor = (columns: number): number => Math.min(WIDTH_MAX, Math.max(38, columns));

/** Flags that every command takes, whatever it does. */
const FACE_FLAGS = ['--json', '--columns N', '--ascii', '--no-color', '--language en|ru', '-h, --help'] as const;
const EXIT_CODES = ['0', '1', '2', '3', '4', '5', '6', '130', '143'] as const;

/** Those flags with what they do. */
export function faceFlags(locale?: Locale): readonly Row[] {
  const say = manualWords(locale);
  return FACE_FLAGS.map((flag) => [flag, say(`flag.${flag}`)]);
}

/** What the exit codes mean. */
export function exitCodes(locale?: Locale): readonly Row[] {
  const say = manualWords(locale);
  return EXIT_CODES.map((code) => [code, say(`exit.${code}`)]);
}

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
