import {
  divide,
  larger,
  type Money,
  ONE,
  type Price,
  priceOf,
  type Qty,
  type Rate,
  smaller,
  text,
  times,
  toStep,
} from '../base/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import { type Order, signOf } from '../domain/order.ts';
import type { Run } from '../domain/run.ts';
import type { Costs } from '../domain/settings.ts';
import { type Denied, deny } from './denial.ts';
import type { EntryRequest, ReviewContext } from './request.ts';
import { raise } from './rounding.ts';
import { qtyByNotional, qtyByRisk } from './sizing.ts';
import { dustOf, exitSlippage, feeRateIn, type Terms } from './terms.ts';

/** A size and what it means, in the account's asset. */
export interface Sized {
  readonly by: 'fraction' | 'risk' | 'qty' | 'notional';
  /** What was asked for: a notional, or (by risk) the money to lose. */
  readonly wanted: Money;
  readonly qty: Qty;
  readonly notional: Money;
  readonly margin: Money;
  readonly risk: Money;
  readonly clippedBy: 'free_margin' | 'reserved_account' | 'reserved_run' | undefined;
}

type Size = Pick<Sized, 'by' | 'wanted' | 'qty'>;

/** Sizes an entry, clips it to the margin there is, and holds it against the instrument's minimums. */
export function sizeOf(request: EntryRequest, terms: Terms, context: ReviewContext): Sized | Denied {
  const size = wantedSize(request, terms, context);
  if ('code' in size) return size;
  const exact = terms.entry * size.qty;
  const notional = raise(exact) as Money;
  const refusal = minimumDenial(size.qty, notional, context);
  if (refusal !== undefined) return refusal;
  // A spot buy binds what it may cost at worst; a contract binds a share of its notional.
  const bound = context.run.instrument.kind === 'spot' ? (terms.limit ?? terms.fill) : terms.entry;
  const { leverage } = context.run.risk;
  const margin = marginOf(bound === terms.entry ? exact : size.qty * bound, leverage);
  const room = roomOf(context);
  const free = freeOf(request, terms, context);
  if (margin > room.margin || takenOf(size.qty, free) > free.left)
    return clip(size, bound, { margin, room, free }, terms, context);
  const { by, wanted, qty } = size;
  return { by, wanted, qty, notional, margin, risk: riskOf(qty, terms), clippedBy: undefined };
}

function wantedSize(request: EntryRequest, terms: Terms, { run, account, equity }: ReviewContext): Size | Denied {
  const { sizing } = run.risk;
  const { step, assetStep } = run.instrument;
  if (request.notional !== undefined) {
    const wanted = request.notional;
    return { by: 'notional', wanted, qty: qtyByNotional(wanted, terms.entry, step) };
  }
  if (request.qty !== undefined || sizing.by === 'qty') {
    const asked = request.qty ?? (sizing as { readonly qty: Qty }).qty;
    const qty = ((asked / step) * step) as Qty;
    return { by: 'qty', wanted: raise(terms.entry * asked) as Money, qty };
  }
  if (sizing.by === 'fraction') {
    const wanted = ((account.balance * sizing.fraction) / ONE) as Money;
    return { by: 'fraction', wanted, qty: qtyByNotional(wanted, terms.entry, step) };
  }
  if (terms.stopPrice === undefined) {
    return deny('STOP_REQUIRED', { expected: 'a stop, because the size follows from its distance', found: 'none' });
  }
  const wanted = ((equity * sizing.risk) / ONE) as Money;
  const budget = (wanted - dustOf(terms, run.instrument)) as Money;
  return { by: 'risk', wanted, qty: qtyByRisk(budget, terms.perUnit, step, assetStep) };
}

function minimumDenial(qty: Qty, notional: Money, { run }: ReviewContext): Denied | undefined {
  const { step, qtyMin, qtyMax, notionalMin } = run.instrument;
  if (qty < qtyMin || qty <= 0n) {
    const least = larger(qtyMin, step);
    return deny('QUANTITY_BELOW_MINIMUM', { expected: `at least ${text(least)}`, found: text(qty) });
  }
  if (qtyMax > 0n && qty > qtyMax) {
    return deny('QUANTITY_ABOVE_MAXIMUM', { expected: `at most ${text(qtyMax)}`, found: text(qty) });
  }
  if (notional >= notionalMin) return undefined;
  return deny('NOTIONAL_BELOW_MINIMUM', { expected: `at least ${text(notionalMin)}`, found: text(notional) });
}

/** `value`: what is bound, with 36 digits. */
function marginOf(value: bigint, leverage: Rate): Money {
  return (leverage === ONE ? raise(value) : divide(value, leverage, 'up')) as Money;
}

/**
 * The stop's loss, rounded up; without a stop the max loss, and 0 where nothing is planned. What a fee in the coin may leave
 * under a step is no part of it: a size by risk sets that aside.
 */
function riskOf(qty: Qty, { stopPrice, perUnit, lossMax }: Terms): Money {
  if (stopPrice === undefined) return lossMax ?? (0n as Money);
  return raise(qty * perUnit) as Money;
}

interface Room {
  readonly margin: Money;
  readonly by: 'free_margin' | 'reserved_account' | 'reserved_run';
}

