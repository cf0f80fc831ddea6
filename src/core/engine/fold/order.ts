import { NO_QTY, plus } from '../../base/decimal.ts';
import type { Entry } from '../../domain/entry.ts';
import type { Bodies } from '../../domain/events.ts';
import type { Order } from '../../domain/order.ts';
import type { Position } from '../../domain/position.ts';
import type { Run } from '../../domain/run.ts';
import type { State } from '../../domain/state.ts';
import { MINUTE_MS } from '../../domain/time.ts';
import { accountAt, type Folds, orderOf, removeOrder, runOf } from './lookup.ts';

function intend(state: State, entry: Entry<'order_intended'>, body: Bodies['order_intended']): void {
  const run = runOf(state, entry);
  run.ordersMade = body.order;
  run.orders.push({
    order: body.order,
    role: body.role,
    type: body.type,
    side: body.side,
    qty: body.qty,
    limit: body.limit,
    trigger: body.trigger,
    reduceOnly: body.reduceOnly,
    postOnly: body.postOnly,
    tif: body.tif,
    reason: body.reason,
    key: body.key,
    status: 'intended',
    filled: NO_QTY,
    intendedAt: entry.at,
    askedAt: entry.at,
    askedSeq: undefined,
    mid: body.quote === undefined ? 0 : body.quote.mid,
    seq: entry.seq,
    size: body.size,
  });
  if (body.role === 'entry') {
    run.entriesToday++;
    if (run.flip !== undefined) {
      run.flipsToday++;
      run.lastFlipAt = entry.at;
    }
    keepMinute(accountAt(state, entry).orderTimes, entry.at);
  }
  if (body.role === 'exit' && body.reason === 'flip' && run.pending?.kind === 'enter') {
    const { sign, cause, at, stopDistance, noStop, wishes } = run.pending;
    run.flip = { sign, cause, at, stopDistance, closed: undefined, noStop: noStop === true ? true : undefined, wishes };
  }
  if (body.role === 'entry' || body.role === 'exit') run.pending = undefined;
}

/** Instants of the last minute, the one at hand among them. */
function keepMinute(times: number[], at: number): void {
  const stale = at - MINUTE_MS;
  let kept = 0;
  for (const time of times) if (time > stale) times[kept++] = time;
  while (times.length > kept) times.pop();
  times.push(at);
}

/** More fills than these do not meet one quote. */
const TAKEN_MAX = 16;

function take({ taken }: Run, order: Order, { at, body }: Entry<'order_filled'>): void {
  const { side, status, trigger, askedAt } = order;
  const takesAsItComes = status !== 'working' && trigger === undefined && body.liquidity === 'taker';
  taken.push({ at, isEarly: takesAsItComes && at > askedAt, side, qty: body.fill });
  if (taken.length > TAKEN_MAX) taken.shift();
}

/** The venue has an order. One that was asked back on its way still is. */
function placed(run: Run, number: number): Order {
  const order = orderOf(run, number);
  if (order.status !== 'canceling') order.status = 'working';
  return order;
}

/** A target that was taken away, with no other in its place, is wanted no more. */
function dropTarget(run: Run, position: Position, number: number): void {
  let isTarget = false;
  for (const { order, role } of run.orders) {
    if (role !== 'target') continue;
    if (order !== number) return;
    isTarget = true;
  }
  if (isTarget) position.targetPrice = undefined;
}

/** The life of orders. */
export const ORDER_FOLDS: Folds = {
  order_denied: (state, entry, body) => {
    const run = runOf(state, entry);
    run.lastDenial = { code: body.code, at: entry.at, seq: entry.seq };
    if (run.pending?.kind === 'enter') run.pending = undefined;
  },
  order_intended: intend,
  order_accepted: (state, entry, body) => {
    const run = runOf(state, entry);
    const order = placed(run, body.order);
    const { position } = run;
    if (order.role === 'target' && position !== undefined && position.targetPrice === undefined) {
      position.targetPrice = order.trigger;
    }
  },
  order_rejected: (state, entry, body) => removeOrder(runOf(state, entry), body.order),
  order_filled: (state, entry, body) => {
    const run = runOf(state, entry);
    if (body.order === 0) return;
    const order = orderOf(run, body.order);
    order.filled = plus(order.filled, body.fill);
    if (body.model === 'T1') take(run, order, entry);
    if (body.left === 0n) removeOrder(run, body.order);
  },
  order_canceling: (state, entry, body) => {
    const order = orderOf(runOf(state, entry), body.order);
    order.status = 'canceling';
    order.askedAt = entry.at;
    order.askedSeq = entry.seq;
  },
  order_canceled: (state, entry, body) => {
    const run = runOf(state, entry);
    if (run.position !== undefined) dropTarget(run, run.position, body.order);
    removeOrder(run, body.order);
  },
  order_expired: (state, entry, body) => removeOrder(runOf(state, entry), body.order),
  order_unknown: (state, entry, body) => {
    const order = orderOf(runOf(state, entry), body.order);
    order.status = 'unknown';
    order.askedAt = entry.at;
    order.askedSeq = entry.seq;
  },
  stop_placed: (state, entry, body) => {
    const run = runOf(state, entry);
    const order = placed(run, body.order);
    const { position } = run;
    if (position === undefined) return;
    position.protection = 'working';
    if (position.stopPrice === undefined && order.reason === 'stop_loss') position.stopPrice = body.trigger;
  },
  stop_replaced: (state, entry, body) => {
    const run = runOf(state, entry);
    const { position } = run;
    if (position === undefined) return;
    if (body.role === 'target') position.targetPrice = body.trigger;
    else if (orderOf(run, body.order).reason === 'stop_loss') position.stopPrice = body.trigger;
  },
  stop_lost: (state, entry) => {
    const run = runOf(state, entry);
    if (run.position !== undefined) run.position.protection = 'lost';
  },
};
