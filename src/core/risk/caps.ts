import {
  absolute,
  divide,
  fromNumber,
  type Money,
  notional,
  ONE,
  type Price,
  priceOf,
  type Qty,
  type Rate,
  ratio,
  text,
} from '../base/decimal.ts';
import type { Sign } from '../domain/order.ts';
import type { Run } from '../domain/run.ts';
import { type Denied, deny } from './denial.ts';
import { lossSteps } from './limits.ts';
import { initialMargin, leverageMaxFor, liquidationPrice, stopClearsLiquidation, tierOf } from './margin.ts';
import type { EntryRequest, ReviewContext } from './request.ts';
import { raise, toTick } from './rounding.ts';
import type { Sized } from './size.ts';
import { lossPerUnit, stopFillOf } from './sizing.ts';
import { costsPerUnit, dustOf, exitSlippage, type Terms } from './terms.ts';
import { percent, percentOf } from './words.ts';

/** The venue's own leverage limit at this notional. Always on where the instrument has tiers. */
export function tierDenial({ notional }: Sized, { run }: ReviewContext): Denied | undefined {
  const { kind, tiers } = run.instrument;
  if (kind === 'spot' || tiers.length === 0) return undefined;
  const tier = tierOf(tiers, notional);
  if (tier === undefined || run.risk.leverage <= tier.leverageMax) return undefined;
  const expected = `at most ${text(tier.leverageMax)}x at a notional of ${text(notional)}`;
  return deny('LEVERAGE_ABOVE_MAX', { expected, found: `${text(run.risk.leverage)}x` });
}

/** Where an entry would be liquidated, isolated, with the margin that its expected fill binds; undefined for nowhere. */
export function liquidationOf(sign: Sign, { fill }: Terms, qty: Qty, { instrument, risk }: Run): Price | undefined {
  if (instrument.kind === 'spot') return undefined;
  const cost = notional(fill, qty);
  return liquidationPrice({ sign, qty, cost, margin: initialMargin(cost, risk.leverage), tiers: instrument.tiers });
}

/** The liquidation guard: `SL - LP >= b x (EP - LP)`. */
export function liquidationDenial(
  sign: Sign,
  terms: Terms,
  sized: Sized,
  liquidation: Price | undefined,
  { run }: ReviewContext,
): Denied | undefined {
  const share = run.risk.limits.liquidationBuffer;
  const { stopPrice, fill } = terms;
  if (share === undefined || stopPrice === undefined || liquidation === undefined) return undefined;
  const buffer = fromNumber(share) as Rate;
  if (stopClearsLiquidation({ sign, entry: fill, stopPrice, liquidation }, buffer)) return undefined;
  const distance = ratio(absolute(fill - stopPrice), fill, 'up');
  const maintenanceRate = tierOf(run.instrument.tiers, sized.notional)?.maintenanceRate ?? (0n as Rate);
  const most = leverageMaxFor({ sign, distance, maintenanceRate, buffer });
  return deny('LIQUIDATION_BEFORE_STOP', {
    expected: `${percent(buffer)} of the way to liquidation beyond the stop`,
    found: `stop ${text(stopPrice)}, liquidation ${text(liquidation)}, entry ${text(fill)}`,
    ...(most === undefined ? {} : { fix: `use at most ${tenths(most)}x, or bring the stop nearer` }),
  });
}

const tenths = (value: Rate): string => text((value / (ONE / 10n)) * (ONE / 10n));

/** What the trade may lose, alone and with all that is open. Each only where its limit is set. */
export function riskDenial(terms: Terms, sized: Sized, context: ReviewContext): Denied | undefined {
  const { equity, heat, openPositions } = context;
  const { sizing, limits } = context.run.risk;
  const { riskMax, positionsMax } = limits;
  if (riskMax !== undefined || limits.heat !== undefined) {
    if (terms.stopPrice === undefined && terms.lossMax === undefined) {
      return deny('STOP_REQUIRED', {
        expected: 'a stop or a max loss, because risk is limited',
        found: 'neither',
        fix: 'give a stop or a max loss, or switch the limits on risk and heat off',
      });
    }
  }
  if (riskMax !== undefined && sizing.by === 'risk' && sizing.risk > riskMax) {
    return deny('RISK_ABOVE_CEILING', { expected: `at most ${percent(riskMax)}`, found: percent(sizing.risk) });
  }
  if (riskMax !== undefined && sized.risk * ONE > equity * riskMax) {
    return deny('RISK_ABOVE_CEILING', shareOf(riskMax, sized.risk, equity));
  }
  if (limits.heat !== undefined && (heat + sized.risk) * ONE > equity * limits.heat) {
    return deny('HEAT_ABOVE_MAX', shareOf(limits.heat, heat + sized.risk, equity));
  }
  if (positionsMax === undefined || openPositions < positionsMax) return undefined;
  return deny('POSITIONS_AT_MAX', { expected: `at most ${positionsMax} positions`, found: `${openPositions} open` });
}

