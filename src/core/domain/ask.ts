import type { Money } from '../base/decimal.ts';
import type { Command, OpenAccount, Refused, StartRun } from './command.ts';
import type { AnyEntry } from './entry.ts';
import type { Draft } from './frame.ts';
import type { Costs, RiskSettings } from './settings.ts';

/** A strategy to be put to work: what is left out the engine fills in from its settings and the strategy's own. */
export interface StartAsk {
  /** A registered name, the name of the user's own, or a path of a strategy file. */
  readonly strategy: string;
  readonly params: Readonly<Record<string, string>>;
  readonly symbol: string;
  readonly timeframe?: string | undefined;
  readonly seed: number;
  readonly risk?: RiskSettings | undefined;
  readonly observe: boolean;
  /** For the account, where it is not open yet. */
  readonly balance?: Money | undefined;
  readonly costs?: Costs | undefined;
}

/** A command that a face may send as it is. Accounts and runs are opened by what needs them. */
export type FaceCommand = Exclude<Command, OpenAccount | StartRun>;

/**
 * What a face may ask of an engine: every face the same. `trade` is by hand on the symbol's manual run, which begins with
 * its first order.
 */
export type Ask =
  | { readonly do: 'start'; readonly start: StartAsk }
  | { readonly do: 'trade'; readonly symbol: string; readonly draft: Draft }
  | { readonly do: 'command'; readonly command: FaceCommand };

/** Who asks. The same `id` again gets the first answer and does nothing; with another `line` it is refused. */
export interface Asking {
  readonly id?: string | undefined;
  /** What was asked for in words, however they were ordered: an id names one command. */
  readonly line?: string | undefined;
  readonly who: string;
  /** `cli`, `tui`, `telegram`. */
  readonly face: string;
  /** Says what would be done, and does nothing. */
  readonly isDryRun?: boolean | undefined;
}

/** What came of it, once it is durable. `entries` are those that the command wrote itself; what follows carries their cause. */
export type Answer =
  | { readonly ok: true; readonly entries: readonly AnyEntry[]; readonly isRepeated: boolean; readonly run: number }
  | { readonly ok: false; readonly refused: Refused };
