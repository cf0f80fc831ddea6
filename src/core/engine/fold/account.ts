import { type Money, NO_MONEY } from '../../base/decimal.ts';
import type { Entry } from '../../domain/entry.ts';
import type { Bodies } from '../../domain/events.ts';
import type { State } from '../../domain/state.ts';
import { dayOf, weekOf } from '../../domain/time.ts';
import { accountAt, type Folds, runOf } from './lookup.ts';

function day(state: State, entry: Entry<'day_closed'>, body: Bodies['day_closed']): void {
  const account = accountAt(state, entry);
  account.dayAt = dayOf(entry.at);
  account.dayStartEquity = body.equity;
  if (weekOf(entry.at) !== account.weekAt) {
    account.weekAt = weekOf(entry.at);
    account.weekStartEquity = body.equity;
  }
  for (const run of state.runs) {
    if (run.account !== account.account) continue;
    run.entriesToday = 0;
    run.flipsToday = 0;
    run.stopsToday = 0;
  }
}

/** Whoever halts an account wants every position of it closed, at the next price. */
function halt(state: State, entry: Entry<'halted'>, body: Bodies['halted']): void {
  const account = accountAt(state, entry);
  account.safety = 'HALTED';
  account.safetyReason = body.reason;
  account.blockedUntil = 0;
  for (const run of state.runs) {
    if (run.account !== account.account) continue;
    run.flip = undefined;
    run.pending =
      run.position === undefined ? undefined : { kind: 'close', reason: body.reason, cause: entry.seq, at: entry.at };
  }
}

/** Accounts: money, days, limits, halts and leases. */
export const ACCOUNT_FOLDS: Folds = {
  epoch_started: (state, _entry, body) => {
    state.epoch = body.epoch;
  },
  account_opened: (state, entry, body) => {
    state.accounts.push({
      account: body.account,
      asset: body.asset,
      startBalance: body.balance,
      deposits: NO_MONEY,
      balance: body.balance,
      costs: body.costs,
      safety: 'ACTIVE',
      safetyReason: '',
      blockedUntil: 0,
      dayAt: dayOf(entry.at),
      dayStartEquity: body.balance,
      weekAt: weekOf(entry.at),
      weekStartEquity: body.balance,
      orderTimes: [],
      leases: {},
      markedAt: entry.at,
      breachAt: 0,
    });
  },
  equity_marked: (state, entry) => {
    accountAt(state, entry).markedAt = entry.at;
  },
  day_closed: day,
  limit_reached: (state, entry, body) => {
    const account = accountAt(state, entry);
    if (body.rule === 'day_flatten_seen') account.breachAt = entry.at;
    if (body.rule !== 'day_block') return;
    account.safety = 'REDUCING';
    account.safetyReason = body.rule;
    account.blockedUntil = body.until;
  },
  trading_resumed: (state, entry, body) => {
    if (entry.run > 0) {
      const run = runOf(state, entry);
      if (body.strategyVersion !== undefined) {
        run.strategyVersion = body.strategyVersion;
        run.warmedUp = false;
      }
      if (run.state === 'PAUSED') run.state = 'RUNNING';
      return;
    }
    const account = accountAt(state, entry);
    account.safety = 'ACTIVE';
    account.safetyReason = '';
    account.blockedUntil = 0;
  },
  halted: halt,
  resumed_by_operator: (state, entry) => {
    const account = accountAt(state, entry);
    account.safety = 'ACTIVE';
    account.safetyReason = '';
    account.blockedUntil = 0;
    account.breachAt = 0;
  },
  lease_taken: (state, entry, body) => {
    accountAt(state, entry).leases[body.symbol] = body.run;
  },
  lease_released: (state, entry, body) => {
    delete accountAt(state, entry).leases[body.symbol];
  },
  transferred: (state, entry, body) => {
    const account = accountAt(state, entry);
    account.balance = body.balance;
    account.deposits = (account.deposits + body.amount) as Money;
    if (body.dayStartEquity !== undefined) account.dayStartEquity = body.dayStartEquity;
    if (body.weekStartEquity !== undefined) account.weekStartEquity = body.weekStartEquity;
  },
};
