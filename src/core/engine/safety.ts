import { approximate } from '../base/decimal.ts';
import type { Account } from '../domain/account.ts';
import type { Run } from '../domain/run.ts';
import { holdsPosition } from '../domain/state.ts';
import { dayOf, SECOND_MS } from '../domain/time.ts';
import { cooldownAfterStop, hasLossLimit, type LossStep, lossSteps } from '../risk/limits.ts';
import { cancelAccountRest } from './cancels.ts';
import { type Core, emit, equityOf, inputCause, runAccount } from './core.ts';
import { type RunMarket, type SymbolMarket, symbolMarket } from './market.ts';

/**
 * After a gap entries wait, where the limit says so, until a whole warm-up of the run's own candles has been seen again.
 * The higher time frame would keep them back for weeks after a minute that is missing.
 */
export function isBlockedByGap(core: Pick<Core, 'market' | 'feedMsOf'>, held: RunMarket): boolean {
  const { run, usesMid, barsNeeded } = held;
  if (run.risk.limits.gapBlock !== true) return false;
  const { symbol, midLine, barsSinceGap, lastCloseAt } = symbolMarket(core.market, run.symbol);
  const { sinceGap, closeAt } =
    usesMid && midLine !== undefined ? midLine : { sinceGap: barsSinceGap, closeAt: lastCloseAt };
  if (sinceGap === Number.POSITIVE_INFINITY) return false;
  // Candles that the gap lies in are not whole.
  const wholeFrom = Math.ceil((closeAt - sinceGap * core.feedMsOf(symbol)) / run.timeframeMs);
  return Math.floor(closeAt / run.timeframeMs) - wholeFrom < barsNeeded;
}

/** A price came: rules that force a close, and the loss limits of the account. */
export function decideSafety(core: Core, symbol: SymbolMarket): void {
  for (const held of symbol.runs) {
    if (held.run.position === undefined) continue;
    checkLossMax(core, held.run, symbol.quote.mid);
    if (hasLossLimit(held.run.risk.limits)) checkLimits(core, held.run);
  }
}

/** The most that a position may lose, fees and funding included, in currency: it is closed at the next price. */
function checkLossMax(core: Core, run: Run, price: number): void {
  const { position } = run;
  if (position?.lossMax === undefined || run.pending?.kind === 'close') return;
  const open = position.sign * (price * approximate(position.qty) - approximate(position.cost));
  const net = open + approximate(position.gross) - approximate(position.fees) + approximate(position.funding);
  if (net > -approximate(position.lossMax)) return;
  const why = `net ${net.toFixed(2)} reached the maximum loss ${approximate(position.lossMax).toFixed(2)}`;
  emit(core, 'close_asked', run, run.account, inputCause(core), { reason: 'max_loss', why });
}

/**
 * Day and week loss with open profit and loss in it: block, then flatten and halt. Halts are sticky. Asked on every price
 * while a position is held, and after each close: what was realised counts when nothing is held any more, too.
 */
export function checkLimits(core: Core, run: Run): void {
  const account = runAccount(core, run);
  const steps = lossSteps(account, equityOf(core, account), run.risk.limits);
  if (steps.length === 0) return;
  const halting = steps.find((step) => halts(core, account, step));
  if (halting !== undefined) {
    const { rule } = halting;
    const cause = tellReached(core, account, halting);
    const halted = emit(core, 'halted', undefined, account.account, cause, { reason: rule });
    cancelAccountRest(core, account.account, rule, halted);
    return;
  }
  const block = steps.find(({ rule }) => rule === 'day_block');
  if (block !== undefined) cancelAccountRest(core, account.account, block.rule, tellReached(core, account, block));
}

const tellReached = (core: Core, { account }: Account, step: LossStep): number =>
  emit(core, 'limit_reached', undefined, account, inputCause(core), step);

/**
 * A wick flattens nothing: a day's loss is seen twice, 3 s apart, before it halts. One with nothing open in it is sure at
 * once.
 */
function halts(core: Core, account: Account, { rule, loss, max }: LossStep): boolean {
  if (rule !== 'day_flatten') return rule === 'week_halt';
  if (!holdsPosition(core.state, account.account)) return true;
  if (account.breachAt >= dayOf(core.now)) return core.now - account.breachAt >= 3 * SECOND_MS;
  const body = { rule: 'day_flatten_seen', loss, max, until: 0 };
  emit(core, 'limit_reached', undefined, account.account, inputCause(core), body);
  return false;
}

/** A stopped trade may start a cooldown: after each stop, after several in a row, after several in a day. */
export function afterStop(core: Core, run: Run, reason: string, cause: number): void {
  if (reason !== 'stop_loss') return;
  const cooldown = cooldownAfterStop(run, core.now);
  if (cooldown === undefined || cooldown.until <= run.cooldownUntil) return;
  emit(core, 'cooldown_started', run, run.account, cause, { reason: cooldown.reason, until: cooldown.until });
}
