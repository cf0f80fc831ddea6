import { isIdleHand, MANUAL, type Run } from '../../domain/run.ts';
import type { Scene } from '../../view/scene.ts';
import type { Attached } from '../attached.ts';
import { isRefusal, type Refusal, refusal } from '../refusal.ts';
import type { RunChoice } from './options.ts';

/** Runs that a word may mean, and how they are called in a message. */
export interface Among {
  readonly is: (run: Run) => boolean;
  /** `a run that trades`. */
  readonly what: string;
  readonly fix: string;
}

export const STARTED: Among = {
  is: (run) => run.state !== 'OFF' && run.strategy !== MANUAL,
  what: 'a run that is started',
  fix: 'dzentra auto start',
};
export const HOLDING: Among = {
  is: (run) => run.position !== undefined,
  what: 'a run with an open position',
  fix: 'dzentra positions',
};
const ANY: Among = { is: () => true, what: 'a run', fix: 'dzentra auto start' };

/** `run 7 BTC/USDT:USDT trend RUNNING`. */
export const runWords = ({ run, symbol, strategy, state }: Run): string => `run ${run} ${symbol} ${strategy} ${state}`;

type Asked = Pick<Attached, 'client' | 'runBefore'>;

/** The one run that is meant: by its number, its symbol, or because there is no other; asked again, that of the first time. */
export function pickRun({ client, runBefore }: Asked, { run, symbol }: RunChoice, among: Among): Run | Refusal {
  const { state } = client.scene();
  const before = state.runs[(runBefore ?? 0) - 1];
  if (before !== undefined) return before;
  const { what, fix } = among;
  if (run !== undefined) {
    const found = state.runs[run - 1];
    if (found === undefined) {
      const expected = state.runs.length === 0 ? 'a run' : `a run from 1 to ${state.runs.length}`;
      return refusal(3, 'RUN_UNKNOWN', expected, `--run ${run}`, 'dzentra auto status');
    }
    if (symbol !== undefined && found.symbol !== symbol)
      return refusal(3, 'RUN_UNFIT', `a run on ${symbol}`, runWords(found), 'leave --run or --symbol out');
    return among.is(found) ? found : refusal(3, 'RUN_UNFIT', what, runWords(found), fix);
  }
  const fitting = state.runs.filter((each) => among.is(each) && (symbol === undefined || each.symbol === symbol));
  const busy = fitting.filter((each) => !isIdleHand(each));
  const meant = busy.length === 0 ? fitting : busy;
  const [only] = meant;
  if (only === undefined)
    return refusal(3, 'NO_RUN', symbol === undefined ? what : `${what} on ${symbol}`, 'none', fix);
  if (meant.length === 1) return only;
  const found = meant.map(runWords).join('; ');
  return refusal(2, 'RUN_AMBIGUOUS', '--run N or --symbol SYMBOL', found, `--run ${only.run}`);
}

/** The runs that are looked at: that of a number, those of a symbol, else all. */
export function chosenRuns(asked: Asked, choice: RunChoice): readonly Run[] | Refusal {
  const { run, symbol } = choice;
  if (run === undefined)
    return asked.client.scene().state.runs.filter((each) => symbol === undefined || each.symbol === symbol);
  const picked = pickRun(asked, choice, ANY);
  return isRefusal(picked) ? picked : [picked];
}

/**
 * The one symbol that is meant: as given, else that of all runs where they have but one, else that of all markets. `how` is
 * what it is written behind.
 */
export function pickSymbol(
  { client, runBefore }: Asked,
  given: string | undefined,
  how = '--symbol',
): string | Refusal {
  if (given !== undefined) return given;
  const { state, markets } = client.scene();
  const before = state.runs[(runBefore ?? 0) - 1];
  if (before !== undefined) return before.symbol;
  const symbols = [...new Set((state.runs.length > 0 ? state.runs : markets).map(({ symbol }) => symbol))];
  const [only] = symbols;
  if (only !== undefined && symbols.length === 1) return only;
  const found = only === undefined ? 'none' : symbols.join(', ');
  return refusal(2, 'SYMBOL_MISSING', `${how} SYMBOL`, found, `${how} ${only ?? 'BTC/USDT:USDT'}`);
}

/** The one account that is meant. */
export function pickAccount({ state }: Scene, given: string | undefined): string | Refusal {
  const names = state.accounts.map((account) => account.account);
  if (given !== undefined) {
    if (names.includes(given)) return given;
    return refusal(3, 'ACCOUNT_UNKNOWN', 'an open account', given, names.join(', ') || 'dzentra auto start');
  }
  const [only] = names;
  if (only === undefined) return refusal(3, 'NO_ACCOUNT', 'an open account', 'none', 'dzentra auto start');
  return names.length === 1
    ? only
    : refusal(2, 'ACCOUNT_AMBIGUOUS', '--account NAME', names.join(', '), `--account ${only}`);
}

/** On a live account what raises risk takes the symbol as a word; on paper nothing. */
export function confirmed(
  { mode }: Scene,
  symbol: string,
  { confirm, dryRun }: { readonly confirm?: string | undefined; readonly dryRun: boolean },
): Refusal | undefined {
  if (mode !== 'LIVE' || dryRun || confirm === symbol) return undefined;
  const found = confirm === undefined ? 'a live account and no confirmation' : `--confirm ${confirm}`;
  return refusal(2, 'CONFIRM_MISSING', `--confirm ${symbol}`, found, `--confirm ${symbol}`);
}
