import { unreachable } from '../base/assert.ts';
import { text, toStep } from '../base/decimal.ts';
import type { Command, Enter, Refused } from '../domain/command.ts';
import type { Bodies } from '../domain/events.ts';
import type { Position } from '../domain/position.ts';
import { type EntryWishes, MANUAL, type Run } from '../domain/run.ts';
import { faultOf } from '../strategy/guard.ts';
import { cancel, cancelEntries, cancelRest } from './cancels.ts';
import { type Core, emit, runAccount } from './core.ts';
import { findOrder } from './fold/lookup.ts';
import { handOver } from './hand-over.ts';
import { requestOf } from './orders.ts';
import { turnDenial } from './preview.ts';
import { moveProblem, movesOf, moveTrigger } from './protection.ts';
import { refuse } from './refusals.ts';
import { newVersionOf } from './upgrade.ts';

/** A command that names a run. */
export type RunCommand = Extract<Command, { readonly run: number }>;
type Named<N extends Command['name']> = Extract<Command, { readonly name: N }>;

export function applyRun(core: Core, run: Run, command: RunCommand, cause: number): Refused | undefined {
  switch (command.name) {
    case 'stop_run':
      return stopRun(core, run, command.position, cause);
    case 'pause_run':
      return pauseRun(core, run, command.fault, cause);
    case 'resume_run':
      return resumeRun(core, run, cause);
    case 'observe_run':
      return observeRun(core, run, command.observe, cause);
    case 'close_position':
      return closePosition(core, run, command, cause);
    case 'enter':
      return enter(core, run, command, cause);
    case 'flip_position':
      return flip(core, run, cause);
    case 'cancel_order':
      return cancelOrder(core, run, command.order, cause);
    case 'change_settings':
      return changeSettings(core, run, command, cause);
    case 'move_stop':
      return move(core, run, 'stop', command.stopPrice, cause);
    case 'move_target':
      return move(core, run, 'target', command.targetPrice, cause);
    case 'hand_over':
      return handOver(core, run, command.to, cause);
    default:
      return unreachable(command, 'command');
  }
}

const isManual = (run: Run): boolean => run.strategy === MANUAL;

function stopRun(core: Core, run: Run, position: 'keep' | 'flatten', cause: number): Refused | undefined {
  if (isManual(run)) {
    return refuse('RUN_MANUAL', 'the run of a strategy', 'the manual run', 'close its position and cancel its orders');
  }
  if (run.state === 'OFF') return refuse('ALREADY_OFF', 'a started run', 'OFF', 'there is nothing to stop');
  const { pending } = run;
  emit(core, 'run_ended', run, run.account, cause, { reason: position });
  cancelEntries(core, run, 'run_ended', cause);
  if (run.position === undefined) return undefined;
  if (position === 'flatten') {
    emit(core, 'close_asked', run, run.account, cause, { reason: 'run_ended', why: 'stopped with --flatten' });
  } else if (pending?.kind === 'close') {
    const { reason, qty } = pending;
    emit(core, 'close_asked', run, run.account, cause, { reason, why: 'asked before the run ended', qty });
  }
  return undefined;
}

/** Where the strategy broke, whoever is not OFF is told of it; only a RUNNING run has entries to be stopped. */
function pauseRun(core: Core, run: Run, fault: string | undefined, cause: number): Refused | undefined {
  const { account, state } = run;
  if (state !== 'RUNNING' && (fault === undefined || state === 'OFF')) {
    return refuse('NOT_RUNNING', 'a running strategy', state, 'start it first');
  }
  const body = fault === undefined ? { reason: 'asked' } : { reason: 'strategy_broken', fault };
  cancelRest(core, run, 'paused', emit(core, 'trading_paused', run, account, cause, body));
  return undefined;
}

function resumeRun(core: Core, run: Run, cause: number): Refused | undefined {
  const { account, state } = run;
  if (state !== 'PAUSED') return refuse('NOT_PAUSED', 'a paused strategy', state, 'there is nothing to resume');
  const broken = brokenProblem(core, run);
  if (broken !== undefined) return broken;
  emit(core, 'trading_resumed', run, account, cause, { reason: 'asked', strategyVersion: newVersionOf(core, run) });
  return undefined;
}

/** A strategy that broke begins anew with the engine alone: what its file was is kept until then. */
export function brokenProblem({ market }: Core, { run }: Run): Refused | undefined {
  const held = market.runs[run - 1];
  const fault = held === undefined ? undefined : faultOf(held.strategy);
  if (fault === undefined) return undefined;
  return refuse('STRATEGY_BROKEN', 'a strategy that runs', fault, 'mend the file, then dzentra engine restart');
}

