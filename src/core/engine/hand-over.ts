import { text } from '../base/decimal.ts';
import type { Refused } from '../domain/command.ts';
import type { Order } from '../domain/order.ts';
import type { Position } from '../domain/position.ts';
import type { Run } from '../domain/run.ts';
import { type Core, emit, runAccount } from './core.ts';
import { refuse } from './refusals.ts';

/**
 * A position goes from one run of a symbol to another with all that works for it: orders, trade so far, and the lease. The
 * venue is told nothing: its orders stay where they are. An OBSERVING run that gets a position is RUNNING.
 */
export function handOver(core: Core, run: Run, number: number, cause: number): Refused | undefined {
  const to = core.state.runs[number - 1];
  if (to === undefined || to === run) {
    return refuse('RUN_UNKNOWN', 'the number of another run', `${number}`, 'see the runs that the journal lists');
  }
  const { position } = run;
  if (position === undefined) return refuse('NO_POSITION', 'an open position', 'none', 'there is nothing to hand over');
  const problem = receiverProblem(run, to) ?? motionProblem(run);
  if (problem !== undefined) return problem;
  pass(core, run, position, to, cause);
  return undefined;
}

function receiverProblem(run: Run, to: Run): Refused | undefined {
  if (to.account !== run.account || to.symbol !== run.symbol) {
    const expected = `a run of ${run.account} on ${run.symbol}`;
    return refuse('RUN_OTHER', expected, `${to.account} on ${to.symbol}`, 'name a run of the same account and symbol');
  }
  if (to.state === 'OFF') return refuse('RUN_OFF', 'a run that is on', 'OFF', 'start it first, or name the manual run');
  if (to.position === undefined && to.orders.length === 0 && to.pending === undefined) return undefined;
  const found = to.position === undefined ? 'orders' : `a position of ${text(to.position.qty)}`;
  return refuse('POSITION_OPEN', 'a run without a position and orders', found, 'close what it has first');
}

/** Only what the venue has acknowledged can change hands: its next word must find the order where it is. */
function motionProblem(run: Run): Refused | undefined {
  const fix = 'wait a moment and ask again';
  if (run.pending !== undefined || run.flip !== undefined) {
    return refuse('ORDER_IN_FLIGHT', 'a position at rest', 'an order that waits for the next price', fix);
  }
  const moving = run.orders.find(({ status }) => status !== 'working');
  if (moving === undefined) return undefined;
  return refuse('ORDER_IN_FLIGHT', 'orders at rest', `order ${moving.order} is ${moving.status}`, fix);
}

function pass(core: Core, run: Run, position: Position, to: Run, cause: number): void {
  const { account, symbol } = run;
  const { gross, fees, funding } = position;
  const numbers = run.orders.map(({ order }) => order);
  const orders = run.orders.map((order, i): Order => ({ ...order, order: to.ordersMade + i + 1 }));
  // The position keeps the leverage that it has, whatever the settings of its new run say.
  const leverage = position.leverage ?? (run.risk.leverage === to.risk.leverage ? undefined : run.risk.leverage);
  if (to.state === 'OBSERVING') emit(core, 'run_switched', to, account, cause, { observe: false });
  const handed = emit(core, 'position_handed', run, account, cause, { gross, fees, funding, to: to.run });
  emit(core, 'position_taken', to, account, handed, {
    gross,
    fees,
    funding,
    from: run.run,
    position: { ...position, leverage },
    orders,
    numbers,
  });
  if (runAccount(core, run).leases[symbol] === run.run) {
    emit(core, 'lease_released', undefined, account, handed, { symbol, run: run.run });
  }
  emit(core, 'lease_taken', undefined, account, handed, { symbol, run: to.run });
  passReach(core, run, to);
}

/** How far price went while it was held is known to the run that held it. */
function passReach(core: Core, run: Run, to: Run): void {
  const from = core.market.runs[run.run - 1];
  const held = core.market.runs[to.run - 1];
  if (from === undefined || held === undefined || to.position === undefined) return;
  held.positionSeq = from.positionSeq;
  held.excursionFrom = from.excursionFrom;
  held.high = from.high;
  held.low = from.low;
}
