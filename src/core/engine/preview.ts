import { type Money, notional, type Price, priceOf, times } from '../base/decimal.ts';
import type { Refused, StartRun } from '../domain/command.ts';
import type { Draft, Preview } from '../domain/frame.ts';
import { marginHeld } from '../domain/margin.ts';
import type { Sign } from '../domain/order.ts';
import type { Position } from '../domain/position.ts';
import type { EntryWishes, Run } from '../domain/run.ts';
import { liquidationOf as liquidationOfEntry } from '../risk/caps.ts';
import type { Denied } from '../risk/denial.ts';
import { heatOfPosition, lossAtStop } from '../risk/heat.ts';
import type { EntryRequest, ReviewContext } from '../risk/request.ts';
import { type ApprovedEntry, review, wishedContext } from '../risk/review.ts';
import { stopFillOf } from '../risk/sizing.ts';
import { exitSlippage, termsOf } from '../risk/terms.ts';
import { type Core, equityOf, runAccount } from './core.ts';
import { liquidationOf } from './exposure.ts';
import { freshRun } from './fold/run.ts';
import { symbolMarket } from './market.ts';
import { requestOf, reviewContextOf } from './orders.ts';
import { moveProblem } from './protection.ts';
import { refuse } from './refusals.ts';

type PlannedEntry = Extract<Preview, { readonly ok: true }>;
type EntryDraft = Extract<Draft, { readonly sign: Sign }>;

/** A run that is not in the journal: what the manual run of a symbol would be before its first order. */
export function draftRun(core: Core, { name: _name, ...start }: StartRun): Run {
  return freshRun({ ...start, run: core.state.runs.length + 1 }, core.now, 0);
}

/** What the one door says of a draft now. Nothing is written, and the same draft is reviewed again when it is sent. */
export function preview(core: Core, run: Run, draft: Draft): Preview {
  if (draft.type === 'stop') return movePreview(core, run, 'stop', draft.stopPrice);
  if (draft.type === 'target') return movePreview(core, run, 'target', draft.targetPrice);
  const problem = draftProblem(draft);
  if (problem !== undefined) return { ok: false, sign: draft.sign, ...problem };
  return entryPreview(core, run, requestOf({ ...askOf(draft), stopDistance: null }, 'manual'));
}

function draftProblem({ type, limit }: EntryDraft): Refused | undefined {
  if (type === 'limit' && limit === undefined) {
    return refuse('LIMIT_MISSING', 'a price for a limit order', 'none', 'give the price');
  }
  return undefined;
}

/** A draft of an entry in the words of `enter`. */
export function askOf(draft: EntryDraft): { sign: Sign; noStop: boolean; wishes: EntryWishes } {
  const { sign, size, postOnly, stopPrice, targetPrice, leverage } = draft;
  const limit = draft.type === 'limit' ? draft.limit : undefined;
  return { sign, noStop: draft.noStop === true, wishes: { size, limit, postOnly, stopPrice, targetPrice, leverage } };
}

/** An entry as it would go now. */
export function entryPreview(core: Core, run: Run, request: EntryRequest): Preview {
  const context = contextOf(core, run, request);
  const verdict = review(request, context);
  if (!verdict.ok) return deniedPreview(request.sign, verdict);
  const planned = approvedPreview(request, verdict, wishedContext(request, context));
  return run.position === undefined ? planned : { ...planned, closes: closesOf(run.position, context) };
}

/**
 * Why an entry against the open position would not go. It waits for the next quote, a few seconds at most: how old the last
 * one has become meanwhile says nothing of that.
 */
export function turnDenial(core: Core, run: Run, request: EntryRequest): Denied | undefined {
  const context = contextOf(core, run, request);
  const verdict = review(request, { ...context, quote: { ...context.quote, at: context.at } });
  return verdict.ok ? undefined : verdict;
}

