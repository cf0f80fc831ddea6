import { type Money, ONE, type Price, text, toNumber } from '../base/decimal.ts';
import type { Refused } from '../domain/command.ts';
import type { Cause } from '../domain/entry.ts';
import type { Order } from '../domain/order.ts';
import type { Position } from '../domain/position.ts';
import type { Quote } from '../domain/quote.ts';
import type { Run } from '../domain/run.ts';
import type { RiskSettings } from '../domain/settings.ts';
import { lossMaxOf, stopPriceOf, targetPriceOf } from '../risk/exits.ts';
import { averageOf, heatOf, heatOfPosition, lossAtStop } from '../risk/heat.ts';
import { reviewTrigger } from '../risk/review.ts';
import { percent } from '../risk/words.ts';
import { cancel } from './cancels.ts';
import { type Core, emit, equityOf, runAccount } from './core.ts';
import { liquidationOf } from './exposure.ts';
import { symbolMarket } from './market.ts';
import { coverOf, lossPrice, send, stopTrigger } from './orders.ts';
import { refuse } from './refusals.ts';

type Trigger = 'stop' | 'target';

/**
 * A new trigger is sent beside the one that rests. Only when the venue has it does the old one go: at no instant is the
 * position without its stop, and as both only reduce, both together close no more than there is.
 */
export function moveTrigger(core: Core, run: Run, role: Trigger, trigger: Price, cause: Cause): void {
  const { position } = run;
  if (position === undefined) return;
  const reason =
    role === 'target' ? 'take_profit' : trigger === lossPrice(core, run, position) ? 'max_loss' : 'stop_loss';
  send(core, run, reviewTrigger(position, role, trigger, coverOf(run, position.qty), reason), cause);
}

/** A trigger rests now: one of its kind that was there before is taken away. */
export function replaced(core: Core, run: Run, order: Order, cause: number): void {
  const { role } = order;
  if (role !== 'stop' && role !== 'target') return;
  for (let i = run.orders.length - 1; i >= 0; i--) {
    const old = run.orders[i] as Order;
    if (old.role !== role || old.order >= order.order || old.status === 'canceling') continue;
    const body = { order: order.order, trigger: order.trigger as Price, was: old.trigger as Price };
    const seq = emit(core, 'stop_replaced', run, run.account, cause, role === 'target' ? { ...body, role } : body);
    cancel(core, run, old, 'replaced', seq);
  }
}

/**
 * A fill moved the price at which the maximum loss is reached: where it lies nearer than the stop that rests, the stop
 * goes there. One at a time: while a stop is on its way this waits for the venue's word.
 */
export function followLoss(core: Core, run: Run, cause: Cause): void {
  const { position } = run;
  if (position?.lossMax === undefined) return;
  const stop = newestStop(run);
  const wanted = stopTrigger(core, run, position);
  if (wanted === undefined || stop?.status === 'intended') return;
  // What was filled first may have been too little to lose so much: it had no stop.
  if (stop === undefined || isNearer(position, wanted, stop.trigger)) moveTrigger(core, run, 'stop', wanted, cause);
}

/**
 * Funding moved that price: what was paid brings the stop nearer, what was received lets one of the maximum loss back, as
 * far as the stop loss. Where price is past it already, the position is closed.
 */
export function followFunding(core: Core, run: Run, cause: Cause): void {
  const { position, pending } = run;
  if (position?.lossMax === undefined) return;
  const { bid, ask } = symbolMarket(core.market, run.symbol).quote;
  const loss = lossPrice(core, run, position);
  if (loss !== undefined && (position.sign === 1 ? toNumber(loss) >= bid : toNumber(loss) <= ask)) {
    if (pending?.kind === 'close') return;
    const why = `funding brought the price of the maximum loss to ${text(loss)}`;
    emit(core, 'close_asked', run, run.account, cause, { reason: 'max_loss', why });
    return;
  }
  const stop = newestStop(run);
  const wanted = stopTrigger(core, run, position);
  if (wanted === undefined || stop?.status === 'intended' || wanted === stop?.trigger) return;
  if (stop !== undefined && stop.reason !== 'max_loss' && !isNearer(position, wanted, stop.trigger)) return;
  moveTrigger(core, run, 'stop', wanted, cause);
}

type Stop = Order & { readonly trigger: Price };

const newestStop = ({ orders }: Run): Stop | undefined =>
  orders.findLast(({ role }) => role === 'stop') as Stop | undefined;

const isNearer = ({ sign }: Position, wanted: Price, was: Price): boolean => (sign === 1 ? wanted > was : wanted < was);

/** Why a trigger of the open position cannot stand there; undefined where it can. */
export function moveProblem(core: Core, run: Run, role: Trigger, trigger: Price): Refused | undefined {
  const { position } = run;
  if (position === undefined) return refuse('NO_POSITION', 'an open position', 'none', 'open one first');
  const { tick } = run.instrument;
  if (trigger <= 0n || trigger % tick !== 0n) {
    const fix = 'use a price above zero that is a whole number of ticks';
    return refuse('PRICE_OFF_TICK', `a ${role} in steps of ${text(tick)}`, text(trigger), fix);
  }
  const misplaced = sideProblem(run, position, symbolMarket(core.market, run.symbol).quote, role, trigger);
  if (misplaced !== undefined || role === 'target') return misplaced;
  return beyondProblem(core, run, position, trigger) ?? riskProblem(core, run, position, trigger);
}

