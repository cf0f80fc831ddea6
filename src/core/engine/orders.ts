import { type Price, type Qty, text, toStep } from '../base/decimal.ts';
import type { Account } from '../domain/account.ts';
import type { Cause } from '../domain/entry.ts';
import type { QuoteEvidence } from '../domain/evidence.ts';
import type { DraftSize } from '../domain/frame.ts';
import type { Sign } from '../domain/order.ts';
import { sideOf } from '../domain/order.ts';
import type { Position } from '../domain/position.ts';
import type { EntryWishes, Pending, Run } from '../domain/run.ts';
import { type Denied, deny } from '../risk/denial.ts';
import { protectivePriceOf } from '../risk/exits.ts';
import { lossTriggerOf } from '../risk/heat.ts';
import { flipsSpent, openPositionsOf } from '../risk/limits.ts';
import type { EntryRequest, ReviewContext } from '../risk/request.ts';
import { type Approved, type ApprovedEntry, quoteEvidence, review, reviewExit, reviewTrigger } from '../risk/review.ts';
import { span } from '../risk/words.ts';
import { type Core, emit, equityOf, runAccount } from './core.ts';
import { exposureOf } from './exposure.ts';
import { orderOf } from './fold/lookup.ts';
import { type SymbolMarket, symbolMarket } from './market.ts';
import { isBlockedByGap } from './safety.ts';

type Entering = Extract<Pending, { readonly kind: 'enter' }>;

/** A price came: what waited for it is done. */
export function decidePrice(core: Core, symbol: SymbolMarket): void {
  for (const held of symbol.runs) if (held.run.pending !== undefined) act(core, held.run);
}

function act(core: Core, run: Run): void {
  const { pending, position } = run;
  if (pending === undefined) return;
  if (pending.kind === 'close') {
    intendExit(core, run, pending.reason, pending.cause, pending.qty);
    return;
  }
  if (isLate(core, run, pending)) {
    dropLate(core, run, pending);
    return;
  }
  if (position === undefined || pending.wishes?.limit !== undefined) openLeg(core, run, pending);
  else if (position.sign === pending.sign || (run.instrument.kind === 'spot' && pending.reason !== 'signal')) {
    emit(core, 'signal_dropped', run, run.account, pending.cause, { side: pending.sign, reason: 'in_position' });
  } else if (run.instrument.kind !== 'spot' && flipsSpent(run, core.now)) {
    denyFlip(core, run, pending.sign, pending.cause);
  } else {
    intendExit(core, run, run.instrument.kind === 'spot' ? 'signal' : 'flip', pending.cause);
  }
}

/** An order by hand is meant for the price that its person saw, a signal for the candle that follows it. */
const BY_HAND_MS_MAX = 5_000;

/** No price came in time: a stream was down. Candles give a price for each instant that they have. */
function isLate(core: Core, run: Run, { at, reason }: Entering): boolean {
  const { streamed, quote } = symbolMarket(core.market, run.symbol);
  if (!streamed || (quote.source !== 'stream' && quote.source !== 'rest')) return false;
  return core.now - at > (reason === 'signal' ? run.timeframeMs : BY_HAND_MS_MAX);
}

