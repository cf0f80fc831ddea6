import { text } from '../base/decimal.ts';
import type { Account } from '../domain/account.ts';
import type { Quote } from '../domain/quote.ts';
import type { Run } from '../domain/run.ts';
import { decimal, duration, signed, utcTime } from './format.ts';
import { clip } from './width.ts';

/** What the Auto screen shows of one run: state and market at one instant. */
export interface AutoScene {
  readonly mode: string;
  readonly feed: string;
  readonly now: number;
  readonly account: Account;
  readonly run: Run;
  readonly quote: Quote;
  readonly equity: string;
  readonly votes: readonly { readonly name: string; readonly vote: number }[];
  readonly last: readonly string[];
}

const SIDES = { '1': 'BUY', '0': 'HOLD', '-1': 'SELL' } as const;

/** The Auto screen as plain lines: state, signal, position, protection, account, what happened last. */
export function autoLines(scene: AutoScene, columns: number): readonly string[] {
  const { run, account, now, quote } = scene;
  const rule = '\u2500'.repeat(Math.min(columns, 78));
  return [
    `${scene.mode}  ${account.account}  ${run.state} ${account.safety}  \u2502 ${scene.feed} \u2502 ${utcTime(now)} UTC`,
    rule,
    `${run.symbol}  run ${run.run}  ${run.strategy}  bid ${decimal(quote.bid)}  ask ${decimal(quote.ask)}`,
    ...signalLines(scene),
    ...positionLines(scene),
    `balance ${decimal(text(account.balance), { digits: 2 })} ${account.asset}  equity ${decimal(scene.equity, { digits: 2 })}  trades ${run.trades}`,
    rule,
    ...scene.last,
    rule,
    'dzentra help: what there is to ask for   dzentra auto start --foreground: trade on paper',
  ].map((line) => clip(line, columns, false));
}

function signalLines({ run, now, votes }: AutoScene): readonly string[] {
  const { side, startedAt } = run.signal;
  const cast = votes.map(({ name, vote }) => `${name}${vote > 0 ? '+' : vote < 0 ? '-' : '\u00b7'}`).join(' ');
  const head = run.warmedUp
    ? `${SIDES[`${side}`]}  since ${utcTime(startedAt)}  ${duration(now - startedAt)}`
    : 'warming up';
  return [`signal    ${head}`, ...(cast === '' ? [] : [`votes     ${cast}`])];
}

function positionLines({ run, quote, now }: AutoScene): readonly string[] {
  const { position } = run;
  if (position === undefined) return ['position  none'];
  const entry = Number(position.cost) / Number(position.qty);
  const open = position.sign * (quote.mid * Number(position.qty) - Number(position.cost)) * 1e-18;
  const word = position.sign === 1 ? 'LONG' : 'SHORT';
  const stop = position.stopPrice === undefined ? 'none' : decimal(text(position.stopPrice));
  const target = position.targetPrice === undefined ? 'none' : decimal(text(position.targetPrice));
  return [
    `position  ${word} ${text(position.qty)}  ${duration(now - position.openedAt)}  open ${signed(open, 2)}`,
    `entry     ${decimal(entry, { digits: 2 })}  SL ${stop} ${position.protection.toUpperCase()}  TP ${target}`,
  ];
}
