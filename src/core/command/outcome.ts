import type { BacktestView } from '../view/report.ts';
import type { View } from '../view/view.ts';
import { type Refusal, refusalOf } from './refusal.ts';

/** What a cell means; only a painter knows colours, and no meaning rests on colour alone. */
export type Tone = 'good' | 'bad' | 'warn' | 'muted' | 'plain';

/** A value for a pipe (decimal text, code, ISO time) and the text for a person. */
export interface Cell {
  readonly value: string | number | boolean | null;
  readonly text: string;
  readonly tone?: Tone | undefined;
}

/** A column of a table: its name for scripts, its head for people. */
export interface Column {
  readonly name: string;
  readonly title: string;
  readonly align?: 'left' | 'right' | undefined;
  /** Columns of the highest rank leave first where the terminal is narrow; 0 always stays. */
  readonly rank?: number | undefined;
}

/** A part of what a command shows. A face paints it: a table on a terminal, tab-separated values in a pipe. */
export type Block =
  | {
      readonly kind: 'table';
      readonly columns: readonly Column[];
      readonly rows: readonly (readonly Cell[])[];
      readonly empty: string;
    }
  | { readonly kind: 'facts'; readonly title?: string | undefined; readonly facts: readonly Fact[] }
  /** Lines as they are. */
  | { readonly kind: 'text'; readonly lines: readonly string[] }
  /** Lines that a terminal wraps, what follows the first indented beneath it. */
  | { readonly kind: 'prose'; readonly lines: readonly string[] }
  | { readonly kind: 'backtest'; readonly view: BacktestView; readonly facts: readonly Fact[] }
  /** A screen on a terminal; a pipe gets `piped` in its place, or the values of the screen's own blocks. */
  | { readonly kind: 'view'; readonly view: View; readonly piped?: readonly Block[] | undefined };

/** A name for scripts, a title for people, and the cell. */
export interface Fact {
  readonly name: string;
  readonly title: string;
  readonly cell: Cell;
}

/** `data` is what `--json` prints: `{schema, ...}`, English codes, decimal text, milliseconds. */
interface Shown {
  readonly data: unknown;
  readonly blocks: readonly Block[];
  /** Said beside the data, on stderr. */
  readonly notes?: readonly string[] | undefined;
}

/** How a command ended. One place, `exitOf`, turns it into an exit code. */
export type Outcome =
  | ({ readonly kind: 'done' } & Shown)
  /** It ran and the answer is no: a replay that differs, a journal that does not verify. */
  | ({ readonly kind: 'failed' | 'differs' | 'declined' } & Shown)
  /** `notes`: what was done all the same, said beside it on a terminal. */
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly notes?: readonly string[] | undefined }
  | { readonly kind: 'timed_out'; readonly what: string; readonly fix: string }
  /** A signal ended it: what was saved, in sentences. */
  | { readonly kind: 'interrupted'; readonly saved: readonly string[]; readonly data?: unknown };

/** It ran and the answer is what was asked for. */
export const done = (data: unknown, blocks: readonly Block[], notes: readonly string[] = []): Outcome => ({
  kind: 'done',
  data,
  blocks,
  notes,
});

/** The same with one more thing said beside the data. */
export const noting = (outcome: Extract<Outcome, Shown>, note: string): Outcome => ({
  ...outcome,
  notes: [...(outcome.notes ?? []), note],
});

/** A person was asked and said no. */
export const declined = (data: unknown): Outcome => ({
  kind: 'declined',
  data,
  blocks: [{ kind: 'text', lines: ['nothing was done'] }],
});

/** It was not carried out. */
export const refused = (refusal: Refusal): Outcome => ({ kind: 'refused', refusal });

/** The same, or, where a signal ended the wait for it, what goes on without whoever waited. */
export const unfinished = (problem: Refusal, { aborted }: AbortSignal): Outcome =>
  aborted && problem.exit === 6
    ? { kind: 'interrupted', saved: [`${problem.found}; ${problem.fix}`] }
    : refused(problem);

/**
 * What a command that threw comes to: long work rejects with the signal's reason when that ends it; a file or a journal that
 * cannot be used carries the three words of a refusal. Anything else is a bug of the program and undefined here.
 */
export function outcomeOfThrown(problem: unknown, signal: AbortSignal): Outcome | undefined {
  if (isStop(problem, signal)) {
    const saved = signal.reason === 'SIGPIPE' ? [] : ['nothing was changed; run it again to have it whole'];
    return { kind: 'interrupted', saved };
  }
  const refusal = refusalOf(problem);
  return refusal === undefined ? undefined : refused(refusal);
}

/** Node's own work wraps the reason. */
const isStop = (problem: unknown, { aborted, reason }: AbortSignal): boolean =>
  aborted && (problem === reason || (problem instanceof Error && problem.name === 'AbortError'));

/** What ends a command from outside. SIGHUP is a terminal that went away, SIGPIPE a reader that left: `| head`. */
export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGPIPE';

/** The exit code of an outcome; `signal` is what interrupted it, where something did. */
export function exitOf(outcome: Outcome, signal: StopSignal = 'SIGINT'): number {
  switch (outcome.kind) {
    case 'done':
      return 0;
    case 'failed':
    case 'differs':
    case 'declined':
      return 1;
    case 'refused':
      return outcome.refusal.exit;
    case 'timed_out':
      return 6;
    case 'interrupted':
      return signal === 'SIGINT' ? 130 : 143;
  }
}

/** A cell whose value for a pipe is its text. */
export const plain = (text: string, tone?: Tone): Cell => ({ value: text, text, tone });

/** A fact; a text alone is its value for a pipe too. */
export const fact = (name: string, title: string, cell: Cell | string): Fact => ({
  name,
  title,
  cell: typeof cell === 'string' ? plain(cell) : cell,
});
