import { assert } from '../base/assert.ts';
import type { Money, Price, Qty } from '../base/decimal.ts';
import type { QuoteEvidence, SizeEvidence } from '../domain/evidence.ts';
import { opposite, type Side, sideOf, type TimeInForce } from '../domain/order.ts';
import type { Position } from '../domain/position.ts';
import { type Quote, spreadBps } from '../domain/quote.ts';
import type { Run } from '../domain/run.ts';
import {
  liquidationDenial,
  liquidationOf,
  lossDenial,
  lossMaxDenial,
  riskDenial,
  tierDenial,
  worthDenial,
} from './caps.ts';
import type { Denied } from './denial.ts';
import { crossDenial, dataDenial, farDenial, modeDenial, paceDenial, quoteDenial, stateDenial } from './gates.ts';
import type { EntryRequest, ReviewContext } from './request.ts';
import { type Sized, sizeOf } from './size.ts';
import { sideDenial, type Terms, termsOf, tickDenial, touchDenial } from './terms.ts';

declare const reviewed: unique symbol;

interface Reviewed {
  readonly ok: true;
  readonly side: Side;
  readonly qty: Qty;
  readonly tif: TimeInForce;
  readonly reason: string;
  /** Only this file makes one: an unreviewed order does not compile. */
  readonly [reviewed]: true;
}

/** An entry that may go. A `market` one with a `limit` is an IOC that never pays beyond it. */
export interface ApprovedEntry extends Reviewed {
  readonly role: 'entry';
  readonly type: 'market' | 'limit';
  readonly limit: Price | undefined;
  readonly reduceOnly: false;
  readonly postOnly: boolean;
  readonly stopPrice: Price | undefined;
  readonly targetPrice: Price | undefined;
  /** The loss in currency that forces a close. */
  readonly lossMax: Money | undefined;
  /** 1 R: the loss at the stop with all costs; without a stop the max loss, 0 without either. */
  readonly risk: Money;
  readonly margin: Money;
  /** There is no stop, by the word of the user or of the settings. */
  readonly waived: boolean;
  readonly size: SizeEvidence;
  readonly quote: QuoteEvidence;
}

/** An exit at market. It only reduces. */
export interface ApprovedExit extends Reviewed {
  readonly role: 'exit';
  readonly type: 'market';
  readonly limit: undefined;
  readonly reduceOnly: true;
  readonly postOnly: false;
}

/** What a venue may be given. */
export type Approved = ApprovedEntry | ApprovedExit | ApprovedTrigger;

/**
 * The one door of entries, by hand and by strategy: denied with the first reason, in the order state, side and leverage,
 * prices, size, post-only, margin and liquidation, risk, pace, data. Physical checks are always on, a limit only where
 * the run's settings have it. May clip a size by fraction or risk to the margin there is, and says what clipped it.
 */
export function review(request: EntryRequest, given: ReviewContext): ApprovedEntry | Denied {
  const { sign } = request;
  const context = wishedContext(request, given);
  const barred =
    stateDenial(context) ??
    modeDenial(request, context) ??
    quoteDenial(context) ??
    tickDenial(request, context.run.instrument) ??
    farDenial(request, context);
  if (barred !== undefined) return barred;
  const terms = termsOf(request, context);
  const misplaced = sideDenial(sign, terms);
  if (misplaced !== undefined) return misplaced;
  const sized = sizeOf(request, terms, context);
  if ('code' in sized) return sized;
  const isGuarded = context.run.risk.limits.liquidationBuffer !== undefined;
  const liquidation = isGuarded ? liquidationOf(sign, terms, sized.qty, context.run) : undefined;
  const refused =
    crossDenial(request, context) ??
    touchDenial(request, terms, context) ??
    tierDenial(sized, context) ??
    liquidationDenial(sign, terms, sized, liquidation, context) ??
    lossMaxDenial(request, terms, sized, context) ??
    riskDenial(terms, sized, context) ??
    worthDenial(sign, terms, context) ??
    lossDenial(context) ??
    paceDenial(context) ??
    dataDenial(request, context);
  return refused ?? approve(request, terms, sized, liquidation, context);
}

/** The run as this entry wants it: sized and leveraged by its own word, where it has one. */
export function wishedContext({ sizing, leverage }: EntryRequest, context: ReviewContext): ReviewContext {
  if (sizing === undefined && leverage === undefined) return context;
  const { run } = context;
  const risk = { ...run.risk, sizing: sizing ?? run.risk.sizing, leverage: leverage ?? run.risk.leverage };
  return { ...context, run: { ...run, risk } };
}

