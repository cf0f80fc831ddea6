import type { Money, Price, Qty, Rate } from '../base/decimal.ts';
import type { Sign } from './order.ts';

/** `working` is the only one that counts as safe; `waived` needs the user's or the strategy's word. */
export type Protection = 'pending' | 'working' | 'lost' | 'waived';

/** A position that is absent is flat. The average price is a view: `cost / qty`. */
export interface Position {
  readonly sign: Sign;
  qty: Qty;
  /** Sum of price x quantity of what is held. */
  cost: Money;
  /** The venue's instant of the first fill. */
  readonly openedAt: number;
  /** The instant of the entry that opened it: what price did before was not watched. */
  readonly toldAt: number;
  /** The instant of the entry that changed it last. */
  changedAt: number;
  /** Fees and funding of this position so far (funding: received positive). */
  fees: Money;
  funding: Money;
  /** Booked by partial closes: gross of fees. */
  gross: Money;
  /** Quantity and value of the closing fills so far. */
  closedQty: Qty;
  closedCost: Money;
  closedValue: Money;
  /** The loss that the entry planned to risk (1 R), 0 where no stop was planned. */
  risk: Money;
  stopPrice?: Price | undefined;
  targetPrice?: Price | undefined;
  /** The loss in currency that forces a close. */
  lossMax?: Money | undefined;
  /** Where it differs from the run's setting: a position keeps the leverage it was opened with. */
  leverage?: Rate | undefined;
  protection: Protection;
  /** Seq of the entry that opened it. */
  readonly seq: number;
}

/**
 * A position with its keys in one order: what is undefined is left out of text, and a key that is set later would stand at
 * the end.
 */
export function positionInOrder(position: Position): Position {
  const { stopPrice, targetPrice, lossMax, leverage, protection, seq, ...known } = position;
  return { ...known, stopPrice, targetPrice, lossMax, leverage, protection, seq };
}
