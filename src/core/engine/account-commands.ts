import { larger, type Money, NO_MONEY, smaller, text } from '../base/decimal.ts';
import type { Account } from '../domain/account.ts';
import type { OpenAccount, Refused } from '../domain/command.ts';
import { EXACT_WORDS } from '../domain/events.ts';
import { accountOf } from '../domain/state.ts';
import { cancelEntries } from './cancels.ts';
import { type Core, emit, equityOf } from './core.ts';
import { freeFor } from './exposure.ts';
import { refuse } from './refusals.ts';

export function openAccount(core: Core, command: OpenAccount, cause: number): Refused | undefined {
  if (accountOf(core.state, command.account) !== undefined) {
    return refuse('ACCOUNT_EXISTS', 'a new name', command.account, 'use the account that is there');
  }
  const { account, asset, balance, costs } = command;
  emit(core, 'account_opened', undefined, account, cause, { account, asset, balance, costs });
  return undefined;
}

export const accountUnknown = (name: string): Refused =>
  refuse('ACCOUNT_UNKNOWN', 'an open account', name, 'name one that is open');

export function resumeAccount(core: Core, name: string, cause: number): Refused | undefined {
  const account = accountOf(core.state, name);
  if (account === undefined) return accountUnknown(name);
  const { safety, safetyReason } = account;
  if (safety === 'ACTIVE') return refuse('NOT_HALTED', 'a halted account', 'ACTIVE', 'there is nothing to resume');
  emit(core, 'resumed_by_operator', undefined, name, cause, { from: `${safety} ${safetyReason}` });
  return undefined;
}

/**
 * HALTED first: it is the fact that everything after it stands on, and its fold asks for every close at the next price.
 * Then entries are taken back. Stops stay until their position is gone; they go with it.
 */
export function panic(core: Core, name: string, cause: number): Refused | undefined {
  if (accountOf(core.state, name) === undefined) return accountUnknown(name);
  const halted = emit(core, 'halted', undefined, name, cause, { reason: 'panic' });
  for (const run of core.state.runs) if (run.account === name) cancelEntries(core, run, 'panic', halted);
  return undefined;
}

/** Deposits and withdrawals: day and week begin as if the amount had been there, or not, from the start. */
export function transfer(core: Core, name: string, amount: Money, cause: number): Refused | undefined {
  const account = accountOf(core.state, name);
  if (account === undefined) return accountUnknown(name);
  if (amount === 0n) return refuse('AMOUNT_ZERO', 'an amount other than zero', '0', 'give what to pay in or out');
  const free = freeOf(core, account);
  if (-amount > free) {
    const fix = 'withdraw less, or close positions first: what they bind stays';
    return refuse('BALANCE_INSUFFICIENT', `at most ${text(free)} ${account.asset} free`, text(-amount as Money), fix);
  }
  emit(core, 'transferred', undefined, name, cause, {
    amount,
    balance: (account.balance + amount) as Money,
    equity: (equityOf(core, account) + amount) as Money,
    dayStartEquity: (account.dayStartEquity + amount) as Money,
    weekStartEquity: (account.weekStartEquity + amount) as Money,
  });
  return undefined;
}

/** What no position and no entry on its way binds, and no open loss needs. */
function freeOf(core: Core, account: Account): Money {
  const loss = account.balance - smaller(account.balance, equityOf(core, account));
  return larger((freeFor(core.state, account) - loss) as Money, NO_MONEY);
}

const OPTION = /^[a-z][A-Za-z0-9_.-]{0,39}$/;
const TEXT_LENGTH_MAX = 200;

/** A setting that every face of the profile shares; what it may be is the faces' business. */
export function setOption(core: Core, option: string, given: string, cause: number): Refused | undefined {
  // A word of money would be read back from the journal as an amount.
  if (!OPTION.test(option) || EXACT_WORDS.has(option)) {
    return refuse('OPTION_UNKNOWN', 'the name of an option', option.slice(0, 40), 'see dzentra settings');
  }
  if (given.length > TEXT_LENGTH_MAX) {
    const expected = `at most ${TEXT_LENGTH_MAX} characters`;
    return refuse('OPTION_TOO_LONG', expected, `${given.length}`, 'give a shorter text');
  }
  emit(core, 'option_set', undefined, '', cause, { option, text: given });
  return undefined;
}
