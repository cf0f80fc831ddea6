import { NO_MONEY, type Rate, rate } from '../../base/decimal.ts';
import type { Costs } from '../../domain/settings.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { RunInput } from './options.ts';

const NONE = NO_MONEY as bigint as Rate;

/** A backtest asks for fees and nothing else: what it costs beyond them is a flag. */
export const FEES_ONLY: Costs = {
  makerRate: rate('0.0002'),
  takerRate: rate('0.0005'),
  spread: NONE,
  slippage: NONE,
  latencyMs: 0,
};

/** Paper is pessimistic: half of a spread of 1 bp and 1 bp beyond it, 150 ms. */
export const PAPER_COSTS: Costs = {
  makerRate: rate('0.0002'),
  takerRate: rate('0.0005'),
  spread: rate('0.0001'),
  slippage: rate('0.0001'),
  latencyMs: 150,
};

type CostInput = Pick<RunInput, 'fee' | 'maker' | 'taker' | 'slippage' | 'spread' | 'latency'>;

/** The cost models that were asked for over the ones that stand. `--slippage 0` alone: no spread and no latency either. */
export function costsOf(given: CostInput, base: Costs): Costs | Refusal {
  if (given.fee !== undefined && (given.maker !== undefined || given.taker !== undefined)) {
    const fix = 'leave out --fee, or --maker and --taker';
    return refusal(2, 'OPTIONS_CONFLICT', '--fee for both fees, or --maker and --taker', 'both', fix);
  }
  const isFree = given.slippage === 0n;
  return {
    makerRate: given.fee ?? given.maker ?? base.makerRate,
    takerRate: given.fee ?? given.taker ?? base.takerRate,
    slippage: given.slippage ?? base.slippage,
    spread: given.spread ?? (isFree ? NONE : base.spread),
    latencyMs: given.latency ?? (isFree ? 0 : base.latencyMs),
  };
}
