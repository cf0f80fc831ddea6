import { type Money, NO_QTY, notional, priceOf, type Qty, times, toStep } from '../base/decimal.ts';
import type { FundingInput } from '../domain/input.ts';
import type { Sign } from '../domain/order.ts';
import type { Run } from '../domain/run.ts';
import { type Core, emit, inputCause, markOf, runAccount } from './core.ts';
import { symbolMarket } from './market.ts';
import { followFunding } from './protection.ts';

/**
 * A settlement: `payment = qty x mark x rate`, paid by longs where the rate is above zero, rounded once against us. What
 * is held at the instant pays. Where an exchange tells it afterwards that may be closed by now, or of another size: not
 * what is held when the word comes pays, but what was held then.
 */
export function decideFunding(core: Core, input: FundingInput): void {
  const symbol = symbolMarket(core.market, input.symbol);
  const mark = markOf(symbol);
  const settledAt = Math.min(input.settledAt ?? input.at, input.at);
  for (const { run } of symbol.runs) {
    if (run.instrument.kind === 'spot' || Number.isNaN(mark)) continue;
    const held = heldAt(run, settledAt);
    if (held === undefined) continue;
    const { sign, qty, closed } = held;
    const value = notional(priceOf(mark), qty);
    const signed = (sign === 1 ? -input.rate : input.rate) as bigint;
    const amount = toStep(times(value, signed, 'floor'), run.instrument.assetStep, 'floor') as Money;
    const seq = emit(core, 'funding_paid', run, run.account, inputCause(core), {
      rate: input.rate,
      mark,
      amount,
      balance: (runAccount(core, run).balance + amount) as Money,
      fundingAt: settledAt,
      held:
        run.position?.qty === qty && closed === undefined ? undefined : { side: sign === 1 ? 'long' : 'short', qty },
      closed,
    });
    if (closed === undefined) followFunding(core, run, seq);
  }
}

interface Held {
  readonly sign: Sign;
  readonly qty: Qty;
  /** The entry that closed it since. */
  readonly closed: number | undefined;
}

/** What a run held at an instant. What lies before its last changes is taken to have been as it is now. */
function heldAt({ holdings, position }: Run, at: number): Held | undefined {
  const index = holdings.findLastIndex((each) => each.at <= at);
  const holding = holdings[index];
  if (holding === undefined) {
    if (position === undefined || position.openedAt > at) return undefined;
    return { sign: position.sign, qty: position.qty, closed: undefined };
  }
  const { sign, qty } = holding;
  if (qty === NO_QTY) return undefined;
  return { sign, qty, closed: holdings.find((each, i) => i > index && each.qty === NO_QTY)?.seq };
}
