import { unreachable } from '../base/assert.ts';
import type { Command, OpenAccount, StartRun } from '../domain/command.ts';
import { encode } from '../domain/entry.ts';
import type { CommandInput } from '../domain/input.ts';
import { instrumentProblem } from '../domain/instrument.ts';
import type { Run } from '../domain/run.ts';
import { accountOf } from '../domain/state.ts';
import { type Core, emit, inputCause, runAccount } from './core.ts';
import { cancel } from './fills.ts';
import { attachRun, symbolMarket } from './market.ts';

interface Refused {
  readonly code: string;
  readonly expected: string;
  readonly found: string;
  readonly fix: string;
}

/** What a person, a script or a start-up asks for: journaled with its outcome. */
export function decideCommand(core: Core, input: CommandInput): void {
  const { command } = input;
  const account = accountNameOf(core, command);
  const { name, ...args } = command;
  const cause = emit(core, 'command_received', undefined, account, inputCause(core), {
    id: input.id,
    who: input.who,
    face: input.face,
    command: name,
    args: encode(args),
  });
  const refused = apply(core, command, cause);
  core.refused = refused;
  if (refused !== undefined) emit(core, 'command_refused', undefined, account, cause, { id: input.id, ...refused });
}

function accountNameOf(core: Core, command: Command): string {
  if ('account' in command) return command.account;
  if ('run' in command) return core.state.runs[command.run - 1]?.account ?? '';
  return '';
}

function apply(core: Core, command: Command, cause: number): Refused | undefined {
  switch (command.name) {
    case 'open_account':
      return openAccount(core, command, cause);
    case 'start_run':
      return startRun(core, command, cause);
    case 'panic':
    case 'resume_account':
      return applyAccount(core, command.name, command.account, cause);
    case 'note':
      emit(core, 'note_added', undefined, '', cause, { about: command.about, note: command.note });
      return undefined;
    default: {
      const run = core.state.runs[command.run - 1];
      if (run === undefined) {
        return refuse('RUN_UNKNOWN', 'the number of a run', String(command.run), 'see the runs that the journal lists');
      }
      return applyRun(core, run, command, cause);
    }
  }
}

const refuse = (code: string, expected: string, found: string, fix: string): Refused => ({
  code,
  expected,
  found,
  fix,
});

function openAccount(core: Core, command: OpenAccount, cause: number): Refused | undefined {
  if (accountOf(core.state, command.account) !== undefined) {
    return refuse('ACCOUNT_EXISTS', 'a new name', command.account, 'use the account that is there');
  }
  const { account, asset, balance, costs } = command;
  emit(core, 'account_opened', undefined, account, cause, { account, asset, balance, costs });
  return undefined;
}

function startRun(core: Core, command: StartRun, cause: number): Refused | undefined {
  const account = accountOf(core.state, command.account);
  if (account === undefined) return refuse('ACCOUNT_UNKNOWN', 'an open account', command.account, 'open it first');
  const problem = instrumentProblem(command.instrument);
  if (problem !== undefined) return refuse('INSTRUMENT_UNFIT', 'exact steps', problem, 'trade another symbol');
  const holder = account.leases[command.symbol];
  if (holder !== undefined && !command.observe) {
    const fix = 'stop that run, use another paper account, or start with --observe';
    return refuse('SYMBOL_LEASED', `${command.symbol} free on ${account.account}`, `run ${holder} holds it`, fix);
  }
  const definition = core.definitionOf(command.strategy);
  if (definition === undefined) {
    return refuse('STRATEGY_UNKNOWN', 'a registered strategy', command.strategy, 'see dzentra strategies list');
  }
  const { name: _name, ...body } = command;
  const number = core.state.runs.length + 1;
  emit(core, 'run_started', { run: number } as Run, account.account, cause, { run: number, ...body });
  const run = core.state.runs[number - 1] as Run;
  if (!command.observe) {
    emit(core, 'lease_taken', undefined, account.account, cause, { symbol: run.symbol, run: number });
  }
  attachRun(core.market, run, definition, core.feedMsOf(run.symbol));
  symbolMarket(core.market, run.symbol).halfSpread = Number(account.costs.spread) / 2e18;
  return undefined;
}