function shareOf(max: Rate, found: bigint, equity: Money): { expected: string; found: string } {
  return {
    expected: `at most ${percent(max)} of equity ${text(equity)}`,
    found: `${text(found)}, ${percentOf(found, equity)}`,
  };
}

/**
 * Does the maximum loss leave room for the price to move at all? It counts the costs of both legs: a stop that stands for
 * it must rest at least a tick away from the price that would set it off. Always on where there is a maximum loss.
 */
export function lossMaxDenial(
  request: EntryRequest,
  terms: Terms,
  sized: Sized,
  context: ReviewContext,
): Denied | undefined {
  const { entry, fill, feeIn, lossMax } = terms;
  if (lossMax === undefined) return undefined;
  const { run, account, quote, isStreamed } = context;
  const { sign, limit } = request;
  const { tick, assetStep } = run.instrument;
  const { costs } = account;
  const touch = isStreamed === true && limit === undefined ? priceOf(sign === 1 ? quote.bid : quote.ask) : entry;
  const trigger = sign === 1 ? toTick(touch - 1n, tick, 'floor') : toTick(touch + 1n, tick, 'ceil');
  const exit = stopFillOf(sign, trigger, exitSlippage(costs), tick);
  const perUnit = lossPerUnit({ entry: fill, exit, feeIn, feeOut: costs.takerRate });
  const least = raise(sized.qty * perUnit) + dustOf(terms, run.instrument) + assetStep;
  if (lossMax >= least) return undefined;
  const { asset } = account;
  return deny('MAX_LOSS_BELOW_COSTS', {
    expected: `at least ${text(least)} ${asset}, what entering and leaving at once costs`,
    found: `a maximum loss of ${text(lossMax)} ${asset}`,
    fix: `raise the maximum loss to ${text(least)} or more, or ask for less`,
  });
}

/** Is the trade worth its costs? Each only where its limit is set and there is a stop (and a target). */
export function worthDenial(sign: Sign, terms: Terms, { run, account }: ReviewContext): Denied | undefined {
  const { costsOfStopMax, rewardMin } = run.risk.limits;
  const { stopPrice, targetPrice, fill, perUnit } = terms;
  if (stopPrice === undefined) return undefined;
  if (costsOfStopMax !== undefined) {
    const costs = costsPerUnit(terms, stopPrice);
    const distance = absolute(terms.entry - stopPrice);
    if (costs * ONE > distance * fromNumber(costsOfStopMax)) {
      const expected = `at most ${percent(fromNumber(costsOfStopMax) as Rate)} of the stop distance ${text(distance)}`;
      return deny('COSTS_ABOVE_MAX', { expected, found: `${text(costs)}, ${percentOf(costs, distance)}` });
    }
  }
  if (rewardMin === undefined || targetPrice === undefined) return undefined;
  const way = sign === 1 ? targetPrice - fill : fill - targetPrice;
  const fees = terms.feeIn * fill + (account.costs.takerRate + exitSlippage(account.costs)) * targetPrice;
  const gain = way * ONE - fees;
  if (gain >= perUnit * fromNumber(rewardMin)) return undefined;
  const found = `${text(divide(gain * 100n, perUnit * ONE, 'floor') * (ONE / 100n))} R`;
  return deny('REWARD_BELOW_MIN', { expected: `at least ${rewardMin} R after costs`, found });
}

/** Has the account lost its day or its week by the equity of this instant? */
export function lossDenial({ account, equity, run }: ReviewContext): Denied | undefined {
  const { limits } = run.risk;
  const step = lossSteps(account, equity, limits).at(-1);
  if (step === undefined) return undefined;
  // After a halt a person may resume the account; the loss stands until its day or week is over.
  const fix = step.rule === 'week_halt' ? { fix: 'wait for the next UTC week; exits still go' } : {};
  return deny('DAY_LOSS', {
    expected: `a loss below ${text(step.max)} (${step.rule})`,
    found: text(step.loss),
    ...fix,
  });
}
