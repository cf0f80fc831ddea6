import type { Tone } from '../core/index.ts';

/** One of the two streams of a process. `write` resolves when more may come; after a reader left it writes nothing. */
export interface Output {
  readonly isTerminal: boolean;
  /** Columns of the terminal, undefined where there is none. */
  readonly columns: number | undefined;
  /** Its lines. */
  readonly rows?: number | undefined;
  write(text: string): Promise<void>;
}

/** What a process gives to the command line: two streams, the environment, and who wants it to end. */
export interface Terminal {
  readonly out: Output;
  readonly err: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Asks a person and answers the line; absent where nobody can be asked. */
  readonly ask?: ((question: string) => Promise<string>) | undefined;
  /** Asks for something that is not shown while it is typed; undefined is no answer. Absent where nobody can be asked. */
  readonly askSecret?: ((question: string) => Promise<string | undefined>) | undefined;
  /** All of standard input; undefined where it is a terminal. */
  readonly readInput?: (() => Promise<string | undefined>) | undefined;
  /** Has the process go on when nothing can be printed any more: `told` hears why, once. Else that ends it. */
  readonly goOnUnprinted?: ((told: (why: string) => void) => void) | undefined;
  /** Milliseconds for the pace of the progress bar. */
  now(): number;
}

const CODES: Readonly<Record<Tone | 'head', string>> = {
  good: '\u001b[32m',
  bad: '\u001b[31m',
  warn: '\u001b[33m',
  muted: '\u001b[2m',
  head: '\u001b[1m',
  plain: '',
};
const RESET = '\u001b[0m';

/** Whether colours are wanted: a terminal that has them, and nobody who said no (https://no-color.org). */
export function wantsColor({ out, env }: Terminal, color: boolean): boolean {
  return color && out.isTerminal && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
}

/** Colours of screens: as told, undefined where none are wanted. */
export const themeOf = (
  terminal: Terminal,
  { color, theme = 'dark' }: { readonly color: boolean; readonly theme?: string | undefined },
): string | undefined => (wantsColor(terminal, color) ? theme : undefined);

/** Columns to write for: as asked, as the terminal has, else 80. One that nobody told its size says 0. */
export const columnsOf = ({ out }: Terminal, asked: number | undefined): number => asked ?? (out.columns || 80);

interface Span {
  readonly text: string;
  readonly tone: Tone | 'head';
}

/** A line of the layout as text, with or without colours. */
export function paint(line: readonly Span[], color: boolean): string {
  const text = line.map((span) =>
    color && span.text !== '' && CODES[span.tone] !== '' ? CODES[span.tone] + span.text + RESET : span.text,
  );
  return text.join('').trimEnd();
}

/** The same terminal, with `hide` over all that is written. */
export function hiding(terminal: Terminal, hide: (text: string) => string): Terminal {
  const over = (output: Output): Output => ({
    isTerminal: output.isTerminal,
    get columns() {
      return output.columns;
    },
    get rows() {
      return output.rows;
    },
    write: (text) => output.write(hide(text)),
  });
  return { ...terminal, out: over(terminal.out), err: over(terminal.err) };
}
