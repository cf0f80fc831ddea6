import { larger, ONE, toStep } from '../../base/decimal.ts';
import type { Levels, Listing } from '../market.ts';
import { type Format, fixed } from './amount.ts';
import { changesOf } from './book.ts';
import type { Message } from './message.ts';
import { mixed } from './path.ts';
import { depthData, quoteData, tradeData } from './words.ts';

const LEVELS = 25;
/** Levels lie so far apart: a hundredth of a percent. */
const GAP_PART = 10_000n;
/** What usually rests at a price, in the quote asset. */
const LEVEL_VALUE = 20_000n * ONE;
type Kind = 'usdm' | 'spot';
type Level = readonly [price: string, qty: string];

/** Writes messages for a market that has none of its own: it numbers updates and trades, and keeps what the book was. */
export class Maker {
  readonly #kind: Kind;
  readonly #id: string;
  readonly #listing: Listing;
  readonly #format: Format;
  readonly #tick: bigint;
  #updateId = 1_000;
  #tradeId = 1_000;
  #bids: Levels = [];
  #asks: Levels = [];

  constructor(kind: Kind, listing: Listing, format: Format) {
    this.#kind = kind;
    this.#id = listing.id;
    this.#listing = listing;
    this.#format = format;
    this.#tick = 10n ** BigInt(18 - format.price);
    if (listing.instrument.tick > this.#tick) this.#tick = listing.instrument.tick;
  }

  /** The smallest amount that is told. */
  get grain(): bigint {
    return 10n ** BigInt(18 - this.#format.qty);
  }

  get isBegun(): boolean {
    return this.#bids.length > 0;
  }

  snapshot(at: number, bids: Levels, asks: Levels): Message {
    this.#bids = bids;
    this.#asks = asks;
    const data = JSON.stringify({ lastUpdateId: this.#updateId, bids, asks });
    return { kind: 'snapshot', id: this.#id, dueAt: at, data };
  }

  /** What turned the book into this one: a diff, and the best prices. Nothing where nothing changed. */
  *book(at: number, bids: Levels, asks: Levels): Generator<Message> {
    const changes = [changesOf(this.#bids, bids), changesOf(this.#asks, asks)] as const;
    if (changes[0].length + changes[1].length === 0) return;
    const previousId = this.#updateId;
    this.#updateId += changes[0].length + changes[1].length;
    this.#bids = bids;
    this.#asks = asks;
    const of = { id: this.#id, at, firstId: previousId + 1, lastId: this.#updateId, previousId };
    yield { kind: 'depth', id: this.#id, dueAt: at, data: depthData(this.#kind, of, ...changes) };
    const [bid, ask] = [bids[0], asks[0]];
    if (bid === undefined || ask === undefined) return;
    const data = quoteData(this.#kind, { id: this.#id, at, updateId: this.#updateId }, bid, ask);
    yield { kind: 'quote', id: this.#id, dueAt: at, data };
  }

  trade(at: number, of: { readonly price: bigint; readonly qty: bigint; readonly isBuyerMaker: boolean }): Message {
    const { isBuyerMaker } = of;
    const price = fixed(of.price, this.#format.price);
    const qty = fixed(of.qty, this.#format.qty);
    const data = tradeData(this.#kind, { id: this.#id, at, tradeId: ++this.#tradeId, price, qty, isBuyerMaker });
    return { kind: 'trade', id: this.#id, dueAt: at, data };
  }

  /** A book in which a trade at `price` is the best ask where a taker buys, else the best bid. */
  around(price: bigint, isRising: boolean, turn: number): readonly [bids: Levels, asks: Levels] {
    const bid = isRising ? price - this.#tick : price;
    return [this.#side(bid, -1n, turn), this.#side(bid + this.#tick, 1n, turn)];
  }

  /** Deeper levels lie on a fixed grid, so that a diff is small. */
  #side(best: bigint, sign: 1n | -1n, turn: number): Levels {
    const gap = larger(this.#tick, toStep(best / GAP_PART, this.#tick, 'down'));
    const levels: Level[] = [this.#level(best, turn)];
    let price = sign < 0n ? ((best - 1n) / gap) * gap : (best / gap + 1n) * gap;
    for (; levels.length < LEVELS && price > 0n; price += sign * gap) levels.push(this.#level(price, 0));
    return levels;
  }

  #level(price: bigint, turn: number): Level {
    const { step } = this.#listing.instrument;
    const part = BigInt(20 + (mixed(Number(price % 1_000_000_007n), turn) % 160));
    const usual = price <= 0n ? step : (LEVEL_VALUE * ONE * part) / (100n * price);
    const qty = larger(step, toStep(usual, step, 'down'));
    return [fixed(price, this.#format.price), fixed(qty, this.#format.qty)];
  }
}
