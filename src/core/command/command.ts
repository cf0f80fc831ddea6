import type { Progress } from '../lab/request.ts';
import type { Locale } from '../view/language.ts';
import type { OptionSpec } from './argv/spec.ts';
import type { Block, Cell, Outcome } from './outcome.ts';
import type { Ports, Write } from './ports.ts';

/** Options or arguments by name: `dayBlock` is `--day-block` unless its spec names another flag. */
export type Specs = Readonly<Record<string, OptionSpec>>;

/** The values that a table of specs reads. */
export type Values<S extends Specs> = { readonly [K in keyof S]: S[K] extends OptionSpec<infer T> ? T : never };

/** What a command was given: its arguments and its options, read. */
export interface Input<A extends Specs = Specs, O extends Specs = Specs> {
  readonly args: Values<A>;
  readonly options: Values<O>;
}

/** A field of what `--json` prints: a path (`summary.trades`, `trades[].pnl`), its type and its meaning. */
export type Field = readonly [path: string, type: string, about: string];

/** A row of a stream: cells for a terminal or a pipe, `data` for `--json`. */
export interface StreamedRow {
  readonly cells: readonly Cell[];
  readonly data: unknown;
}

/** What a face gives to a running command. */
export interface Context {
  readonly signal: AbortSignal;
  /**
   * Has a signal end the process at once: for work in one piece that never looks at `signal` and leaves nothing half done.
   * It throws where one came before. Absent where the process is not the command's own.
   */
  readonly letSignalsEnd?: (() => Promise<void>) | undefined;
  readonly json: boolean;
  readonly version: string;
  /** The language of what a person reads; English where nothing is said. `--json` never changes with it. */
  readonly locale?: Locale | undefined;
  /** Columns that text is wrapped to. */
  readonly columns: number;
  readonly commands: readonly RegisteredCommand[];
  /** The ports; the first call loads what they need. */
  boot(): Promise<Ports>;
  /** Says how far long work is; a face shows it on a terminal only. */
  progress(label: string): Progress;
  /** Prints one row at once, while the command goes on. */
  row(row: StreamedRow): void;
  /** Prints text as it is: exports. */
  readonly write: Write;
  /** Whether what `write` prints may have colours, and whether it must keep to ASCII. */
  readonly isColoured?: boolean | undefined;
  readonly isAscii?: boolean | undefined;
  /** Nobody sees screens: they are not made. */
  readonly isPiped?: boolean | undefined;
  /** The command in words, as the parser gives them. */
  readonly words?: readonly string[] | undefined;
  /** Who asks: `cli` where nothing is said. */
  readonly face?: string | undefined;
  /** Shows blocks in the place of what it showed before; absent where nothing can be replaced: a pipe. */
  readonly repaint?: ((blocks: readonly Block[]) => Promise<void>) | undefined;
  /** Asks a person to choose a word; absent where there is none, undefined where the answer is none of them. */
  readonly choose?: ((question: string, choices: readonly string[]) => Promise<string | undefined>) | undefined;
  /** Asks a person for a secret, which is not shown while it is typed; absent where there is none. Undefined is no answer. */
  readonly askSecret?: ((question: string) => Promise<string | undefined>) | undefined;
  /** All of standard input; undefined where it is a terminal. */
  readonly readInput?: (() => Promise<string | undefined>) | undefined;
  /**
   * Has the process go on when nothing can be printed any more (a full disk, a terminal that went away): what trades must
   * not die of its printer. `told` hears why, once. Absent where printing never ends a process.
   */
  readonly goOnUnprinted?: ((told: (why: string) => void) => void) | undefined;
}

/** What the registry tells of a command without loading it. */
export interface RegisteredCommand {
  /** The words that name it: `['journal', 'list']`. */
  readonly path: readonly string[];
  readonly summary: string;
  load(): Promise<AnyCommand>;
}

/** A command in its file; the registry gives it its words and its summary. Help and schemas are made from it. */
export interface CommandDefinition<A extends Specs, O extends Specs> {
  /** A paragraph or two; lines are wrapped by the help. */
  readonly about: readonly string[];
  /** Positional arguments in their order. */
  readonly args: A;
  readonly options: O;
  /** Real command lines, one at least; a test parses each. */
  readonly examples: readonly string[];
  /** What `--json` prints. Fields are added, never changed, within a schema number. */
  readonly schema: string;
  readonly fields: readonly Field[];
  run(context: Context, input: Input<A, O>): Promise<Outcome>;
}

/** A command of any arguments and options, as its file defines it. */
export type AnyDefinition = CommandDefinition<Specs, Specs>;

/** A command that was loaded, with the words and the summary of its line. */
export type AnyCommand = AnyDefinition & Omit<RegisteredCommand, 'load'>;

/** Keeps the types of the specs, so that `run` gets typed values. */
export function defineCommand<const A extends Specs, const O extends Specs>(
  definition: CommandDefinition<A, O>,
): CommandDefinition<A, O> {
  return definition;
}

/** The flag of an option: its own, or its name in kebab-case with the unit left out. */
export function flagOf(name: string, spec: OptionSpec): string {
  return spec.flag ?? name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The words of a command as one: `journal list`. */
export const nameOf = ({ path }: Pick<RegisteredCommand, 'path'>): string => path.join(' ');
