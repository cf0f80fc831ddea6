import type { Order } from '../domain/order.ts';
import type { Run } from '../domain/run.ts';
import { type Core, emit } from './core.ts';

/** Asks the venue to take an order away; it counts as live until the venue says so. */
export function cancel(core: Core, run: Run, order: Order, reason: string, cause: number): void {
  if (order.status === 'canceling') return;
  emit(core, 'order_canceling', run, run.account, cause, { order: order.order, reason });
  core.venue.cancel(run, order);
}

/** Every entry of a run that may still fill. */
export function cancelEntries(core: Core, run: Run, reason: string, cause: number): void {
  for (const order of [...run.orders]) if (!order.reduceOnly) cancel(core, run, order, reason, cause);
}

/** Entries that rest until somebody takes them away; those that fill or die at once are left alone. */
export function cancelRest(core: Core, run: Run, reason: string, cause: number): void {
  for (let i = run.orders.length - 1; i >= 0; i--) {
    const order = run.orders[i] as Order;
    if (order.role === 'entry' && order.type === 'limit') cancel(core, run, order, reason, cause);
  }
}

/** Those of a whole account, where its entries are over. */
export function cancelAccountRest(core: Core, account: string, reason: string, cause: number): void {
  for (const run of core.state.runs) if (run.account === account) cancelRest(core, run, reason, cause);
}
