import {
  approximate,
  divide,
  type Money,
  NO_QTY,
  notional,
  ONE,
  type Price,
  plus,
  type Qty,
  smaller,
} from '../base/decimal.ts';
import type { ClosedBody } from '../domain/events.ts';
import type { FillReport } from '../domain/input.ts';
import type { Position } from '../domain/position.ts';
import type { Run } from '../domain/run.ts';

/** Reach of price while the position was held; NaN where no whole candle was seen. */
export interface Reach {
  readonly high: number;
  readonly low: number;
}

/** What a closing fill does: the cost it releases, its value, and profit or loss before costs. */
export interface Release {
  readonly value: Money;
  readonly released: Money;
  readonly gross: Money;
}

/**
 * A partial close takes `cost x closed / qty`, rounded once; the rest stays, so the last close releases all.
 */
export function release(position: Position, fill: Qty, price: Price): Release {
  const value = notional(price, fill);
  const released = (
    fill === position.qty ? position.cost : divide(position.cost * fill, position.qty, 'down')
  ) as Money;
  const gross = (position.sign === 1 ? value - released : released - value) as Money;
  return { value, released, gross };
}

/**
 * The trade that the last closing fill completes: `pnl = gross - fees + funding`, gross that of the quantity that was sold.
 * What is left under a step (fees in the base asset) is written off: a cost like the fee that left it.
 */
export function closedTrade(run: Run, report: FillReport, reason: string, balance: Money, reach: Reach): ClosedBody {
  const position = run.position as Position;
  const { value, released, gross } = release(position, smaller(position.qty, report.fill), report.price);
  const dust = report.fill === position.qty ? NO_QTY : ((position.qty - report.fill) as Qty);
  const fee = dust > 0n ? ((report.fee + position.cost - released) as Money) : report.fee;
  const qty = plus(position.closedQty, report.fill);
  const entryValue = plus(position.closedCost, released);
  const exitValue = plus(position.closedValue, value);
  const fees = plus(position.fees, fee);
  const grossAll = plus(position.gross, gross);
  const pnl = plus((grossAll - fees) as Money, position.funding);
  const entryPrice = average(entryValue, qty);
  const { mae, mfe } = excursion(position, approximate(entryPrice), approximate(qty), approximate(report.price), reach);
  return {
    order: report.order,
    fill: report.fill,
    price: report.price,
    fee,
    balance: (balance + gross - fee) as Money,
    side: position.sign === 1 ? 'long' : 'short',
    qty,
    entryAt: position.openedAt,
    exitAt: report.venueAt,
    entryPrice,
    exitPrice: position.closedQty === 0n ? report.price : average(exitValue, qty),
    entryValue,
    exitValue,
    gross: grossAll,
    fees,
    funding: position.funding,
    pnl,
    r: position.risk > 0n ? Number(pnl) / Number(position.risk) : null,
    mae,
    mfe,
    reason,
    dust: dust > 0n ? dust : undefined,
  };
}

const average = (value: Money, qty: Qty): Price => ((value * ONE) / qty) as Price;

/**
 * Worst and best open profit or loss before costs, over every whole candle that was held and the exit itself. What the
 * candle of the exit did beyond the exit price was no longer ours.
 */
function excursion(
  position: Position,
  entry: number,
  qty: number,
  exit: number,
  reach: Reach,
): { mae: number; mfe: number } {
  const top = Math.max(entry, exit, Number.isNaN(reach.high) ? entry : reach.high);
  const bottom = Math.min(entry, exit, Number.isNaN(reach.low) ? entry : reach.low);
  const up = (top - entry) * qty;
  const down = (bottom - entry) * qty;
  return position.sign === 1 ? { mae: down, mfe: up } : { mae: 0 - up, mfe: 0 - down };
}
