import { type Money, NO_MONEY, NO_QTY, plus, type Qty } from '../../base/decimal.ts';
import type { Entry } from '../../domain/entry.ts';
import type { Bodies } from '../../domain/events.ts';
import { orderInOrder } from '../../domain/order.ts';
import { positionInOrder } from '../../domain/position.ts';
import type { Holding, Run } from '../../domain/run.ts';
import { holdsPosition, type State } from '../../domain/state.ts';
import { accountAt, type Folds, positionOf, runOf } from './lookup.ts';

function book(state: State, entry: Entry, run: Run, balance: Money, fee: Money): void {
  accountAt(state, entry).balance = balance;
  run.fees = plus(run.fees, fee);
}

/** More changes than these do not lie between a settlement and the word of it. */
const HOLDINGS_MIN = 32;

function note({ holdings, instrument }: Run, holding: Holding): void {
  if (instrument.kind === 'spot') return;
  holdings.push(holding);
  // Many at once: to take the first away at each change costs a backtest a hundredth.
  if (holdings.length >= 2 * HOLDINGS_MIN) holdings.splice(0, holdings.length - HOLDINGS_MIN);
}

function hold(state: State, entry: Entry, body: Bodies['position_opened']): void {
  const run = runOf(state, entry);
  book(state, entry, run, body.balance, body.fee);
  const held = run.position;
  const sign = body.after.side === 'long' ? 1 : -1;
  const at = held === undefined ? body.openedAt : entry.at;
  note(run, { at, sign, qty: body.after.qty, seq: entry.seq });
  if (held !== undefined) {
    held.qty = body.after.qty;
    held.cost = body.after.cost;
    held.risk = body.risk;
    held.changedAt = entry.at;
    held.fees = (held.fees + body.fee) as Money;
    return;
  }
  if (!holdsPosition(state, run.account)) accountAt(state, entry).markedAt = entry.at;
  run.position = {
    sign,
    qty: body.after.qty,
    cost: body.after.cost,
    openedAt: body.openedAt,
    toldAt: entry.at,
    changedAt: entry.at,
    fees: body.fee,
    funding: NO_MONEY,
    gross: NO_MONEY,
    closedQty: NO_QTY,
    closedCost: NO_MONEY,
    closedValue: NO_MONEY,
    risk: body.risk,
    stopPrice: body.stopPrice,
    targetPrice: body.targetPrice,
    lossMax: body.lossMax,
    leverage: body.leverage,
    protection: body.protection,
    seq: entry.seq,
  };
}

function close(state: State, entry: Entry<'position_closed'>, body: Bodies['position_closed']): void {
  const run = runOf(state, entry);
  book(state, entry, run, body.balance, body.fee);
  const { gross, sign: held } = positionOf(run);
  note(run, { at: body.exitAt, sign: held, qty: NO_QTY, seq: entry.seq });
  run.gross = (run.gross + (gross === 0n ? body.gross : body.gross - gross)) as Money;
  run.trades++;
  run.position = undefined;
  if (run.pending?.kind === 'close') run.pending = undefined;
  const { flip } = run;
  if (body.reason !== 'flip' || flip === undefined) run.flip = undefined;
  else {
    const { sign, cause, at, stopDistance, noStop, wishes } = flip;
    run.flip = { sign, cause, at, stopDistance, closed: entry.seq, noStop, wishes };
  }
  if (body.reason === 'stop_loss') {
    run.stopsToday++;
    run.stopsInRow++;
  } else if (body.pnl > 0n) run.stopsInRow = 0;
}

function reduce(state: State, entry: Entry<'position_reduced'>, body: Bodies['position_reduced']): void {
  const run = runOf(state, entry);
  const position = positionOf(run);
  book(state, entry, run, body.balance, body.fee);
  run.gross = (run.gross + body.gross) as Money;
  note(run, { at: entry.at, sign: position.sign, qty: body.after.qty, seq: entry.seq });
  position.qty = body.after.qty;
  position.cost = body.after.cost;
  position.changedAt = entry.at;
  position.fees = (position.fees + body.fee) as Money;
  position.gross = (position.gross + body.gross) as Money;
  position.closedQty = (position.closedQty + body.fill) as Qty;
  position.closedCost = (position.closedCost + body.released) as Money;
  position.closedValue = (position.closedValue + body.value) as Money;
}

/** Everything that works for the position goes with it. */
function hand(state: State, entry: Entry<'position_handed'>, body: Bodies['position_handed']): void {
  const run = runOf(state, entry);
  run.position = undefined;
  run.orders = [];
  run.gross = (run.gross - body.gross) as Money;
  run.fees = (run.fees - body.fees) as Money;
  run.funding = (run.funding - body.funding) as Money;
}

function receive(state: State, entry: Entry<'position_taken'>, body: Bodies['position_taken']): void {
  const run = runOf(state, entry);
  run.position = positionInOrder(body.position);
  run.orders = body.orders.map(orderInOrder);
  run.ordersMade += body.orders.length;
  run.gross = plus(run.gross, body.gross);
  run.fees = plus(run.fees, body.fees);
  run.funding = plus(run.funding, body.funding);
  const { holdings } = state.runs[body.from - 1] ?? run;
  run.holdings.push(...holdings.splice(holdings.findLastIndex(({ qty }) => qty === NO_QTY) + 1));
}

/** Positions: fills, closes and funding. */
export const POSITION_FOLDS: Folds = {
  position_opened: hold,
  position_increased: hold,
  position_flipped: (state, entry, body) => {
    hold(state, entry as unknown as Entry<'position_opened'>, body);
    runOf(state, entry).flip = undefined;
  },
  position_reduced: reduce,
  position_closed: close,
  position_handed: hand,
  position_taken: receive,
  flip_incomplete: (state, entry) => {
    runOf(state, entry).flip = undefined;
  },
  funding_paid: (state, entry, body) => {
    const run = runOf(state, entry);
    accountAt(state, entry).balance = body.balance;
    run.funding = (run.funding + body.amount) as Money;
    run.lastFundingAt = body.fundingAt;
    if (body.closed !== undefined) return;
    const position = positionOf(run);
    position.funding = (position.funding + body.amount) as Money;
  },
};
