import { fromNumber } from '../../base/decimal.ts';
import type { Levels, Listing, SandboxClock, SandboxMarket } from '../market.ts';
import { type Format, fixed, formatOf } from './amount.ts';
import { type CandleColumns, historyOf } from './candle-rows.ts';
import { Maker } from './maker.ts';
import { merged } from './merge.ts';
import type { Message, Settlement, Source } from './message.ts';
import { PlayedMarket } from './played.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './span.ts';

const LEVELS = 50;
/** Candles that lie before the present. */
const HISTORY_MS = 31 * DAY_MS;

/** One symbol of a market that is computed: every answer is a function of the instant. */
export interface SyntheticSource {
  readonly listing: Listing;
  readonly priceDigits: number;
  readonly qtyDigits: number;
  /** The book is looked at every so many ms. */
  readonly stepMs: number;
  /** Nothing is asked of an earlier instant. */
  readonly oldestAt: number;
  depth(
    at: number,
    levels: number,
  ): {
    readonly bidPrice: ArrayLike<number>;
    readonly bidQty: ArrayLike<number>;
    readonly askPrice: ArrayLike<number>;
    readonly askQty: ArrayLike<number>;
  };
  /** Trades in `[from, to)`, in order of time. */
  trades(
    from: number,
    to: number,
  ): {
    readonly length: number;
    readonly at: ArrayLike<number>;
    readonly price: ArrayLike<number>;
    readonly qty: ArrayLike<number>;
    readonly buyerIsMaker: ArrayLike<number>;
  };
  /** The 1m candles that open in `[from, to)`. */
  candles(from: number, to: number): CandleColumns;
  mark(at: number): number;
  /** The rate paid at a settlement, exact decimal text. */
  fundingRate(settledAt: number): string;
}

/** A computed market, without an end, from now on; a month of its candles is history. */
export function openSynthetic(options: {
  readonly kind: 'usdm' | 'spot';
  readonly symbols: readonly SyntheticSource[];
  readonly clock: SandboxClock;
  readonly speed?: number;
  /** Where its clock begins; now where it is left out. */
  readonly startAt?: number;
}): SandboxMarket {
  const { kind, symbols, clock, speed = 1 } = options;
  const startAt = options.startAt ?? clock.wall();
  const presentAt = Math.floor(startAt / MINUTE_MS) * MINUTE_MS;
  const formats = new Map(
    symbols.map(({ listing, priceDigits, qtyDigits }) => {
      return [listing.id, formatOf(kind, listing, { price: priceDigits, qty: qtyDigits })] as const;
    }),
  );
  const byId = new Map(symbols.map((one) => [one.listing.id, one]));
  const source: Source = {
    kind,
    listings: symbols.map(({ listing }) => listing),
    formats,
    startAt,
    lateMs: 0,
    messages: () =>
      merged(symbols.map((one) => messagesOf(one, formats.get(one.listing.id) as Format, { kind, presentAt }))),
    history(id) {
      const one = byId.get(id);
      const from = Math.ceil(Math.max(one?.oldestAt ?? presentAt, presentAt - HISTORY_MS) / MINUTE_MS) * MINUTE_MS;
      const columns = one?.candles(from, presentAt);
      return columns && historyOf(columns, MINUTE_MS, { rows: columns.openAt.length, shiftMs: 0 });
    },
    mark(id, at) {
      const one = byId.get(id);
      return one && markOf(one, formats.get(id) as Format, at);
    },
    funding: (id, from, to) => settlementsOf(byId.get(id), formats.get(id), from, to),
  };
  return new PlayedMarket(source, { clock, speed });
}

/** The rate that is told is the one that was settled last: the next one is not known before its time. */
function markOf(one: SyntheticSource, { price }: Format, at: number): ReturnType<NonNullable<Source['mark']>> {
  const everyMs = one.listing.fundingHours * HOUR_MS;
  if (everyMs === 0) return undefined;
  const mark = fixed(fromNumber(one.mark(at)), price);
  return { mark, index: mark, fundingRate: rateAt(one, Math.floor(at / everyMs) * everyMs) };
}

function settlementsOf(
  one: SyntheticSource | undefined,
  format: Format | undefined,
  from: number,
  to: number,
): readonly Settlement[] {
  const rows: Settlement[] = [];
  if (one === undefined || format === undefined) return rows;
  const everyMs = one.listing.fundingHours * HOUR_MS;
  for (let at = Math.ceil(from / everyMs) * everyMs; at <= to; at += everyMs) {
    rows.push({ at, rate: rateAt(one, at), mark: fixed(fromNumber(one.mark(at)), format.price) });
  }
  return rows;
}

/** Rates are known at 00:00, 08:00 and 16:00 UTC; a market that pays more often pays the last of them again. */
const rateAt = (one: SyntheticSource, at: number): string =>
  one.fundingRate(Math.floor(at / (8 * HOUR_MS)) * 8 * HOUR_MS);

function* messagesOf(
  one: SyntheticSource,
  format: Format,
  { kind, presentAt }: { readonly kind: 'usdm' | 'spot'; readonly presentAt: number },
): Generator<Message> {
  const maker = new Maker(kind, one.listing, format);
  const bookAt = (at: number): readonly [Levels, Levels] => {
    const { bidPrice, bidQty, askPrice, askQty } = one.depth(at, LEVELS);
    return [levelsOf(bidPrice, bidQty, format), levelsOf(askPrice, askQty, format)];
  };
  yield maker.snapshot(presentAt, ...bookAt(presentAt));
  for (let from = presentAt; ; from += one.stepMs) {
    yield* maker.book(from, ...bookAt(from));
    const { length, at, price, qty, buyerIsMaker } = one.trades(from, from + one.stepMs);
    for (let trade = 0; trade < length; trade++) {
      const deal = { price: fromNumber(price[trade] as number), qty: fromNumber(qty[trade] as number) };
      yield maker.trade(at[trade] as number, { ...deal, isBuyerMaker: buyerIsMaker[trade] === 1 });
    }
  }
}

function levelsOf(prices: ArrayLike<number>, sizes: ArrayLike<number>, format: Format): Levels {
  return Array.from(prices, (price, level) => {
    const qty = fixed(fromNumber(sizes[level] as number), format.qty);
    return [fixed(fromNumber(price), format.price), qty] as const;
  });
}
