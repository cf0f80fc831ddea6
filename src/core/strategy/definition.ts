import type { Params, StrategyDefinition } from './strategy.ts';

/** What is wrong with a parameter: one sentence with `problemText`. */
export interface ParamProblem {
  readonly param: string;
  readonly expected: string;
  readonly found: string;
  /** What to do, as an imperative. */
  readonly fix: string;
}

/** A file of the user: the checksum of the text that was read from it, or why nothing could be. */
export type StrategySource =
  | { readonly file: string; readonly sha256: string; readonly fault?: undefined }
  | { readonly file?: undefined; readonly sha256?: undefined; readonly fault: string };

/** A strategy with the optional rules that its parameters bring along. Every `StrategyDefinition` is one. */
export interface Definition extends StrategyDefinition {
  /** Votes that must agree before a side is taken; 1 where it is left out. */
  votesMin?(params: Params): number;
  /** Whether it may open on polled prices, when the stream of an exchange is down; not where it is left out. */
  readonly tradesPolled?: boolean;
  /** The file that it was read from; not of the product's own. */
  readonly source?: StrategySource | undefined;
  /** What cannot be said by the range of one parameter (`fast` under `slow`); undefined where all is well. */
  check?(params: Params): ParamProblem | undefined;
}

/** Votes that must agree before a side is taken. */
export function votesMinOf(definition: Definition, params: Params): number {
  return definition.votesMin?.(params) ?? 1;
}

/** The problem as one message: what was expected, what was found, what to do. */
export function problemText(problem: ParamProblem): string {
  return `parameter ${problem.param}: expected ${problem.expected}, found ${problem.found}; ${problem.fix}`;
}