function applyAccount(
  core: Core,
  name: 'panic' | 'resume_account',
  accountName: string,
  cause: number,
): Refused | undefined {
  const account = accountOf(core.state, accountName);
  if (account === undefined) return refuse('ACCOUNT_UNKNOWN', 'an open account', accountName, 'name one that is open');
  if (name === 'resume_account') {
    if (account.safety === 'ACTIVE')
      return refuse('NOT_HALTED', 'a halted account', 'ACTIVE', 'there is nothing to resume');
    emit(core, 'resumed_by_operator', undefined, accountName, cause, {
      from: `${account.safety} ${account.safetyReason}`,
    });
    return undefined;
  }
  const halted = emit(core, 'halted', undefined, accountName, cause, { reason: 'panic' });
  for (const run of core.state.runs) {
    if (run.account !== accountName) continue;
    for (const order of [...run.orders]) if (!order.reduceOnly) cancel(core, run, order, 'panic', halted);
  }
  return undefined;
}

type RunCommand = Exclude<Command, OpenAccount | StartRun | { name: 'panic' | 'resume_account' } | { name: 'note' }>;

function applyRun(core: Core, run: Run, command: RunCommand, cause: number): Refused | undefined {
  const { account } = run;
  switch (command.name) {
    case 'stop_run':
      return stopRun(core, run, command.position, cause);
    case 'pause_run':
      if (run.state !== 'RUNNING') return refuse('NOT_RUNNING', 'a running strategy', run.state, 'start it first');
      emit(core, 'trading_paused', run, account, cause, { reason: 'asked' });
      return undefined;
    case 'resume_run':
      if (run.state !== 'PAUSED')
        return refuse('NOT_PAUSED', 'a paused strategy', run.state, 'there is nothing to resume');
      emit(core, 'trading_resumed', run, account, cause, { reason: 'asked' });
      return undefined;
    case 'close_position':
      if (run.position === undefined)
        return refuse('NO_POSITION', 'an open position', 'none', 'there is nothing to close');
      emit(core, 'close_asked', run, account, cause, { reason: 'manual', why: 'asked' });
      return undefined;
    case 'enter':
      emit(core, 'entry_asked', run, account, cause, {
        side: command.sign === 1 ? 'long' : 'short',
        reason: 'manual',
        noStop: command.noStop,
        stopDistance: null,
      });
      return undefined;
    case 'flip_position': {
      if (run.position === undefined) return refuse('NO_POSITION', 'an open position', 'none', 'open one first');
      const side = run.position.sign === 1 ? 'short' : 'long';
      emit(core, 'entry_asked', run, account, cause, { side, reason: 'manual', noStop: false, stopDistance: null });
      return undefined;
    }
    case 'change_settings':
      emit(core, 'setting_changed', run, account, cause, { riskSettings: command.riskSettings });
      return undefined;
    default:
      return unreachable(command, 'command');
  }
}

function stopRun(core: Core, run: Run, position: 'keep' | 'flatten', cause: number): Refused | undefined {
  if (run.state === 'OFF') return refuse('ALREADY_OFF', 'a started run', 'OFF', 'there is nothing to stop');
  emit(core, 'run_ended', run, run.account, cause, { reason: position });
  for (const order of [...run.orders]) if (!order.reduceOnly) cancel(core, run, order, 'run_ended', cause);
  if (run.position !== undefined && position === 'flatten') {
    emit(core, 'close_asked', run, run.account, cause, { reason: 'run_ended', why: 'stopped with --flatten' });
  }
  return undefined;
}

/** A run that is off gives its symbol back once it is flat with nothing working or unknown. */
export function releaseLeases(core: Core): void {
  for (const run of core.state.runs) {
    if (run.state !== 'OFF' || run.position !== undefined || run.orders.length > 0) continue;
    const { symbol } = run;
    if (runAccount(core, run).leases[symbol] !== run.run) continue;
    emit(core, 'lease_released', undefined, run.account, run.signal.seq, { symbol, run: run.run });
  }
}
