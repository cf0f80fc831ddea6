import { unreachable } from '../base/assert.ts';
import {
  absolute,
  approximate,
  type Money,
  NO_MONEY,
  NO_QTY,
  notional,
  type Price,
  plus,
  type Qty,
} from '../base/decimal.ts';
import type { FillReport, Report } from '../domain/input.ts';
import { share } from '../domain/margin.ts';
import { type Order, signOf } from '../domain/order.ts';
import type { Position } from '../domain/position.ts';
import type { Run } from '../domain/run.ts';
import { closedTrade, type Reach, release } from '../execution/fill.ts';
import { hasLossLimit } from '../risk/limits.ts';
import { cancel, cancelRest } from './cancels.ts';
import { type Core, emit, heldOf, inputCause, runAccount } from './core.ts';
import { findOrder, orderOf } from './fold/lookup.ts';
import { openLeg, protect } from './orders.ts';
import { followLoss, replaced } from './protection.ts';
import { afterStop, checkLimits } from './safety.ts';

/** What a venue says of an order becomes facts. */
export function decideReport(core: Core, report: Report): void {
  const run = core.state.runs[report.run - 1];
  if (run === undefined) return;
  if (report.type === 'filled') {
    decideFill(core, run, report);
    return;
  }
  const order = findOrder(run, report.order);
  if (order === undefined) return;
  const { account } = run;
  switch (report.type) {
    case 'submitted':
      emit(core, 'order_submitted', run, account, order.seq, { order: order.order });
      return;
    case 'accepted':
      if (order.role === 'stop') {
        const { trigger } = order;
        const seq = emit(core, 'stop_placed', run, account, order.seq, {
          order: order.order,
          trigger: trigger as Price,
        });
        replaced(core, run, order, seq);
        followLoss(core, run, seq);
        return;
      }
      replaced(core, run, order, emit(core, 'order_accepted', run, account, order.seq, { order: order.order }));
      return;
    case 'rejected':
      emit(core, 'order_rejected', run, account, order.seq, {
        order: order.order,
        code: report.code,
        why: report.why,
      });
      ended(core, run, order, report.code);
      return;
    case 'canceled':
      emit(core, 'order_canceled', run, account, order.seq, { order: order.order, reason: report.why });
      ended(core, run, order, report.why);
      return;
    case 'expired':
      emit(core, 'order_expired', run, account, order.seq, { order: order.order, reason: report.why });
      ended(core, run, order, report.why);
      return;
    case 'unknown':
      emit(core, 'order_unknown', run, account, order.seq, { order: order.order, reason: report.why });
      return;
    default:
      unreachable(report, 'report');
  }
}

/**
 * An order died without (all of) its fills: a flip that lost its open leg, a position that lost its stop, or a close that
 * has to be asked for again.
 */
function ended(core: Core, run: Run, order: Order, code: string): void {
  if (order.role === 'entry' && order.filled === 0n && run.flip?.closed !== undefined) {
    emit(core, 'flip_incomplete', run, run.account, core.state.seq, { closed: run.flip.closed, code });
  }
  if (order.role === 'stop' && run.position !== undefined && !run.orders.some(isStop)) {
    const cause = emit(core, 'stop_lost', run, run.account, core.state.seq, { order: order.order, why: code });
    protect(core, run, cause);
  }
  if (order.role === 'exit' && run.position !== undefined) askAgain(core, run, order, run.position, code);
}

/** What an exit left open is closed at the next price, with what waits to be closed beside it. */
function askAgain(core: Core, run: Run, order: Order, position: Position, code: string): void {
  const waiting = run.pending?.kind === 'close' ? run.pending : undefined;
  if (waiting !== undefined && waiting.qty === undefined) return;
  const left = (order.qty - order.filled + (waiting?.qty ?? 0n)) as Qty;
  const body = {
    reason: order.reason,
    why: `order ${order.order} ended: ${code}`,
    qty: left < position.qty ? left : undefined,
  };
  emit(core, 'close_asked', run, run.account, core.state.seq, body);
}

const isStop = ({ role }: Order): boolean => role === 'stop';

function decideFill(core: Core, run: Run, report: FillReport): void {
  const order = report.order === 0 ? undefined : orderOf(run, report.order);
  const cause = tellFill(core, run, order, report);
  if (order !== undefined && !order.reduceOnly) enter(core, run, order, report, cause);
  else leave(core, run, order, report, cause);
}

function tellFill(core: Core, run: Run, order: Order | undefined, report: FillReport): number {
  const { account } = run;
  let cause = order?.seq ?? run.position?.seq ?? run.signal.seq;
  if (order?.role === 'stop' && order.filled === 0n && report.seen !== undefined) {
    const body = { order: order.order, trigger: order.trigger as Price, seen: report.seen };
    cause = emit(core, 'stop_triggered', run, account, cause, body);
  }
  if (report.liquidation !== undefined && report.seen !== undefined) {
    const { gross } = release(run.position as NonNullable<Run['position']>, report.fill, report.price);
    const body = { mark: report.seen, liquidation: report.liquidation, loss: absolute((gross - report.fee) as Money) };
    cause = emit(core, 'liquidated', run, account, inputCause(core), body);
  }
  const mid = order === undefined || order.mid === 0 ? approximate(order?.trigger ?? report.price) : order.mid;
  const sign = order === undefined ? 1 : signOf(order.side);
  return emit(core, 'order_filled', run, account, cause, {
    order: report.order,
    fill: report.fill,
    price: report.price,
    fee: report.fee,
    feeBase: report.feeBase,
    liquidity: report.liquidity,
    model: report.model,
    trade: report.trade,
    mid,
    slippageBps: (sign * (approximate(report.price) - mid) * 10_000) / mid,
    venueAt: report.venueAt,
    left: order === undefined ? NO_QTY : leftOf(order, report.fill),
  });
}

