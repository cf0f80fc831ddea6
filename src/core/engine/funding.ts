import { type Money, notional, priceOf, times, toStep } from '../base/decimal.ts';
import type { FundingInput } from '../domain/input.ts';
import { type Core, emit, inputCause, markOf, runAccount } from './core.ts';
import { symbolMarket } from './market.ts';
import { followFunding } from './protection.ts';

/**
 * A settlement: `payment = qty x mark x rate`, paid by longs where the rate is above zero, rounded once against us. Only
 * what is held at the instant pays: not what was opened since, where an exchange tells it afterwards.
 */
export function decideFunding(core: Core, input: FundingInput): void {
  const symbol = symbolMarket(core.market, input.symbol);
  const mark = markOf(symbol);
  const settledAt = Math.min(input.settledAt ?? input.at, input.at);
  for (const { run } of symbol.runs) {
    const { position, instrument } = run;
    if (position === undefined || instrument.kind === 'spot' || Number.isNaN(mark)) continue;
    if (position.openedAt > settledAt) continue;
    const value = notional(priceOf(mark), position.qty);
    const signed = (position.sign === 1 ? -input.rate : input.rate) as bigint;
    const amount = toStep(times(value, signed, 'floor'), instrument.assetStep, 'floor') as Money;
    const seq = emit(core, 'funding_paid', run, run.account, inputCause(core), {
      rate: input.rate,
      mark,
      amount,
      balance: (runAccount(core, run).balance + amount) as Money,
      fundingAt: settledAt,
    });
    followFunding(core, run, seq);
  }
}
