import { type Money, ONE, type Rate, times } from '../base/decimal.ts';
import type { Account } from '../domain/account.ts';
import type { Sign } from '../domain/order.ts';
import type { Run } from '../domain/run.ts';
import type { Limits } from '../domain/settings.ts';
import type { State } from '../domain/state.ts';
import { DAY_MS, dayOf, MINUTE_MS } from '../domain/time.ts';
import { MAJORS } from './defaults.ts';

/**
 * A loss that reached its limit: both in currency. `day_block`: no entries until the next UTC day; `week_halt` and
 * `day_flatten`: every position closed and HALTED, until a human resumes (`until` 0).
 */
export interface LossStep {
  readonly rule: 'day_block' | 'week_halt' | 'day_flatten';
  readonly loss: Money;
  readonly max: Money;
  readonly until: number;
}

const NO_STEPS: readonly LossStep[] = [];

/** Is there a day or week loss to look for? */
export const hasLossLimit = (limits: Limits): boolean =>
  limits.dayBlock !== undefined || limits.dayFlatten !== undefined || limits.weekHalt !== undefined;

/**
 * What the loss since the start of the UTC day, or of the week, asks for and is not in force yet, the lightest first.
 * `equity` holds open profit and loss, fees and funding. Exact: a loss equal to the limit has reached it.
 */
export function lossSteps(account: Account, equity: Money, limits: Limits): readonly LossStep[] {
  const { safety, dayAt, dayStartEquity, weekStartEquity } = account;
  if (safety === 'HALTED' || (equity >= dayStartEquity && equity >= weekStartEquity)) return NO_STEPS;
  const until = dayAt + DAY_MS;
  const isBlocked = safety === 'REDUCING' && account.blockedUntil >= until;
  return [
    ...(isBlocked ? NO_STEPS : reached('day_block', dayStartEquity, equity, limits.dayBlock, until)),
    ...reached('week_halt', weekStartEquity, equity, limits.weekHalt, 0),
    ...reached('day_flatten', dayStartEquity, equity, limits.dayFlatten, 0),
  ];
}

function reached(
  rule: LossStep['rule'],
  start: Money,
  equity: Money,
  share: Rate | undefined,
  until: number,
): readonly LossStep[] {
  if (share === undefined || equity >= start || (start - equity) * ONE < start * share) return NO_STEPS;
  return [{ rule, loss: (start - equity) as Money, max: times(start, share, 'down') as Money, until }];
}

/**
 * The places that an account has taken, by name: open positions and entries that may still fill. All majors on one side
 * share one. `except` is a run that is left out.
 */
export function placesOf(state: State, account: string, except?: Run): ReadonlySet<string> {
  const places = new Set<string>();
  for (const run of state.runs) {
    const held = run.account === account && run.run !== except?.run ? sideHeld(run) : 0;
    if (held !== 0) places.add(placeOf(run, held));
  }
  return places;
}

const placeOf = ({ run, instrument }: Run, sign: Sign): string =>
  MAJORS.has(instrument.base) ? `majors ${sign}` : `run ${run}`;

/** How many places are taken beside the one that `run` would take on `sign`: joining a side of majors takes no other. */
export function openPositionsOf(state: State, run: Run, sign: Sign): number {
  if (state.runs.length === 1) return 0;
  const places = placesOf(state, run.account, run);
  return places.size > 0 && places.has(placeOf(run, sign)) ? places.size - 1 : places.size;
}

function sideHeld(run: Run): Sign | 0 {
  if (run.position !== undefined) return run.position.sign;
  for (const order of run.orders) if (order.role === 'entry') return order.side === 'buy' ? 1 : -1;
  return 0;
}

/** Are the orders of the last minute used up? */
export function ordersSpent(account: Account, at: number, limits: Limits): boolean {
  const most = limits.ordersMinuteMax;
  if (most === undefined) return false;
  if (most <= 0) return true;
  const first = account.orderTimes[account.orderTimes.length - most];
  return first !== undefined && first > at - MINUTE_MS;
}

/** Is one more flip too many today, or within the candle of the last? Ask before the closing leg. */
export function flipsSpent(run: Run, at: number): boolean {
  const most = run.risk.limits.flipsDayMax;
  if (most === undefined) return false;
  return run.flipsToday >= most || (run.lastFlipAt > 0 && at < closeAfter(run.lastFlipAt, run.timeframeMs));
}

const closeAfter = (at: number, timeframeMs: number): number => (Math.floor(at / timeframeMs) + 1) * timeframeMs;

export interface Cooldown {
  readonly reason: 'stop' | 'stops_in_row' | 'stops_day';
  readonly until: number;
}

/**
 * The longest pause that a stop at `at` asks for; the run's counts hold that stop already. After one stop: the time of
 * the limit, and one whole candle after the one in which it fell (a stop at 03:41 in 15m: 04:00).
 */
export function cooldownAfterStop(run: Run, at: number): Cooldown | undefined {
  const { stopCooldownMs, stopsInRowMax, stopsInRowCooldownMs, stopsDayMax } = run.risk.limits;
  let found: Cooldown | undefined;
  if (stopCooldownMs !== undefined) {
    const candle = Math.ceil(at / run.timeframeMs) * run.timeframeMs + run.timeframeMs;
    found = { reason: 'stop', until: Math.max(at + stopCooldownMs, candle) };
  }
  if (stopsInRowMax !== undefined && stopsInRowCooldownMs !== undefined && run.stopsInRow >= stopsInRowMax) {
    found = later(found, { reason: 'stops_in_row', until: at + stopsInRowCooldownMs });
  }
  if (stopsDayMax !== undefined && run.stopsToday >= stopsDayMax) {
    found = later(found, { reason: 'stops_day', until: dayOf(at) + DAY_MS });
  }
  return found;
}

/** On a tie the heavier rule, which comes second, gives the name. */
function later(one: Cooldown | undefined, other: Cooldown): Cooldown {
  return one !== undefined && one.until > other.until ? one : other;
}
