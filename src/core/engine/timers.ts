import { approximate, fromNumber, type Money } from '../base/decimal.ts';
import type { Account } from '../domain/account.ts';
import { holdsPosition } from '../domain/state.ts';
import { DAY_MS, HOUR_MS, SECOND_MS } from '../domain/time.ts';
import { type Core, emit, equityOf, inputCause } from './core.ts';
import { startFunnel } from './funnel.ts';
import { symbolMarket } from './market.ts';

/** The venue has this long to acknowledge an order before its fate is unknown. */
export const ACK_MS = 5 * SECOND_MS;

/** The next instant at which something is due by itself: a day's end, an hour's mark, an order without an answer. */
export function nextTimerAt(core: Core): number {
  let due = Number.POSITIVE_INFINITY;
  for (const account of core.state.accounts) {
    due = Math.min(due, account.dayAt + DAY_MS);
    if (account.blockedUntil > 0) due = Math.min(due, account.blockedUntil);
    if (holdsPosition(core.state, account.account)) due = Math.min(due, hourAfter(account.markedAt));
  }
  for (const run of core.state.runs) {
    for (const order of run.orders) if (order.status === 'intended') due = Math.min(due, order.intendedAt + ACK_MS);
  }
  return core.speaker === undefined ? due : Math.min(due, core.speaker.dueAt(core));
}

const hourAfter = (markedAt: number): number => (Math.floor(markedAt / HOUR_MS) + 1) * HOUR_MS;

/** Fires what is due at `core.now`. */
export function fireTimers(core: Core): void {
  const { now } = core;
  for (const account of core.state.accounts) {
    if (now >= account.dayAt + DAY_MS) closeDay(core, account);
    if (account.blockedUntil > 0 && now >= account.blockedUntil) {
      core.timer = 'timer block_ends';
      emit(core, 'trading_resumed', undefined, account.account, inputCause(core), { reason: 'the day block ends' });
    }
    if (holdsPosition(core.state, account.account) && now >= hourAfter(account.markedAt)) markEquity(core, account);
  }
  core.timer = undefined;
  missAnswers(core);
  core.speaker?.fire(core);
}

/** Orders whose answer is overdue at `core.now` are asked for. */
export function missAnswers(core: Core): void {
  for (const run of core.state.runs) {
    for (const order of run.orders) {
      if (order.status !== 'intended' || core.now < order.intendedAt + ACK_MS) continue;
      const reason = `no answer within ${ACK_MS / SECOND_MS} s`;
      emit(core, 'order_unknown', run, run.account, order.seq, { order: order.order, reason });
      core.venue.query(run, order);
    }
  }
}

function closeDay(core: Core, account: Account): void {
  core.timer = 'timer day_end';
  for (const held of core.market.runs) if (held.run.account === account.account) startFunnel(held);
  const equity = equityOf(core, account);
  emit(core, 'day_closed', undefined, account.account, inputCause(core), {
    day: account.dayAt,
    equity,
    balance: account.balance,
    pnl: (equity - account.dayStartEquity) as Money,
  });
}

/**
 * Equity now, and its reach since the last mark or the last change of a position: with several positions the sums of
 * their reaches, which bound it.
 */
function markEquity(core: Core, account: Account): void {
  core.timer = 'timer hour';
  const equity = equityOf(core, account);
  let high = approximate(equity);
  let low = high;
  for (const held of core.market.runs) {
    const { run } = held;
    if (run.account !== account.account || run.position === undefined || Number.isNaN(held.markHigh)) continue;
    const { mid } = symbolMarket(core.market, run.symbol).quote;
    const qty = run.position.sign * approximate(run.position.qty);
    high += Math.max(0, (held.markHigh - mid) * qty, (held.markLow - mid) * qty);
    low += Math.min(0, (held.markHigh - mid) * qty, (held.markLow - mid) * qty);
  }
  emit(core, 'equity_marked', undefined, account.account, inputCause(core), {
    high: eightDigits(high),
    low: eightDigits(low),
    equity,
    balance: account.balance,
  });
  for (const held of core.market.runs) {
    if (held.run.account !== account.account || held.run.position === undefined) continue;
    held.markFrom = core.now;
    held.markHigh = Number.NaN;
    held.markLow = Number.NaN;
  }
}

/** An analysed amount: rounded to 8 digits, nearest. */
const eightDigits = (value: number): Money => fromNumber(Math.round(value * 1e8) / 1e8) as Money;
