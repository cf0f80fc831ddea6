import type { Listing } from '../market.ts';
import type { Format } from './amount.ts';
import type { Cell, History } from './cell.ts';

/**
 * What a source tells, in order of time: data of the venue's own streams as JSON text, with the instants of the
 * stand-in's clock in it. `dueAt` is when the exchange's clock shows that it happened.
 */
export type Message =
  | { readonly kind: 'depth' | 'quote' | 'trade'; readonly id: string; readonly dueAt: number; readonly data: string }
  /** The whole book; it is not streamed. */
  | { readonly kind: 'snapshot'; readonly id: string; readonly dueAt: number; readonly data: string }
  /** The book as it must be from now on; it is streamed as one diff with these ids. */
  | {
      readonly kind: 'bridge';
      readonly id: string;
      readonly dueAt: number;
      readonly data: string;
      readonly firstId: number;
      readonly lastId: number;
    }
  /** A candle in which nothing was traded. */
  | { readonly kind: 'still'; readonly id: string; readonly dueAt: number; readonly cell: Cell };

/** Mark price, index price and the rate that is paid next, as text. */
export interface MarkNow {
  readonly mark: string;
  readonly index: string;
  readonly fundingRate: string;
}

/** A settlement of the past. */
export interface Settlement {
  readonly at: number;
  readonly rate: string;
  readonly mark: string;
}

/** Where a played market takes what it plays from. All instants are the stand-in's clock's. */
export interface Source {
  readonly kind: 'usdm' | 'spot';
  readonly listings: readonly Listing[];
  readonly formats: ReadonlyMap<string, Format>;
  /** Its clock shows this when the market is opened; what is due before is played at once. */
  readonly startAt: number;
  /** A trade may become known so long after the instant that it bears: candles close when that has passed. */
  readonly lateMs: number;
  readonly messages: () => Iterator<Message>;
  history(id: string): History | undefined;
  /** Undefined: the last trade price and a rate of 0.01 %. */
  mark?(id: string, at: number): MarkNow | undefined;
  funding?(id: string, from: number, to: number): readonly Settlement[];
}
