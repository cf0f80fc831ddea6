import type { Price, Qty } from '../base/decimal.ts';
import type { SizeEvidence } from './evidence.ts';

export type Side = 'buy' | 'sell';
/** +1 long or buy, -1 short or sell. */
export type Sign = 1 | -1;
/** What an order is for. `entry` opens or increases; all others only reduce. */
export type Role = 'entry' | 'exit' | 'stop' | 'target' | 'plan';
/** `stop` and `target` are triggers that fill at market; `market` entries go as IOC limits with a slippage cap. */
export type OrderType = 'market' | 'limit' | 'stop' | 'target';
export type TimeInForce = 'gtc' | 'ioc' | 'gtx';
/**
 * `intended` is durable and on its way; `working` is acknowledged by the venue; `canceling` waits for the venue's word;
 * `unknown` is not provably rejected and counts as live. Terminal orders leave the list.
 */
export type OrderStatus = 'intended' | 'working' | 'canceling' | 'unknown';

/** An order that may still fill. It is numbered within its run; the venue's client id is made from its intent's address. */
export interface Order {
  readonly order: number;
  readonly role: Role;
  readonly type: OrderType;
  readonly side: Side;
  readonly qty: Qty;
  readonly limit?: Price | undefined;
  readonly trigger?: Price | undefined;
  readonly reduceOnly: boolean;
  readonly postOnly: boolean;
  readonly tif: TimeInForce;
  /** Why it exists: `signal`, `flip`, `stop_loss`, `take_profit`, `max_loss`, `manual`, ... */
  readonly reason: string;
  readonly key?: string | undefined;
  status: OrderStatus;
  filled: Qty;
  readonly intendedAt: number;
  /** The instant at which the venue was told or asked something of it last: the order, its end, its fate. */
  askedAt: number;
  /** Seq of the entry that says so, where that is not its intent: what was asked at one instant was asked in this order. */
  askedSeq?: number | undefined;
  /** The mid that decided it, for slippage. */
  readonly mid: number;
  readonly seq: number;
  /** The terms it was sized by (entries). */
  readonly size?: SizeEvidence | undefined;
}

/** Does it rest at the venue? One that is asked back rests until that is answered. */
export const isResting = ({ status }: Order): boolean => status === 'working' || status === 'canceling';

export const signOf = (side: Side): Sign => (side === 'buy' ? 1 : -1);
export const sideOf = (sign: Sign): Side => (sign === 1 ? 'buy' : 'sell');
export const opposite = (sign: Sign): Sign => (sign === 1 ? -1 : 1);

/** An order with its keys in one order, as `positionInOrder` does it: only `askedSeq` is set later. */
export function orderInOrder({ askedSeq, mid, seq, size, ...known }: Order): Order {
  return { ...known, askedSeq, mid, seq, size };
}
