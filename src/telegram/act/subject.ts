import type { Scene } from '../core.ts';
import { type ParsedCommand, withOptions } from './line.ts';

type Run = Scene['state']['runs'][number];

/** What a command acts on. */
export interface Subject {
  readonly runs: readonly Run[];
  readonly accounts: readonly string[];
  /** The command with that named in it; several where none was named and several fit: one is to be chosen. */
  readonly ways: readonly { readonly run: Run | undefined; readonly words: readonly string[] }[];
}

/** More than that are not offered beneath a message. */
const WAYS_MAX = 6;

type Fits = (run: Run, command: ParsedCommand) => boolean;

const isHeld: Fits = ({ position }) => position !== undefined;
const isStarted: Fits = ({ state, strategy }) => state !== 'OFF' && strategy !== 'manual';
const isAlive: Fits = (run, command) => run.state !== 'OFF' || isHeld(run, command);

/** Commands that act on one run, and the runs that each may mean: as the command line finds it where none is named. */
const RUNS: ReadonlyMap<string, Fits> = new Map<string, Fits>([
  ['trade close', isHeld],
  ['trade flip', isHeld],
  ['trade stop', isHeld],
  ['trade target', isHeld],
  ['auto release', (run, command) => isHeld(run, command) && run.strategy !== 'manual'],
  ['auto stop', isStarted],
  ['auto adopt', isStarted],
  ['auto pause', (run, command) => isStarted(run, command) && run.state === 'RUNNING'],
  ['auto resume', ({ state }) => state === 'PAUSED'],
  ['auto set', isAlive],
  ['risk set', isAlive],
  ['risk reset', isAlive],
  ['orders cancel', ({ orders }, { input }) => orders.some(({ order }) => order === input.args.order)],
]);

const ACCOUNTS: ReadonlySet<string> = new Set(['panic', 'resume', 'paper deposit', 'paper withdraw']);

/** What a command acts on. Undefined: nothing, or too many; the command itself says so when it is run. */
export function subjectOf(command: ParsedCommand, scene: Scene): Subject | undefined {
  const fits = RUNS.get(command.name);
  if (fits !== undefined) return ofRun(command, scene, fits);
  return ACCOUNTS.has(command.name) ? ofAccount(command, scene) : ofSymbol(command, scene);
}

function ofRun(command: ParsedCommand, { state }: Scene, fits: Fits): Subject | undefined {
  const { words, input } = command;
  const { run: number, symbol } = input.options;
  const fitting = state.runs.filter(
    (run) =>
      fits(run, command) &&
      (number === undefined || run.run === number) &&
      (number !== undefined || symbol === undefined || run.symbol === symbol),
  );
  if (fitting.length === 0 || fitting.length > WAYS_MAX) return undefined;
  const ways = fitting.map((run) => ({
    run,
    words: number === undefined ? withOptions(withoutSymbol(words), [`--run=${run.run}`]) : words,
  }));
  return { runs: fitting, accounts: [...new Set(fitting.map(({ account }) => account))], ways };
}

/** A number says it: the symbol may mean another run in half a minute. */
const withoutSymbol = (words: readonly string[]): readonly string[] =>
  words.filter((word, i) => !/^--symbol(=|$)/.test(word) && words[i - 1] !== '--symbol');

/** All runs of the account that hold something or trade. */
function ofAccount({ words, input }: ParsedCommand, { state }: Scene): Subject | undefined {
  const names = state.accounts.map(({ account }) => account);
  const given = input.options.account;
  const account =
    names.find((name) => name === given) ?? (given === undefined && names.length === 1 ? names[0] : undefined);
  if (account === undefined) return undefined;
  const runs = state.runs.filter(
    (run) => run.account === account && (run.state !== 'OFF' || run.position !== undefined),
  );
  const named = given === undefined ? withOptions(words, [`--account=${account}`]) : words;
  return { runs, accounts: [account], ways: [{ run: undefined, words: named }] };
}

/** An order by hand or a start: whatever trades the symbol already. */
function ofSymbol({ words, input }: ParsedCommand, { state }: Scene): Subject {
  const { symbol } = input.options;
  const runs = state.runs.filter(
    (run) => (symbol === undefined || run.symbol === symbol) && (run.state !== 'OFF' || run.position !== undefined),
  );
  const ways = [{ run: runs.length === 1 ? runs[0] : undefined, words }];
  return { runs, accounts: [...new Set(runs.map(({ account }) => account))], ways };
}