/** A stop lies where the price has not been yet on the losing side, a target on the winning one. */
function sideProblem(
  { symbol }: Run,
  { sign }: Position,
  quote: Quote,
  role: Trigger,
  trigger: Price,
): Refused | undefined {
  const touch = sign === 1 ? quote.bid : quote.ask;
  if (!(touch > 0)) return refuse('QUOTE_MISSING', `a quote of ${symbol}`, 'none', 'wait for the first quote');
  const isBelow = (sign === 1) === (role === 'stop');
  const at = toNumber(trigger);
  if (isBelow ? at < touch : at > touch) return undefined;
  const where = `${isBelow ? 'below' : 'above'} the ${sign === 1 ? 'bid' : 'ask'} ${touch}`;
  const code = role === 'stop' ? 'STOP_WRONG_SIDE' : 'TARGET_WRONG_SIDE';
  return refuse(code, where, text(trigger), `put the ${role} ${where}, or close the position at market`);
}

function beyondProblem(core: Core, run: Run, position: Position, trigger: Price): Refused | undefined {
  const isBeyond = (limit: Price | undefined): limit is Price =>
    limit !== undefined && (position.sign === 1 ? trigger < limit : trigger > limit);
  const loss = lossPrice(core, run, position);
  if (isBeyond(loss)) {
    const fix = 'put the stop nearer, or change the maximum loss with settings that apply now';
    return refuse('MAX_LOSS_NEARER', `nearer than the maximum loss at ${text(loss)}`, text(trigger), fix);
  }
  const liquidation = liquidationOf(run);
  if (!isBeyond(liquidation)) return undefined;
  const fix = 'put the stop nearer: beyond liquidation it protects nothing';
  return refuse('LIQUIDATION_BEFORE_STOP', `nearer than liquidation at ${text(liquidation)}`, text(trigger), fix);
}

/** A stop that moves away must stay within the limits of risk; one that comes nearer always may. */
function riskProblem(core: Core, run: Run, position: Position, trigger: Price): Refused | undefined {
  const { riskMax, heat } = run.risk.limits;
  const old = stopTrigger(core, run, position);
  if (old !== undefined && (position.sign === 1 ? trigger >= old : trigger <= old)) return undefined;
  const account = runAccount(core, run);
  const equity = equityOf(core, account);
  const loss = lossAtStop(run, position, trigger, account.costs);
  const fix = 'put the stop nearer, or close a part of the position first';
  if (riskMax !== undefined && loss * ONE > equity * riskMax) {
    return refuse('RISK_ABOVE_CEILING', `a loss of at most ${percent(riskMax)} of ${text(equity)}`, text(loss), fix);
  }
  if (heat === undefined) return undefined;
  const all = heatOf(core.state, account.account) - heatOfPosition(run, position, account.costs) + loss;
  if (all * ONE <= equity * heat) return undefined;
  return refuse('HEAT_ABOVE_MAX', `at most ${percent(heat)} of ${text(equity)} at risk`, text(all), fix);
}

/** What settings that apply now make of the open position; a trigger is named only where it moves. */
interface Moves {
  readonly stopPrice: Price | undefined;
  readonly lossMax: Money | null;
  readonly stop: Price | undefined;
  readonly target: Price | undefined;
}

/**
 * The rules of new settings on the position as it was entered. A strategy's own distance is the one in force, within the
 * new bounds. A rule of `none` takes no stop and no target away; without a maximum loss the stop loss stands alone.
 */
export function movesOf(core: Core, run: Run, position: Position, risk: RiskSettings): Moves | Refused {
  const { sign } = position;
  const { tick } = run.instrument;
  const entry = averageOf(position);
  const own = position.stopPrice === undefined ? Number.NaN : Math.abs(toNumber(entry) - toNumber(position.stopPrice));
  const stopPrice = stopPriceOf(risk.stop, sign, entry, own, tick) ?? position.stopPrice;
  const lossMax = lossMaxOf(risk.loss, equityOf(core, runAccount(core, run)));
  const target = targetPriceOf(risk.target, sign, entry, stopPrice, tick);
  const wanted = stopTrigger(core, run, { ...position, stopPrice, lossMax });
  const moves = {
    stopPrice,
    lossMax: lossMax ?? null,
    stop: wanted === stopTrigger(core, run, position) ? undefined : wanted,
    target: target === position.targetPrice ? undefined : target,
  };
  const { quote } = symbolMarket(core.market, run.symbol);
  const problem =
    (moves.stop === undefined ? undefined : sideProblem(run, position, quote, 'stop', moves.stop)) ??
    (moves.target === undefined ? undefined : sideProblem(run, position, quote, 'target', moves.target));
  return problem ?? moves;
}