/** OBSERVING <-> RUNNING: opinion and signal go on, with their `startedAt`. Only a RUNNING run holds the lease. */
function observeRun(core: Core, run: Run, observe: boolean, cause: number): Refused | undefined {
  if (isManual(run))
    return refuse('RUN_MANUAL', 'the run of a strategy', 'the manual run', 'it has nothing to observe');
  const { account, state, symbol } = run;
  const wanted = observe ? 'OBSERVING' : 'RUNNING';
  if (state === 'OFF') return refuse('NOT_RUNNING', 'a started run', state, 'start it first');
  if (state === wanted || (state === 'PAUSED' && !observe)) {
    const fix = state === 'PAUSED' ? 'resume it' : 'there is nothing to change';
    return refuse('ALREADY_SO', `a run that is not ${state}`, state, fix);
  }
  const { leases } = runAccount(core, run);
  if (observe) {
    const open = openProblem(run);
    if (open !== undefined) return open;
    emit(core, 'run_switched', run, account, cause, { observe });
    if (leases[symbol] === run.run) emit(core, 'lease_released', undefined, account, cause, { symbol, run: run.run });
    return undefined;
  }
  const problem = leaseProblem(core, run) ?? brokenProblem(core, run);
  if (problem !== undefined) return problem;
  emit(core, 'run_switched', run, account, cause, { observe });
  if (leases[symbol] === undefined) emit(core, 'lease_taken', undefined, account, cause, { symbol, run: run.run });
  return undefined;
}

function openProblem({ position, orders }: Run): Refused | undefined {
  if (position === undefined && orders.length === 0) return undefined;
  const found = position === undefined ? `order ${orders[0]?.order}` : `${text(position.qty)} open`;
  return refuse(
    'POSITION_OPEN',
    'a run that is flat, without orders',
    found,
    'close the position first, or hand it over',
  );
}

function leaseProblem(core: Core, asking: Run): Refused | undefined {
  const { run, symbol, account: name } = asking;
  const account = core.state.accounts.find((each) => each.account === name);
  const holder = account?.leases[symbol];
  if (holder === undefined || holder === run) return undefined;
  return leased(core, symbol, name, holder, isManual(asking));
}

/** Another run has the symbol: one that is off and keeps a position is told as such. An order by hand cannot observe. */
export function leased(core: Core, symbol: string, account: string, holder: number, isByHand = false): Refused {
  const by = core.state.runs[holder - 1];
  const isClosing = by?.pending?.kind === 'close' || by?.orders.some(({ role }) => role === 'exit') === true;
  if (by?.state === 'OFF' && by.position !== undefined && !isClosing) {
    const observed = 'close that position, hand it to the manual run, or start with --observe';
    const fix = isByHand ? 'close that position, or hand it to the manual run' : observed;
    return refuse('POSITION_OPEN', `${symbol} flat on ${account}`, `run ${holder} is OFF and keeps a position`, fix);
  }
  const own = by?.strategy === MANUAL ? 'close what the manual run has' : 'stop that run';
  const observed = `${own}, use another paper account, or start with --observe`;
  const fix = isByHand ? `${own}, or use another paper account` : observed;
  return refuse('SYMBOL_LEASED', `${symbol} free on ${account}`, `run ${holder} holds it`, fix);
}

function closePosition(core: Core, run: Run, { qty }: Named<'close_position'>, cause: number): Refused | undefined {
  const { position, pending, instrument, account } = run;
  if (position === undefined) return refuse('NO_POSITION', 'an open position', 'none', 'there is nothing to close');
  if (qty === undefined || qty === position.qty) {
    emit(core, 'close_asked', run, account, cause, { reason: 'manual', why: 'asked' });
    return undefined;
  }
  // All of it goes already.
  if (pending?.kind === 'close' && pending.qty === undefined) return closing();
  const part = toStep(qty, instrument.step, 'down');
  if (part <= 0n || part > position.qty) {
    const expected = `${text(instrument.step)} to ${text(position.qty)}`;
    return refuse('QUANTITY_OUT_OF_RANGE', expected, text(qty), 'give a part of the position, or close all of it');
  }
  emit(core, 'close_asked', run, account, cause, { reason: 'manual', why: `${text(part)} asked`, qty: part });
  return undefined;
}

/** A close that waits for the next price is not given up for less. */
const closing = (): Refused =>
  refuse(
    'ORDER_IN_FLIGHT',
    'a position that stays',
    'a close that waits for the next price',
    'wait until it is closed',
  );

function enter(core: Core, run: Run, command: Enter, cause: number): Refused | undefined {
  const { sign, noStop } = command;
  const leasedBy = isManual(run) ? leaseProblem(core, run) : undefined;
  if (leasedBy !== undefined) return leasedBy;
  if (noStop && command.stopPrice !== undefined) {
    return refuse('STOP_AMBIGUOUS', 'a stop, or none', 'both', 'leave the stop price or --no-stop out');
  }
  const barred = run.position === undefined ? undefined : heldProblem(core, run, run.position, command);
  if (barred !== undefined) return barred;
  const body = { side: sideWord(sign), reason: 'manual', noStop, stopDistance: null, wishes: wishesOf(command) };
  emit(core, 'entry_asked', run, run.account, cause, body);
  return undefined;
}