function leftOf({ qty, filled }: Order, fill: Qty): Qty {
  if (filled === 0n) return qty === fill ? NO_QTY : ((qty - fill) as Qty);
  return (qty - filled - fill) as Qty;
}

/** An opening fill: exactly one position event. */
function enter(core: Core, run: Run, order: Order, report: FillReport, cause: number): void {
  const { account } = run;
  const held = run.position;
  const got = (report.feeBase === undefined ? report.fill : report.fill - report.feeBase) as Qty;
  const value = notional(report.price, got);
  const qty = held === undefined ? got : plus(held.qty, got);
  const cost = held === undefined ? value : plus(held.cost, value);
  // A fee in the base asset is worth what it cost: it is no worse price.
  const fee = report.feeBase === undefined ? report.fee : ((notional(report.price, report.fill) - value) as Money);
  const body = {
    order: order.order,
    fill: report.fill,
    price: report.price,
    fee,
    balance: (runAccount(core, run).balance - fee) as Money,
    after: { side: signOf(order.side) === 1 ? ('long' as const) : ('short' as const), qty, cost },
    openedAt: held?.openedAt ?? report.venueAt,
    risk: plus(held?.risk ?? NO_MONEY, share(order.size?.risk ?? 0n, report.fill, order.qty) as Money),
    stopPrice: order.size?.stopPrice,
    targetPrice: order.size?.targetPrice,
    lossMax: order.size?.lossMax,
    leverage: order.size?.leverage,
    protection: order.size?.stopPrice === undefined ? ('waived' as const) : ('pending' as const),
  };
  if (held !== undefined) {
    const exit = exitOfAll(run, held);
    const seq = emit(core, 'position_increased', run, account, cause, body);
    followLoss(core, run, seq);
    if (exit !== undefined) closeMore(core, run, exit, seq);
    return;
  }
  const closed = run.flip?.closed;
  const seq =
    closed === undefined
      ? emit(core, 'position_opened', run, account, cause, body)
      : emit(core, 'position_flipped', run, account, cause, { ...body, closed });
  protect(core, run, seq);
  closeLate(core, run, seq);
}

/** The exit on its way that closes all that is held. */
function exitOfAll({ orders, instrument }: Run, { qty }: Position): Order | undefined {
  return orders.find((order) => order.role === 'exit' && order.qty - order.filled > qty - instrument.step);
}

/** What came after the exit of all was sent is closed, too, for the same reason. */
function closeMore(core: Core, run: Run, { order, reason }: Order, cause: number): void {
  if (run.pending?.kind === 'close' && run.pending.qty === undefined) return;
  const why = `its entry filled more after order ${order} was sent to close all`;
  emit(core, 'close_asked', run, run.account, cause, { reason, why });
}

/** An entry that was on its way when the account was halted or its run ended: nobody wants its position any more. */
function closeLate(core: Core, run: Run, cause: number): void {
  const { safety, safetyReason } = runAccount(core, run);
  if (safety === 'HALTED') {
    const body = { reason: safetyReason, why: 'its entry filled after the account was halted' };
    emit(core, 'close_asked', run, run.account, cause, body);
  } else if (run.state === 'OFF') {
    const body = { reason: 'run_ended', why: 'its entry filled after the run had ended' };
    emit(core, 'close_asked', run, run.account, cause, body);
  }
}

/** A closing fill: the position shrinks or ends, siblings go, a flip goes on. */
function leave(core: Core, run: Run, order: Order | undefined, report: FillReport, cause: number): void {
  const { position, account } = run;
  if (position === undefined) return;
  const reason = report.liquidation === undefined ? (order?.reason ?? 'external') : 'liquidation';
  const { balance } = runAccount(core, run);
  const left = report.fill === position.qty ? 0n : position.qty - report.fill;
  if (left >= run.instrument.step) {
    const { value, released, gross } = release(position, report.fill, report.price);
    const seq = emit(core, 'position_reduced', run, account, cause, {
      order: report.order,
      fill: report.fill,
      price: report.price,
      fee: report.fee,
      balance: (balance + gross - report.fee) as Money,
      after: {
        side: position.sign === 1 ? 'long' : 'short',
        qty: left as Qty,
        cost: (position.cost - released) as Money,
      },
      value,
      released,
      gross,
      reason,
    });
    followLoss(core, run, seq);
    return;
  }
  const seq = emit(
    core,
    'position_closed',
    run,
    account,
    cause,
    closedTrade(run, report, reason, balance, reachOf(core, run, position)),
  );
  afterStop(core, run, reason, seq);
  if (!core.venue.clearsReduceOnly) cancelSiblings(core, run, seq);
  // What is left of an entry goes with its position.
  cancelRest(core, run, 'position_closed', seq);
  const { flip } = run;
  if (flip !== undefined) openLeg(core, run, flip);
  if (hasLossLimit(run.risk.limits)) checkLimits(core, run);
}

/** No whole price was seen of a position that came and went within one step. */
const UNSEEN: Reach = { high: Number.NaN, low: Number.NaN };

function reachOf(core: Core, run: Run, position: Position): Reach {
  const held = heldOf(core, run);
  return held.positionSeq === position.seq ? held : UNSEEN;
}

function cancelSiblings(core: Core, run: Run, cause: number): void {
  for (const order of [...run.orders]) if (order.reduceOnly) cancel(core, run, order, 'position_closed', cause);
}
