import { InvariantError } from '../base/assert.ts';
import { type Money, notional, priceOf } from '../base/decimal.ts';
import type { Account } from '../domain/account.ts';
import type { Cause, Entry } from '../domain/entry.ts';
import { type Bodies, KIND_VERSION, type Kind } from '../domain/events.ts';
import type { Input } from '../domain/input.ts';
import { dangerOf } from '../domain/margin.ts';
import type { Run } from '../domain/run.ts';
import { accountOf, type State } from '../domain/state.ts';
import type { Definition } from '../strategy/definition.ts';
import type { Venue } from '../venue/venue.ts';
import { evolve } from './evolve.ts';
import { type Market, type RunMarket, retouch, type SymbolMarket, symbolMarket } from './market.ts';
import type { Speaker } from './speech.ts';

/** How far the engine came: what its tape says of it. */
export const reached = ({ inputs, now, state }: Core) => ({ n: inputs, at: now, seq: state.seq });

/** What one step works on: both states, the instant, the door for entries and the venue. */
export interface Core {
  readonly state: State;
  readonly market: Market;
  readonly venue: Venue;
  readonly append: (entry: Entry) => void;
  /** The strategy of a run, by name. */
  readonly definitionOf: (strategy: string) => Definition | undefined;
  /** Time frame of the feed's candles of a symbol, ms. */
  readonly feedMsOf: (symbol: string) => number;
  /** The instant of the step at hand; it never goes back. */
  now: number;
  /** Inputs so far: the number of the one at hand. */
  inputs: number;
  /** The input at hand: what entries that it caused directly name as their cause. */
  input: Input | undefined;
  /** A timer fired: its words stand for the input. */
  timer: string | undefined;
  /** No timer is due before this instant. */
  wakeAt: number;
  /** Takes down what is not market data, as it happened: the input's number, the input and the seq that it reached. */
  readonly tape: ((number: number, input: Input, seq: number) => void) | undefined;
  /** The market, too: nobody can ask for it again. */
  readonly tapesMarket: boolean;
  /** Makes alerts of entries; a backtest has none. */
  readonly speaker: Speaker | undefined;
  /** A run came: whoever has the history of its symbol tells it. */
  welcome?: ((held: RunMarket) => void) | undefined;
  /** The last command that was refused, for whoever asked. */
  refused:
    | { readonly code: string; readonly expected: string; readonly found: string; readonly fix: string }
    | undefined;
}

/** Writes a fact: it is folded at once, so that what follows in the same step stands on it. Returns its seq. */
export function emit<K extends Kind>(
  core: Core,
  kind: K,
  run: Run | undefined,
  account: string,
  cause: Cause,
  body: Bodies[K],
): number {
  const seq = core.state.seq + 1;
  const entry: Entry<K> = {
    seq,
    epoch: core.state.epoch,
    run: run === undefined ? 0 : run.run,
    account,
    kind,
    v: KIND_VERSION,
    at: core.now,
    cause,
    body,
  };
  evolve(core.state, entry as unknown as Entry);
  core.append(entry as unknown as Entry);
  return seq;
}

/** The input at hand in words, as a cause: symbol, kind and instant. */
export function inputCause(core: Core): string {
  if (core.timer !== undefined) return `${core.timer} ${core.now}`;
  const { input } = core;
  if (input === undefined) return `start ${core.now}`;
  if (input.kind === 'report') return `report ${input.type} ${input.at}`;
  if (input.kind === 'command') return `command ${input.command.name} ${input.at}`;
  return 'symbol' in input ? marketCause(input.symbol, input.kind, input.at) : `${input.kind} ${input.at}`;
}

function marketCause(symbol: string, kind: string, at: number): string {
  if (symbol !== words.symbol || kind !== words.kind) words = { symbol, kind, told: `${symbol} ${kind} ` };
  return words.told + at;
}

// The text of most causes differs in its instant alone: shared, it is a third of what the journal would keep.
let words = { symbol: '', kind: '', told: '' };

export function runAccount(core: Core, run: Run): Account {
  const account = accountOf(core.state, run.account);
  if (account === undefined) throw new InvariantError(`Invariant: run ${run.run} has an open account`);
  return account;
}

export function heldOf(core: Core, run: Run): RunMarket {
  const held = core.market.runs[run.run - 1];
  if (held === undefined) throw new InvariantError(`Invariant: run ${run.run} is attached to its market`);
  return held;
}

/** The price that marks a position: the mark where it is known, else the mid. NaN before the first price. */
export function markOf(symbol: SymbolMarket): number {
  const { mark, mid } = symbol.quote;
  return Number.isNaN(mark) ? mid : mark;
}

/** Open profit and loss of a run at a price, gross: `side x (price x qty - cost)`. */
export function openPnl(run: Run, price: number): Money {
  const { position } = run;
  if (position === undefined || Number.isNaN(price)) return 0n as Money;
  const value = notional(priceOf(price), position.qty);
  return (position.sign === 1 ? value - position.cost : position.cost - value) as Money;
}

/** Wallet balance plus the open profit and loss of every run of the account. */
export function equityOf(core: Core, account: Account): Money {
  let equity: bigint = account.balance;
  for (const run of core.state.runs) {
    if (run.account !== account.account || run.position === undefined) continue;
    equity += openPnl(run, markOf(symbolMarket(core.market, run.symbol)));
  }
  return equity as Money;
}

/** After a step that wrote entries: what is derived from positions and orders is brought up to date. */
export function attend(symbol: SymbolMarket): void {
  for (const held of symbol.runs) {
    const { position } = held.run;
    if (position === undefined) {
      if (held.positionSeq !== 0) leave(held);
      continue;
    }
    if (position.seq !== held.positionSeq) {
      held.positionSeq = position.seq;
      held.excursionFrom = Math.max(position.openedAt, position.toldAt - 1);
      held.high = Number.NaN;
      held.low = Number.NaN;
    }
    if (position.changedAt !== held.positionAt) {
      held.positionAt = position.changedAt;
      held.markFrom = position.changedAt;
      held.markHigh = Number.NaN;
      held.markLow = Number.NaN;
    } else if (position.funding === held.funding) continue;
    held.funding = position.funding;
    held.danger = held.run.instrument.kind === 'spot' ? Number.NaN : dangerOf(held.run, position);
  }
  retouch(symbol);
}

function leave(held: RunMarket): void {
  held.positionSeq = 0;
  held.positionAt = 0;
  held.excursionFrom = Number.POSITIVE_INFINITY;
  held.markFrom = Number.POSITIVE_INFINITY;
  held.danger = Number.NaN;
}