/**
 * An entry opens, it never adds. At market it may turn a perpetual round, where its second leg would go now: an order that
 * is denied closes nothing.
 */
function heldProblem(core: Core, run: Run, position: Position, command: Enter): Refused | undefined {
  const { sign, limit, noStop } = command;
  const isTurn = position.sign !== sign && run.instrument.kind !== 'spot';
  if (!isTurn || limit !== undefined) {
    const fix = isTurn
      ? 'close or flip it first: a limit entry opens, it does not turn a position round'
      : 'close it or a part of it first: an entry opens, it adds nothing and takes nothing away';
    return refuse('POSITION_OPEN', 'a flat run', `${text(position.qty)} open`, fix);
  }
  if (run.pending?.kind === 'close') return closing();
  const request = requestOf({ sign, noStop, stopDistance: null, wishes: wishesOf(command) }, 'manual');
  const denied = turnDenial(core, run, request);
  return denied && refuse(denied.code, denied.expected, denied.found, denied.fix);
}

const sideWord = (sign: 1 | -1): Bodies['entry_asked']['side'] => (sign === 1 ? 'long' : 'short');

/** Undefined where an entry wants nothing of its own. */
function wishesOf(command: Enter): EntryWishes | undefined {
  const { size, limit, postOnly, stopPrice, targetPrice, leverage } = command;
  const wishes = { size, limit, postOnly, stopPrice, targetPrice, leverage };
  return Object.values(wishes).some((wish) => wish !== undefined) ? wishes : undefined;
}

function flip(core: Core, run: Run, cause: number): Refused | undefined {
  if (run.position === undefined) return refuse('NO_POSITION', 'an open position', 'none', 'open one first');
  if (run.instrument.kind === 'spot') {
    return refuse('SHORT_ON_SPOT', 'a position with another side', 'one on spot', 'close it: dzentra trade close');
  }
  if (run.pending?.kind === 'close') return closing();
  const side = sideWord(run.position.sign === 1 ? -1 : 1);
  emit(core, 'entry_asked', run, run.account, cause, { side, reason: 'manual', noStop: false, stopDistance: null });
  return undefined;
}

/** What protects or closes an open position is not taken back. */
function cancelOrder(core: Core, run: Run, number: number, cause: number): Refused | undefined {
  const order = findOrder(run, number);
  if (order === undefined) {
    const live = run.orders.map((each) => each.order).join(', ') || 'none';
    return refuse('ORDER_UNKNOWN', `a live order of run ${run.run} (${live})`, `${number}`, 'see dzentra orders');
  }
  if (run.position !== undefined && order.role === 'stop') {
    const fix = 'move it with move_stop, or close the position: its stop then goes with it';
    return refuse('ORDER_PROTECTS', 'an order that protects nothing', `the stop of ${text(run.position.qty)}`, fix);
  }
  if (run.position !== undefined && order.role === 'exit') {
    return refuse('ORDER_CLOSES', 'an order that does not close', 'an exit at market', 'enter again when it is filled');
  }
  if (order.status === 'canceling') {
    return refuse('ALREADY_SO', 'an order that nobody cancels yet', 'canceling', 'wait for the word of the venue');
  }
  cancel(core, run, order, 'asked', cause);
  return undefined;
}

function changeSettings(core: Core, run: Run, command: Named<'change_settings'>, cause: number): Refused | undefined {
  const { riskSettings, now = false } = command;
  const { position, account } = run;
  const isOther = position !== undefined && riskSettings.leverage !== run.risk.leverage;
  const leverage = isOther && position.leverage === undefined ? run.risk.leverage : undefined;
  const moves = now && position !== undefined ? movesOf(core, run, position, riskSettings) : undefined;
  if (moves === undefined) {
    emit(core, 'setting_changed', run, account, cause, { riskSettings, leverage });
    return undefined;
  }
  if ('code' in moves) return moves;
  const { stopPrice, lossMax, stop, target } = moves;
  const seq = emit(core, 'setting_changed', run, account, cause, { riskSettings, leverage, stopPrice, lossMax });
  if (stop !== undefined) moveTrigger(core, run, 'stop', stop, seq);
  if (target !== undefined) moveTrigger(core, run, 'target', target, seq);
  return undefined;
}

function move(core: Core, run: Run, role: 'stop' | 'target', trigger: EntryWishes['stopPrice'], cause: number) {
  if (trigger === undefined) return undefined;
  const problem = moveProblem(core, run, role, trigger);
  if (problem !== undefined) return problem;
  if (run.orders.some((order) => order.role === role && order.trigger === trigger && order.status !== 'canceling')) {
    return refuse('ALREADY_SO', 'another price', text(trigger), 'it rests there already');
  }
  moveTrigger(core, run, role, trigger, cause);
  return undefined;
}
