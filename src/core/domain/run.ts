import type { Money, Price, Qty, Rate } from '../base/decimal.ts';
import type { DraftSize } from './frame.ts';
import type { Instrument } from './instrument.ts';
import { type Order, orderInOrder, type Side, type Sign } from './order.ts';
import { type Position, positionInOrder } from './position.ts';
import type { RiskSettings } from './settings.ts';

/** -1 sell, 0 hold, +1 buy. */
export type SignalSide = -1 | 0 | 1;

/** The last signal that was raised. `startedAt` is the close of the first candle on this side. */
export interface SignalState {
  side: SignalSide;
  votes: readonly number[];
  startedAt: number;
  ready: boolean;
  seq: number;
}

/** The human's run of a symbol: it has no opinion and holds the lease only while it has something. */
export const MANUAL = 'manual';

/** What a person wants of one entry; what is left out comes from the run's settings. */
export interface EntryWishes {
  readonly size?: DraftSize | undefined;
  /** A limit order, which rests until it is filled or cancelled; a market entry without it. */
  readonly limit?: Price | undefined;
  readonly postOnly?: boolean | undefined;
  readonly stopPrice?: Price | undefined;
  readonly targetPrice?: Price | undefined;
  readonly leverage?: Rate | undefined;
}

/** What waits for the next quote: an entry that a signal or a person asked for, or a close with its reason. */
export type Pending =
  | {
      readonly kind: 'enter';
      /** `signal`, `manual`, ... */
      readonly reason: string;
      readonly sign: Sign;
      readonly cause: number;
      readonly at: number;
      readonly stopDistance: number | null;
      readonly noStop?: boolean | undefined;
      readonly wishes?: EntryWishes | undefined;
    }
  | {
      readonly kind: 'close';
      readonly reason: string;
      readonly cause: number;
      readonly at: number;
      /** A part; all of it where it is left out. */
      readonly qty?: Qty | undefined;
    };

/** The open leg of a flip that waits for its closing fill. */
export interface Flip {
  readonly sign: Sign;
  readonly cause: number;
  readonly at: number;
  readonly stopDistance: number | null;
  /** Seq of `position_closed` once the first leg is done. */
  readonly closed?: number | undefined;
  readonly noStop?: boolean | undefined;
  readonly wishes?: EntryWishes | undefined;
}

/** What was taken from the touch of a quote: the venue shows it no more until a fresh one. */
export interface Taken {
  readonly at: number;
  /** It came before a quote of the same instant: the answer to an order that had been on its way. */
  readonly isEarly: boolean;
  readonly side: Side;
  readonly qty: Qty;
}

/** What a run held from an instant of the venue on, by the entry of that seq; `qty` is 0 where that closed it. */
export interface Holding {
  readonly at: number;
  readonly sign: Sign;
  readonly qty: Qty;
  readonly seq: number;
}

export type RunState = 'OFF' | 'OBSERVING' | 'RUNNING' | 'PAUSED';

/** One deployment of a strategy on one account and one symbol. It outlives restarts. */
export interface Run {
  readonly run: number;
  readonly account: string;
  readonly symbol: string;
  readonly strategy: string;
  /** The version that its opinions are of; another one is recorded when trading resumes with it. */
  strategyVersion: number;
  readonly params: Readonly<Record<string, number | string | boolean>>;
  readonly timeframeMs: number;
  readonly higherMs: number;
  readonly seed: number;
  readonly startedAt: number;
  instrument: Instrument;
  readonly observe: boolean;
  risk: RiskSettings;
  state: RunState;
  warmedUp: boolean;
  signal: SignalState;
  pending?: Pending | undefined;
  flip?: Flip | undefined;
  position?: Position | undefined;
  orders: Order[];
  ordersMade: number;
  /** The last fills on quotes, newest last. */
  readonly taken: Taken[];
  /** The last changes of its position, oldest first: who pays a settlement that is told late. None on spot. */
  readonly holdings: Holding[];
  /** Sums over the run: gross of closed quantity, fees paid, funding received. */
  gross: Money;
  fees: Money;
  funding: Money;
  trades: number;
  entriesToday: number;
  flipsToday: number;
  stopsToday: number;
  stopsInRow: number;
  /** Entries are off until then; 0 for none. */
  cooldownUntil: number;
  lastFlipAt: number;
  lastDenial?: { readonly code: string; readonly at: number; readonly seq: number } | undefined;
  lastFundingAt: number;
  /** The venue does not trade the symbol now; absent where it does. */
  marketStatus?: 'halted' | 'delisted' | undefined;
}

/** The run of a hand that has nothing: it stays for the next order, and is not meant where another run may be. */
export const isIdleHand = ({ strategy, position, orders, pending }: Run): boolean =>
  strategy === MANUAL && position === undefined && orders.length === 0 && pending === undefined;

/** What a run's position is leveraged by: its own where it was given one, else the run's setting. */
export const leverageOf = (run: Run): Rate => run.position?.leverage ?? run.risk.leverage;

/** Snapshots before version 6 have no holdings. */
type StoredRun = Omit<Run, 'holdings'> & Partial<Pick<Run, 'holdings'>>;

/**
 * A run with its keys in the order in which `run_started` makes them: what is undefined is left out of text, and a key
 * that is set later would stand at the end, so that equal states had unequal texts.
 */
export function inOrder(run: StoredRun): Run {
  const { pending, flip, position, lastDenial, lastFundingAt, marketStatus, ...known } = run;
  const { orders, ordersMade, taken, holdings = [], gross, fees, funding, trades, ...counts } = known;
  const { entriesToday, flipsToday, stopsToday, stopsInRow, cooldownUntil, lastFlipAt, ...head } = counts;
  const sums = { orders: orders.map(orderInOrder), ordersMade, taken, holdings, gross, fees, funding, trades };
  const today = { entriesToday, flipsToday, stopsToday, stopsInRow, cooldownUntil, lastFlipAt };
  const held = position === undefined ? undefined : positionInOrder(position);
  return { ...head, pending, flip, position: held, ...sums, ...today, lastDenial, lastFundingAt, marketStatus };
}
