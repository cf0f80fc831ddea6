import type { Qty } from '../../base/decimal.ts';
import type { DepthRow } from '../../domain/frame.ts';
import type { BookInput, MarkInput, QuoteInput } from '../../domain/input.ts';
import type { Side } from '../../domain/order.ts';

/** What the venue's own book shows of one symbol. `streamed`: bid and ask with sizes are known, and each leg meets them. */
export interface Touch {
  streamed: boolean;
  bid: number;
  ask: number;
  /** What is left at the touch until a fresh quote. */
  bidQty: number;
  askQty: number;
  mark: number;
  at: number;
  /** Levels of the book, best first, with what is left of them; empty where none is known. */
  bids: Level[];
  asks: Level[];
  bookAt: number;
  open(price: number, at: number): void;
  take(input: QuoteInput | MarkInput | BookInput): void;
}

export interface Level {
  readonly price: number;
  left: number;
}

const levels = (rows: readonly DepthRow[]): Level[] => rows.map(([price, left]) => ({ price, left }));

export function unknownTouch(): Touch {
  const touch: Touch = {
    streamed: false,
    bid: Number.NaN,
    ask: Number.NaN,
    bidQty: Number.POSITIVE_INFINITY,
    askQty: Number.POSITIVE_INFINITY,
    mark: Number.NaN,
    at: Number.NEGATIVE_INFINITY,
    bids: [],
    asks: [],
    bookAt: Number.NEGATIVE_INFINITY,
    open(price, at) {
      if (touch.streamed) return;
      touch.bid = price;
      touch.ask = price;
      touch.at = at;
    },
    take(input) {
      if (input.kind === 'mark') {
        touch.mark = input.price;
        return;
      }
      if (input.kind === 'book') {
        touch.bids = levels(input.bids);
        touch.asks = levels(input.asks);
        touch.bookAt = input.at;
        return;
      }
      touch.streamed = true;
      touch.bid = input.bid;
      touch.ask = input.ask;
      touch.bidQty = input.bidQty;
      touch.askQty = input.askQty;
      touch.at = input.at;
    },
  };
  return touch;
}

/** Takes a fill off the side that it met. */
export function shrink(touch: Touch, side: Side, fill: Qty): void {
  const size = Number(fill) / 1e18;
  if (side === 'buy') touch.askQty = Math.max(0, touch.askQty - size);
  else touch.bidQty = Math.max(0, touch.bidQty - size);
}
