import { digitsOf } from '../base/decimal.ts';
import { MANUAL, type Run } from '../domain/run.ts';
import { accountOf } from '../domain/state.ts';
import { moneyDigits } from './cell.ts';
import { decimal, inRisk, signed, UNKNOWN } from './format.ts';
import { holdingOf } from './holding.ts';
import { type Locale, words } from './language.ts';
import type { Scene } from './scene.ts';
import { baseOf, marketOf } from './select.ts';
import type { Line } from './view.ts';
import * as actWords from './words/telegram-act.ts';
import * as terms from './words/terms.ts';

/** What somebody is about to act on, as it is now. */
export interface Restated {
  /** Side, size, price and PnL of each run, narrow enough for a phone. */
  readonly lines: readonly Line[];
  /** How it stands: a text that differs where a run, its position, its entries or its account do. Prices are not in it. */
  readonly stand: string;
}

const RUNS_MAX = 6;

/** Runs and accounts before somebody acts on them; those that hold a position come first. */
export function restated(
  scene: Scene,
  { runs, accounts }: { readonly runs: readonly Run[]; readonly accounts: readonly string[] },
  locale: Locale,
): Restated {
  const say = words(actWords, locale);
  const isHeld = ({ position }: Run): boolean => position !== undefined;
  const ordered = [...runs.filter(isHeld), ...runs.filter((run) => !isHeld(run))];
  const safeties = accounts.map((account) => ({ account, safety: accountOf(scene.state, account)?.safety }));
  const left = ordered.length - RUNS_MAX;
  const lines = [
    plain(scene.mode === 'LIVE' ? say('real', scene) : say('onPaper', scene), scene.mode === 'LIVE'),
    ...safeties.map(({ account, safety }) =>
      plain(say('account', { account, safety: safety === undefined ? UNKNOWN : words(terms, locale)(safety) })),
    ),
    ...ordered.slice(0, RUNS_MAX).flatMap((run) => runLines(scene, run, locale)),
    ...(left > 0 ? [plain(say('more', { count: left }))] : []),
  ];
  const stand = [...safeties.map(({ account, safety }) => `${account}=${safety}`), ...runs.map(standOf)].join(' ');
  return { lines, stand };
}

const plain = (text: string, isBold = false): Line => ({ spans: [{ text, tone: 'plain', isBold }] });

function runLines(scene: Scene, run: Run, locale: Locale): readonly Line[] {
  const say = words(actWords, locale);
  const term = words(terms, locale);
  const { symbol, strategy, state, position, instrument } = run;
  const what = strategy === MANUAL ? say('byHand') : `${strategy} ${term(state)}`;
  const head = plain(`${baseOf(symbol)}  ${say('run', { run: run.run })}  ${what}`, true);
  const holding = holdingOf(run, accountOf(scene.state, run.account), marketOf(scene, symbol));
  if (position === undefined || holding === undefined) return [head, plain(say('noPosition'))];
  const digits = digitsOf(instrument.tick);
  const { net, r, entry, mark } = holding;
  const side = term(position.sign === 1 ? 'long' : 'short');
  const pnl = say('net', { net: net === null ? UNKNOWN : signed(net, moneyDigits(net)), r: inRisk(r) });
  return [
    head,
    plain(say('held', { side, qty: decimal(position.qty), base: baseOf(symbol) }), true),
    plain(say('prices', { entry: decimal(entry, { digits }), mark: decimal(mark, { digits }) })),
    { spans: [{ text: pnl, tone: net === null ? 'plain' : net < 0n ? 'bad' : 'good', isBold: true }] },
  ];
}

function standOf({ run, state, position, orders }: Run): string {
  const held = position === undefined ? 'flat' : `${position.sign}*${position.qty}`;
  const entries = orders.filter(({ role }) => role === 'entry').map(({ order }) => order);
  return `${run}:${state}:${held}:${entries.join(',')}`;
}
