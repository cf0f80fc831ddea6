import { type Price, type Qty, toStep } from '../base/decimal.ts';
import type { Cause } from '../domain/entry.ts';
import type { QuoteEvidence } from '../domain/evidence.ts';
import type { Sign } from '../domain/order.ts';
import { sideOf } from '../domain/order.ts';
import type { Run } from '../domain/run.ts';
import { type Denied, deny } from '../risk/denial.ts';
import { lossPriceOf, protectivePriceOf } from '../risk/exits.ts';
import { flipsSpent, openPositionsOf } from '../risk/limits.ts';
import { type Approved, quoteEvidence, review, reviewExit, reviewTrigger } from '../risk/review.ts';
import { exitSlippage } from '../risk/terms.ts';
import { type Core, emit, equityOf, heldOf, runAccount } from './core.ts';
import { exposureOf } from './exposure.ts';
import { orderOf } from './fold/lookup.ts';
import { type SymbolMarket, symbolMarket } from './market.ts';
import { isBlockedByGap } from './safety.ts';

/** A price came: what waited for it is done. */
export function decidePrice(core: Core, symbol: SymbolMarket): void {
  for (const held of symbol.runs) if (held.run.pending !== undefined) act(core, held.run);
}

function act(core: Core, run: Run): void {
  const { pending, position } = run;
  if (pending === undefined) return;
  if (pending.kind === 'close') {
    intendExit(core, run, pending.reason, pending.cause);
    return;
  }
  if (position === undefined) {
    openLeg(core, run, pending.sign, pending.cause, pending.stopDistance, pending.noStop === true);
  } else if (position.sign === pending.sign) {
    emit(core, 'signal_dropped', run, run.account, pending.cause, { side: pending.sign, reason: 'in_position' });
  } else if (run.instrument.kind !== 'spot' && flipsSpent(run, core.now)) {
    denyFlip(core, run, pending.sign, pending.cause);
  } else {
    intendExit(core, run, run.instrument.kind === 'spot' ? 'signal' : 'flip', pending.cause);
  }
}

/** Flips eat fees: one too many leaves the position to its stop and target. */
function denyFlip(core: Core, run: Run, sign: Sign, cause: number): void {
  const expected = 'a flip left today, and a candle since the last';
  tellDenied(core, run, sign, cause, deny('FLIPS_DAY', { expected, found: `${run.flipsToday} flips today` }));
}

/** A denial is kept as the visible reason why nothing happened. */
function tellDenied(core: Core, run: Run, sign: Sign, cause: Cause, { code, expected, found, fix }: Denied): void {
  const body = { code, side: sideOf(sign), role: 'entry', expected, found, fix } as const;
  emit(core, 'order_denied', run, run.account, cause, body);
}

/** Sends an order: the intent is a fact first, then the venue gets it. */
export function send(core: Core, run: Run, approved: Approved, cause: Cause): void {
  const number = run.ordersMade + 1;
  emit(core, 'order_intended', run, run.account, cause, {
    order: number,
    role: approved.role,
    type: approved.type,
    side: approved.side,
    qty: approved.qty,
    limit: approved.limit,
    trigger: approved.role === 'stop' || approved.role === 'target' ? approved.trigger : undefined,
    reduceOnly: approved.reduceOnly,
    postOnly: approved.postOnly,
    tif: approved.tif,
    reason: approved.reason,
    quote: quoteFor(core, run, approved),
    size: approved.role === 'entry' ? approved.size : undefined,
  });
  core.venue.submit(run, orderOf(run, number));
}

/** Protection rests until a price comes: no quote decided it. */
function quoteFor(core: Core, run: Run, approved: Approved): QuoteEvidence | undefined {
  if (approved.role === 'entry') return approved.quote;
  if (approved.role !== 'exit') return undefined;
  return quoteEvidence(symbolMarket(core.market, run.symbol).quote, core.now);
}

/** One exit at a time: what is on its way is not sent again. */
export function intendExit(core: Core, run: Run, reason: string, cause: Cause): void {
  const { position } = run;
  if (position === undefined) return;
  for (const order of run.orders) if (order.role === 'exit') return;
  send(core, run, reviewExit(run, position, reason), cause);
}

/** The opening leg of an entry or a flip, through the one door. */
export function openLeg(
  core: Core,
  run: Run,
  sign: Sign,
  cause: Cause,
  stopDistance: number | null,
  noStop: boolean,
): void {
  const account = runAccount(core, run);
  const symbol = symbolMarket(core.market, run.symbol);
  const exposure = exposureOf(core, account, run);
  const verdict = review(
    { sign, reason: reasonOf(run), stopDistance: stopDistance ?? Number.NaN, noStop },
    {
      state: core.state,
      account,
      run,
      quote: symbol.quote,
      at: core.now,
      equity: exposure.positions === 0 ? account.balance : equityOf(core, account),
      reservedAccount: exposure.reserved,
      reservedRun: exposure.reservedRun,
      heat: exposure.heat,
      openPositions: openPositionsOf(core.state, run, sign),
      blockedByGap: isBlockedByGap(heldOf(core, run), symbol),
    },
  );
  if (verdict.ok) {
    send(core, run, verdict, cause);
    return;
  }
  tellDenied(core, run, sign, cause, verdict);
  if (run.flip?.closed !== undefined) {
    emit(core, 'flip_incomplete', run, run.account, core.state.seq, { closed: run.flip.closed, code: verdict.code });
  }
}

function reasonOf({ flip, pending }: Run): string {
  if (flip !== undefined) return 'flip';
  return pending?.kind === 'enter' ? pending.reason : 'signal';
}

/** Stop and target of a fresh position: reduce-only, for all that the entry may still fill. */
export function protect(core: Core, run: Run, cause: Cause): void {
  const { position } = run;
  if (position === undefined) return;
  const qty = coverOf(run, position.qty);
  const stop = stopTrigger(core, run);
  if (stop !== undefined) {
    const reason = stop === position.stopPrice ? 'stop_loss' : 'max_loss';
    send(core, run, reviewTrigger(position, 'stop', stop, qty, reason), cause);
  }
  const { targetPrice } = position;
  if (targetPrice !== undefined && !run.orders.some((order) => order.role === 'target')) {
    send(core, run, reviewTrigger(position, 'target', targetPrice, qty, 'take_profit'), cause);
  }
}

function coverOf(run: Run, held: Qty): Qty {
  let qty: bigint = held;
  for (const order of run.orders) if (order.role === 'entry') qty += order.qty - order.filled;
  const { kind, step } = run.instrument;
  if (kind !== 'spot') return qty as Qty;
  // A fee in the base asset leaves no whole number of steps.
  const whole = toStep(qty, step, 'down');
  return (whole > 0n ? whole : qty) as Qty;
}

/** The nearer of the stop loss and the price at which the maximum loss is reached. */
function stopTrigger(core: Core, run: Run): Price | undefined {
  const { position, instrument } = run;
  if (position?.lossMax === undefined) return position?.stopPrice;
  const { costs } = runAccount(core, run);
  const lossPrice = lossPriceOf(
    position,
    position.lossMax,
    { feeOut: costs.takerRate, slippage: exitSlippage(costs) },
    instrument.tick,
  );
  return protectivePriceOf(position.sign, position.stopPrice, lossPrice);
}