/** The margin that one more entry may bind, and what says so. */
function roomOf(context: ReviewContext): Room {
  const { account, equity, reservedAccount, reservedRun, run } = context;
  const { limits } = run.risk;
  let margin: bigint = account.balance - reservedAccount;
  let by: Room['by'] = 'free_margin';
  if (limits.reservedAccount !== undefined) {
    const left = times(equity, limits.reservedAccount, 'floor') - reservedAccount;
    if (left < margin) {
      margin = left;
      by = 'reserved_account';
    }
  }
  if (limits.reservedRun !== undefined) {
    const left = times(equity, limits.reservedRun, 'floor') - reservedRun;
    if (left < margin) {
      margin = left;
      by = 'reserved_run';
    }
  }
  return { margin: margin as Money, by };
}

/** What one unit of an entry takes of the balance at worst: its margin there, and its fee. */
interface Unit {
  readonly price: Price;
  /** On spot a buy pays its fee of what it bought. */
  readonly feeRate: Rate;
  readonly leverage: Rate;
  readonly assetStep: Money;
}

/** The balance that nothing binds, and what takes of it. */
interface Free extends Unit {
  readonly left: Money;
}

/** What may still fill of an entry takes at worst, by the costs that its account reckons with. */
export function takenByRest({ instrument, risk }: Run, order: Order, costs: Costs): Money {
  const { qty, filled, side, type, limit, mid, postOnly, size } = order;
  const { tick, assetStep } = instrument;
  const isBuy = signOf(side) === 1;
  const price = isBuy
    ? (limit ?? toStep(times(priceOf(mid), ONE + exitSlippage(costs), 'ceil') as Price, tick, 'ceil'))
    : larger(limit ?? (0n as Price), priceOf(mid));
  const feeRate = feeRateOf(instrument, feeRateIn(costs, type === 'limit', postOnly));
  const leverage = instrument.kind === 'spot' ? (ONE as Rate) : (size?.leverage ?? risk.leverage);
  return takenOf((qty - filled) as Qty, { price, feeRate, leverage, assetStep });
}

const feeRateOf = ({ kind }: Instrument, rate: Rate): Rate => (kind === 'spot' || rate < 0n ? (0n as Rate) : rate);

function freeOf({ sign }: EntryRequest, { entry, fill, limit, feeIn }: Terms, context: ReviewContext): Free {
  const { account, reservedAccount, pledged, quote, run } = context;
  return {
    left: (account.balance - reservedAccount - pledged) as Money,
    // A short that sells dearer binds more.
    price: sign === 1 ? (limit ?? fill) : larger(entry, priceOf(quote.bid)),
    feeRate: feeRateOf(run.instrument, feeIn),
    leverage: run.risk.leverage,
    assetStep: run.instrument.assetStep,
  };
}

function takenOf(qty: Qty, { price, feeRate, leverage, assetStep }: Unit): Money {
  const value = qty * price;
  const margin = marginOf(value, leverage);
  if (feeRate === 0n) return margin;
  return (margin + toStep(raise(raise(value) * feeRate), assetStep, 'up')) as Money;
}

/** The quantity that takes no more than `left`, with 18 digits: margin and fee of one unit are `price / leverage + fee x price`. */
function mostOf(left: bigint, { price, feeRate, leverage, assetStep }: Unit): bigint {
  if (feeRate === 0n) return left > 0n ? (left * leverage) / price : 0n;
  // The fee is rounded up when it is booked.
  const rest = left - assetStep - 1n;
  return rest > 0n ? (rest * leverage * ONE * ONE) / (price * (ONE * ONE + feeRate * leverage)) : 0n;
}

interface Crowded {
  readonly margin: Money;
  readonly room: Room;
  readonly free: Free;
}

/** A size that was asked by quantity or notional is a person's number: it is denied, with the largest that fits, never changed. */
function clip(
  size: Size,
  bound: Price,
  { margin, room, free }: Crowded,
  terms: Terms,
  context: ReviewContext,
): Sized | Denied {
  const { step } = context.run.instrument;
  const inRoom = mostOf(room.margin, { ...free, price: bound, feeRate: 0n as Rate });
  const inFree = mostOf(free.left, free);
  const isFree = room.by === 'free_margin' || inFree < inRoom;
  const most = smaller(inRoom, inFree);
  const qty = smaller(size.qty, (most - (most % step)) as Qty);
  const notional = raise(terms.entry * qty) as Money;
  const small = minimumDenial(qty, notional, context) !== undefined;
  if (small || size.by === 'qty' || size.by === 'notional') {
    const short = isFree
      ? { by: 'free_margin' as const, left: free.left, taken: takenOf(size.qty, free) }
      : { by: room.by, left: room.margin, taken: margin };
    return roomDenial({ ...short, fits: small ? undefined : qty }, context);
  }
  return {
    ...size,
    qty,
    notional,
    margin: marginOf(qty * bound, free.leverage),
    risk: riskOf(qty, terms),
    clippedBy: isFree ? 'free_margin' : room.by,
  };
}

interface Shortage {
  readonly by: Room['by'];
  readonly left: Money;
  readonly taken: bigint;
  readonly fits: Qty | undefined;
}

function roomDenial({ by, left, taken, fits }: Shortage, { account }: ReviewContext): Denied {
  const isFree = by === 'free_margin';
  return deny(isFree ? 'MARGIN_INSUFFICIENT' : 'RESERVED_ABOVE_MAX', {
    expected: `at most ${text(left > 0n ? left : 0n)} ${account.asset} of margin${isFree ? ' and fee' : ''} (${by})`,
    found: `${text(taken)} ${account.asset}`,
    ...(fits === undefined ? {} : { fix: `ask for at most ${text(fits)}, raise the leverage, or close something` }),
  });
}