function dropLate(core: Core, run: Run, { sign, cause, reason, at }: Entering): void {
  if (reason === 'signal') {
    emit(core, 'signal_dropped', run, run.account, cause, { side: sign, reason: 'ready_stale' });
    return;
  }
  const found = span(core.now - at);
  tellDenied(
    core,
    run,
    sign,
    cause,
    deny('QUOTE_STALE', { expected: `a price within ${span(BY_HAND_MS_MAX)}`, found }),
  );
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
  const held = core.market.runs[run.run - 1];
  if (held !== undefined) held.funnel.denied++;
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

/** One exit at a time: what is on its way is not sent again. `qty`: a part. What is above the largest order goes next. */
export function intendExit(core: Core, run: Run, reason: string, cause: Cause, qty?: Qty): void {
  const { position } = run;
  if (position === undefined) return;
  for (const order of run.orders) if (order.role === 'exit') return;
  const exit = reviewExit(run, position, reason, qty);
  const isPart = qty !== undefined && qty < position.qty;
  const left = (isPart ? qty : position.qty) - exit.qty;
  send(core, run, exit, cause);
  if (left < run.instrument.step) return;
  const why = `${text(exit.qty)} is the largest order`;
  emit(core, 'close_asked', run, run.account, core.state.seq, { reason, why, qty: isPart ? (left as Qty) : undefined });
}

/** An entry that somebody wants: a signal, a person, or the open leg of a flip. */
export interface EntryAsk {
  readonly sign: Sign;
  readonly cause: number;
  readonly stopDistance: number | null;
  readonly noStop?: boolean | undefined;
  readonly wishes?: EntryWishes | undefined;
}

/** The opening leg of an entry or a flip, through the one door. The first order takes the lease of a symbol that is free. */
export function openLeg(core: Core, run: Run, ask: EntryAsk): void {
  const { sign, cause } = ask;
  const account = runAccount(core, run);
  const verdict = reviewEntry(core, run, account, requestOf(ask, reasonOf(run)));
  if (verdict.ok) {
    const { symbol } = run;
    if (account.leases[symbol] === undefined) {
      emit(core, 'lease_taken', undefined, account.account, cause, { symbol, run: run.run });
    }
    send(core, run, verdict, cause);
    const held = core.market.runs[run.run - 1];
    if (held !== undefined) held.funnel.orders++;
    return;
  }
  tellDenied(core, run, sign, cause, verdict);
  if (run.flip?.closed !== undefined) {
    emit(core, 'flip_incomplete', run, run.account, core.state.seq, { closed: run.flip.closed, code: verdict.code });
  }
}

/** What an entry is held against now; it changes nothing. */
export function reviewContextOf(core: Core, run: Run, account: Account, sign: Sign): ReviewContext {
  const symbol = symbolMarket(core.market, run.symbol);
  const exposure = exposureOf(core, account, run);
  const held = core.market.runs[run.run - 1];
  return {
    state: core.state,
    account,
    run,
    quote: symbol.quote,
    at: core.now,
    equity: exposure.positions === 0 ? account.balance : equityOf(core, account),
    reservedAccount: exposure.reserved,
    reservedRun: exposure.reservedRun,
    pledged: exposure.pledged,
    heat: exposure.heat,
    openPositions: openPositionsOf(core.state, run, sign),
    blockedByGap: held !== undefined && isBlockedByGap(core, held),
    clockOffsetMs: core.market.clock.offsetMs,
    isStreamed: symbol.streamed,
    tradesPolled: held?.definition.tradesPolled === true,
  };
}

/** The one door of entries, as of now. */
function reviewEntry(core: Core, run: Run, account: Account, request: EntryRequest): ApprovedEntry | Denied {
  return review(request, reviewContextOf(core, run, account, request.sign));
}

/** What is asked for in the words of the review. */
export function requestOf(ask: Omit<EntryAsk, 'cause'>, reason: string): EntryRequest {
  const { sign, wishes } = ask;
  const request = { sign, reason, stopDistance: ask.stopDistance ?? Number.NaN, noStop: ask.noStop === true };
  if (wishes === undefined) return request;
  const { limit, postOnly, stopPrice, targetPrice, leverage, size } = wishes;
  return { ...request, limit, postOnly, stopPrice, targetPrice, leverage, ...sizeAsked(size) };
}

function sizeAsked(size: DraftSize | undefined): Pick<EntryRequest, 'qty' | 'notional' | 'sizing'> {
  if (size === undefined || size.by === 'settings') return {};
  if (size.by === 'qty') return { qty: size.qty };
  return size.by === 'notional' ? { notional: size.notional } : { sizing: size };
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
  const stop = stopTrigger(core, run, position);
  if (stop !== undefined) {
    const reason = stop === position.stopPrice ? 'stop_loss' : 'max_loss';
    send(core, run, reviewTrigger(position, 'stop', stop, qty, reason), cause);
  }
  const { targetPrice } = position;
  if (targetPrice !== undefined && !run.orders.some((order) => order.role === 'target')) {
    send(core, run, reviewTrigger(position, 'target', targetPrice, qty, 'take_profit'), cause);
  }
}

/** What protection covers: what is held and what may still fill of the entry. */
export function coverOf(run: Run, held: Qty): Qty {
  let qty: bigint = held;
  for (const order of run.orders) if (order.role === 'entry') qty += order.qty - order.filled;
  const { kind, step } = run.instrument;
  if (kind !== 'spot') return qty as Qty;
  // A fee in the base asset leaves no whole number of steps.
  const whole = toStep(qty, step, 'down');
  return (whole > 0n ? whole : qty) as Qty;
}

/** The nearer of the stop loss and the price at which the maximum loss is reached. */
export function stopTrigger(core: Core, run: Run, position: Position): Price | undefined {
  return protectivePriceOf(position.sign, position.stopPrice, lossPrice(core, run, position));
}

/** Where the maximum loss is reached, undefined where the position has none. */
export function lossPrice(core: Core, run: Run, position: Position): Price | undefined {
  return position.lossMax === undefined ? undefined : lossTriggerOf(run, position, runAccount(core, run).costs);
}
