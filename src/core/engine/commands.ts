import type { Account } from '../domain/account.ts';
import type { Command, Refused, StartRun } from '../domain/command.ts';
import { encode } from '../domain/entry.ts';
import type { CommandInput } from '../domain/input.ts';
import { instrumentProblem } from '../domain/instrument.ts';
import { MANUAL, type Run } from '../domain/run.ts';
import { accountOf } from '../domain/state.ts';
import { accountUnknown, openAccount, panic, resumeAccount, setOption, transfer } from './account-commands.ts';
import { acknowledge, addAlert, deliver, removeAlert, reportChannel } from './alerts.ts';
import { type Core, emit, inputCause, runAccount } from './core.ts';
import { attachRun, symbolMarket } from './market.ts';
import { refuse } from './refusals.ts';
import { applyRun, brokenProblem, leased } from './run-commands.ts';
import { raiseTest } from './speech.ts';

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
    line: input.line,
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
      return panic(core, command.account, cause);
    case 'resume_account':
      return resumeAccount(core, command.account, cause);
    case 'note':
      emit(core, 'note_added', undefined, '', cause, { about: command.about, note: command.note });
      return undefined;
    case 'transfer':
      return transfer(core, command.account, command.amount, cause);
    case 'add_alert':
      return addAlert(core, command, cause);
    case 'remove_alert':
      return removeAlert(core, command.alert, cause);
    case 'acknowledge_alert':
      return acknowledge(core, command, cause);
    case 'deliver_alert':
      return deliver(core, command, cause);
    case 'report_channel':
      return reportChannel(core, command, cause);
    case 'test_alert':
      raiseTest(core, cause);
      return undefined;
    case 'set_option':
      return setOption(core, command.option, command.text, cause);
    default: {
      const run = core.state.runs[command.run - 1];
      if (run === undefined) {
        return refuse('RUN_UNKNOWN', 'the number of a run', String(command.run), 'see the runs that the journal lists');
      }
      return applyRun(core, run, command, cause);
    }
  }
}

function startRun(core: Core, command: StartRun, cause: number): Refused | undefined {
  const account = accountOf(core.state, command.account);
  if (account === undefined) return accountUnknown(command.account);
  const problem = instrumentProblem(command.instrument);
  if (problem !== undefined) return refuse('INSTRUMENT_UNFIT', 'exact steps', problem, 'trade another symbol');
  const taken = command.strategy === MANUAL ? manualProblem(core, command) : leaseProblem(core, account, command);
  if (taken !== undefined) return taken;
  const definition = core.definitionOf(command.strategy);
  if (definition === undefined) {
    return refuse('STRATEGY_UNKNOWN', 'a registered strategy', command.strategy, 'see dzentra strategies list');
  }
  const { name: _name, ...body } = command;
  const number = core.state.runs.length + 1;
  emit(core, 'run_started', { run: number } as Run, account.account, cause, { run: number, ...body });
  const run = core.state.runs[number - 1] as Run;
  if (!command.observe && command.strategy !== MANUAL) {
    emit(core, 'lease_taken', undefined, account.account, cause, { symbol: run.symbol, run: number });
  }
  attachRun(core.market, run, definition, core.feedMsOf(run.symbol));
  symbolMarket(core.market, run.symbol).halfSpread = Number(account.costs.spread) / 2e18;
  const held = core.market.runs[number - 1];
  if (held !== undefined) core.welcome?.(held);
  const broken = brokenProblem(core, run);
  if (broken !== undefined) emit(core, 'run_ended', run, account.account, cause, { reason: 'strategy_broken' });
  return broken;
}

function leaseProblem(core: Core, { leases }: Account, { symbol, account, observe }: StartRun): Refused | undefined {
  const holder = leases[symbol];
  return holder === undefined || observe ? undefined : leased(core, symbol, account, holder);
}

/** The human has one run a symbol. It takes the lease with its first order, not before. */
function manualProblem(core: Core, { account, symbol }: StartRun): Refused | undefined {
  const own = core.state.runs.find(
    (run) => run.strategy === MANUAL && run.account === account && run.symbol === symbol && run.state !== 'OFF',
  );
  if (own === undefined) return undefined;
  return refuse('RUN_EXISTS', `no manual run on ${symbol}`, `run ${own.run}`, `use run ${own.run}`);
}

/**
 * A run that is off gives its symbol back once it is flat with nothing working or unknown; the manual run does so whenever
 * it is.
 */
export function releaseLeases(core: Core): void {
  for (const run of core.state.runs) {
    const isOff = run.state === 'OFF';
    if (!isOff && run.strategy !== MANUAL) continue;
    if (run.position !== undefined || run.orders.length > 0 || run.flip !== undefined) continue;
    const { symbol } = run;
    if (runAccount(core, run).leases[symbol] !== run.run) continue;
    const cause = isOff ? run.signal.seq : (core.speaker?.factSeq ?? core.state.seq);
    emit(core, 'lease_released', undefined, run.account, cause, { symbol, run: run.run });
  }
}