/** The first leg of a flip: all of the position at the touch. */
function closesOf({ qty, sign }: Position, { quote, account }: ReviewContext): PlannedEntry['closes'] {
  const value = notional(priceOf(sign === 1 ? quote.bid : quote.ask), qty);
  return { qty, fee: feeOf(value, account.costs.takerRate) };
}

/** A market order against the open position is the open leg of a flip: it is held against the account as the close leaves it. */
function contextOf(core: Core, run: Run, request: EntryRequest): ReviewContext {
  const context = reviewContextOf(core, run, runAccount(core, run), request.sign);
  const { position } = run;
  const isFlip = position !== undefined && position.sign !== request.sign && request.limit === undefined;
  if (!isFlip || run.instrument.kind === 'spot') return context;
  const held = marginHeld({ ...run, orders: [] });
  return {
    ...context,
    run: { ...run, position: undefined },
    reservedAccount: (context.reservedAccount - held) as Money,
    reservedRun: (context.reservedRun - held) as Money,
    heat: (context.heat - heatOfPosition(run, position, context.account.costs)) as Money,
  };
}

function deniedPreview(sign: Sign, { code, expected, found, fix }: Denied): Preview {
  return { ok: false, sign, code, expected, found, fix };
}

function approvedPreview(request: EntryRequest, approved: ApprovedEntry, context: ReviewContext): PlannedEntry {
  const terms = termsOf(request, context);
  const { sign } = request;
  const { type, qty, size, stopPrice, targetPrice, lossMax, risk } = approved;
  const { quote, equity, run } = context;
  const { instrument } = run;
  const { costs } = context.account;
  const cost = notional(terms.fill, qty);
  const exit = stopPrice === undefined ? terms.fill : stopFillOf(sign, stopPrice, exitSlippage(costs), instrument.tick);
  return {
    ok: true,
    sign,
    type,
    qty,
    price: request.limit ?? priceOf(sign === 1 ? quote.ask : quote.bid),
    notional: size.notional,
    margin: size.margin,
    fee: feeOf(cost, terms.feeIn),
    feeOut: feeOf(notional(exit, qty), costs.takerRate),
    risk,
    riskShare: equity > 0n ? Number(risk) / Number(equity) : 0,
    stopPrice,
    targetPrice,
    lossMax,
    liquidation: liquidationOfEntry(sign, terms, qty, run),
    clippedBy: size.clippedBy,
    quoteAt: quote.at,
    mid: quote.mid,
  };
}

const feeOf = (value: Money, rate: bigint): Money => times(value, rate, 'up') as Money;

/** Another trigger of what protects the open position: nothing more is bound, and it costs what a stop costs. */
function movePreview(core: Core, run: Run, role: 'stop' | 'target', trigger: Price): Preview {
  const { position } = run;
  const problem = moveProblem(core, run, role, trigger);
  if (position === undefined || problem !== undefined) {
    const unknown = refuse('NO_POSITION', 'an open position', 'none', 'open one first');
    return { ok: false, sign: position?.sign ?? 1, ...(problem ?? unknown) };
  }
  const account = runAccount(core, run);
  const equity = equityOf(core, account);
  const stopPrice = role === 'stop' ? trigger : position.stopPrice;
  const risk = stopPrice === undefined ? (0n as Money) : lossAtStop(run, position, stopPrice, account.costs);
  const value = notional(trigger, position.qty);
  const { quote } = symbolMarket(core.market, run.symbol);
  return {
    ok: true,
    sign: position.sign,
    type: 'market',
    qty: position.qty,
    price: trigger,
    notional: value,
    margin: 0n as Money,
    fee: 0n as Money,
    feeOut: feeOf(value, account.costs.takerRate),
    risk,
    riskShare: equity > 0n ? Number(risk) / Number(equity) : 0,
    stopPrice,
    targetPrice: role === 'target' ? trigger : position.targetPrice,
    lossMax: position.lossMax,
    liquidation: liquidationOf(run),
    quoteAt: quote.at,
    mid: quote.mid,
  };
}