function approve(
  request: EntryRequest,
  terms: Terms,
  sized: Sized,
  liquidation: Price | undefined,
  context: ReviewContext,
): ApprovedEntry {
  const postOnly = request.postOnly === true;
  const type = request.limit === undefined ? 'market' : 'limit';
  return {
    ok: true,
    role: 'entry',
    type,
    side: sideOf(request.sign),
    qty: sized.qty,
    limit: terms.limit,
    reduceOnly: false,
    postOnly,
    tif: type === 'market' ? 'ioc' : postOnly ? 'gtx' : 'gtc',
    reason: request.reason,
    stopPrice: terms.stopPrice,
    targetPrice: terms.targetPrice,
    lossMax: terms.lossMax,
    risk: sized.risk,
    margin: sized.margin,
    waived: terms.stopPrice === undefined,
    size: sizeEvidence(request, terms, sized, liquidation, context),
    quote: quoteEvidence(context.quote, context.at),
  } as ApprovedEntry;
}

function sizeEvidence(
  request: EntryRequest,
  terms: Terms,
  sized: Sized,
  liquidation: Price | undefined,
  { equity, run }: ReviewContext,
): SizeEvidence {
  return {
    by: sized.by,
    equity,
    wanted: sized.wanted,
    entry: sized.by === 'risk' ? terms.fill : terms.entry,
    stopPrice: terms.stopPrice,
    targetPrice: terms.targetPrice,
    perUnit: terms.stopPrice === undefined ? undefined : terms.perUnit,
    notional: sized.notional,
    margin: sized.margin,
    risk: sized.risk,
    liquidation,
    lossMax: terms.lossMax,
    clippedBy: sized.clippedBy,
    leverage: request.limit === undefined && request.leverage === undefined ? undefined : run.risk.leverage,
  };
}

/** The quote as evidence, with its age at an instant. */
export function quoteEvidence(quote: Quote, at: number): QuoteEvidence {
  const { bid, ask, mid, mark, source } = quote;
  return { bid, ask, mid, mark, source, ageMs: at - quote.at + quote.lagMs, spreadBps: spreadBps(quote) };
}

/**
 * An exit is clipped to the position and rounded, never denied. Without `qty`, or with one that is not below the position,
 * all of it goes; a part goes in whole steps, at least one. Above `qtyMax` the largest order goes first: ask again for the
 * rest. On spot what is under a step (fees in the base asset) stays behind as dust, unless it is all there is.
 */
export function reviewExit(run: Run, position: Position, reason: string, qty?: Qty): ApprovedExit {
  assert(qty === undefined || qty > 0n, 'Invariant: an exit closes more than zero');
  return {
    ok: true,
    role: 'exit',
    type: 'market',
    side: sideOf(opposite(position.sign)),
    qty: exitQty(run, position, qty),
    limit: undefined,
    reduceOnly: true,
    postOnly: false,
    tif: 'ioc',
    reason,
  } as ApprovedExit;
}

function exitQty({ instrument }: Run, position: Position, asked: Qty | undefined): Qty {
  const { step, qtyMax, kind } = instrument;
  let size: bigint = position.qty;
  if (asked !== undefined && asked < size) size = stepsOf(asked, step) || (step < size ? step : size);
  else if (kind === 'spot') size = stepsOf(size, step) || size;
  if (qtyMax > 0n && size > qtyMax) size = stepsOf(qtyMax, step) || size;
  return size as Qty;
}

const stepsOf = (size: bigint, step: bigint): bigint => (size / step) * step;

/** A trigger that rests at the venue and only reduces: the stop or the target of a position. */
export interface ApprovedTrigger extends Reviewed {
  readonly role: 'stop' | 'target';
  readonly type: 'stop' | 'target';
  readonly limit: undefined;
  readonly trigger: Price;
  readonly reduceOnly: true;
  readonly postOnly: false;
}

/** Protection is never denied. It covers what may still fill of the entry; the venue clips it to what is held. */
export function reviewTrigger(
  position: Position,
  kind: 'stop' | 'target',
  trigger: Price,
  qty: Qty,
  reason: string,
): ApprovedTrigger {
  assert(qty > 0n && trigger > 0n, 'Invariant: protection has a size and a price');
  return {
    ok: true,
    role: kind,
    type: kind,
    side: sideOf(opposite(position.sign)),
    qty,
    limit: undefined,
    trigger,
    reduceOnly: true,
    postOnly: false,
    tif: 'gtc',
    reason,
  } as ApprovedTrigger;
}
