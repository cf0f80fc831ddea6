import { divide, larger, type Money, ONE, type Price, type Qty, smaller, text, times } from '../base/decimal.ts';
import { type Denied, deny } from './denial.ts';
import type { EntryRequest, ReviewContext } from './request.ts';
import { raise } from './rounding.ts';
import { qtyByNotional, qtyByRisk } from './sizing.ts';
import type { Terms } from './terms.ts';

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
  const margin = marginOf(bound === terms.entry ? exact : size.qty * bound, context);
  const room = roomOf(context);
  if (margin > room.margin) return clip(size, bound, margin, room, terms, context);
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
  return { by: 'risk', wanted, qty: qtyByRisk(wanted, terms.perUnit, step, assetStep) };
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
function marginOf(value: bigint, { run }: ReviewContext): Money {
  const { leverage } = run.risk;
  return (leverage === ONE ? raise(value) : divide(value, leverage, 'up')) as Money;
}

/** The stop's loss, rounded up; without a stop the max loss, and 0 where nothing is planned. */
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

/** A size that was asked by quantity or notional is a person's number: it is denied, with the largest that fits, never changed. */
function clip(
  size: Size,
  bound: Price,
  margin: Money,
  room: Room,
  terms: Terms,
  context: ReviewContext,
): Sized | Denied {
  const { instrument, risk } = context.run;
  const fits = room.margin > 0n ? room.margin : 0n;
  const most = (((fits * risk.leverage) / (bound * instrument.step)) * instrument.step) as Qty;
  const qty = smaller(size.qty, most);
  const notional = raise(terms.entry * qty) as Money;
  const small = minimumDenial(qty, notional, context) !== undefined;
  if (small || size.by === 'qty' || size.by === 'notional')
    return roomDenial(room, margin, small ? undefined : qty, context);
  return {
    ...size,
    qty,
    notional,
    margin: marginOf(qty * bound, context),
    risk: riskOf(qty, terms),
    clippedBy: room.by,
  };
}

function roomDenial(room: Room, margin: Money, fits: Qty | undefined, { account }: ReviewContext): Denied {
  const code = room.by === 'free_margin' ? 'MARGIN_INSUFFICIENT' : 'RESERVED_ABOVE_MAX';
  const left = room.margin > 0n ? room.margin : 0n;
  return deny(code, {
    expected: `at most ${text(left)} ${account.asset} of margin (${room.by})`,
    found: `${text(margin)} ${account.asset}`,
    ...(fits === undefined ? {} : { fix: `ask for at most ${text(fits)}, raise the leverage, or close something` }),
  });
}
