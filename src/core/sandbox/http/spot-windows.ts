import type { Listing } from '../market.ts';
import { Refusal } from './answer.ts';
import { invalid, listing, listings, type Parameter } from './parameters.ts';
import { type Span, spanFrom, tickerFields } from './prices.ts';
import { type Route, route, type Seat, some, type Weight } from './route.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Unit of a window: its ms, and how many there may be. */
const UNITS: Readonly<Record<string, readonly [ms: number, most: number]>> = {
  m: [MINUTE_MS, 59],
  h: [60 * MINUTE_MS, 23],
  d: [DAY_MS, 7],
};

/** `1m` to `59m`, `1h` to `23h`, `1d` to `7d`. */
const windowSize: Parameter<number> = {
  read(text = '1d', name) {
    const [, count = '', unit = ''] = /^(\d{1,2})([mhd])$/.exec(text) ?? [];
    const [ms, most] = UNITS[unit] ?? [0, 0];
    if (Number(count) >= 1 && Number(count) <= most) return Number(count) * ms;
    return invalid(name);
  },
};

const tickerType: Parameter<'FULL' | 'MINI'> = {
  read(text = 'FULL', name) {
    return text === 'FULL' || text === 'MINI' ? text : invalid(name);
  },
};

const ASK = { symbol: listing, symbols: listings, type: tickerType };

interface Wanted {
  readonly symbol: Listing | undefined;
  readonly symbols: readonly Listing[] | undefined;
  readonly type: 'FULL' | 'MINI';
}

const SYMBOL_WEIGHT = 4;
const WEIGHT_MAX = 200;

/** Four for each market, two hundred for many. */
const weight: Weight = (query) => {
  const named = query.get('symbols')?.split(',').length ?? 1;
  return Math.min(named * SYMBOL_WEIGHT, WEIGHT_MAX);
};

/** What was traded since an instant: of a window that moves, and of the day that began at 00:00 UTC. */
export const SPOT_WINDOWS: readonly Route[] = [
  route('GET /api/v3/ticker', {
    weight,
    ask: { ...ASK, windowSize },
    // Documented: a window begins at most a minute before it should.
    answer: (asked, seat) =>
      rowsSince(asked, seat, Math.floor((seat.now() - asked.windowSize) / MINUTE_MS) * MINUTE_MS),
  }),
  route('GET /api/v3/ticker/tradingDay', {
    weight,
    ask: ASK,
    answer: (asked, seat) => rowsSince(asked, seat, Math.floor(seat.now() / DAY_MS) * DAY_MS),
  }),
];

function rowsSince(asked: Wanted, seat: Seat, from: number): unknown {
  if (asked.symbol === undefined && asked.symbols === undefined) {
    return new Refusal(400, -1102, "Param 'symbol' or 'symbols' must be sent, but both were empty/null!");
  }
  return some(seat, asked, (one) => windowRow(one, seat, spanFrom(seat.market, one.id, from), asked.type));
}

function windowRow(one: Listing, { market }: Seat, span: Span, type: 'FULL' | 'MINI'): unknown {
  const {
    symbol,
    priceChange,
    priceChangePercent,
    weightedAvgPrice,
    lastPrice,
    lastQty: _,
    ...rest
  } = tickerFields(market, one, span);
  const { openPrice, highPrice, lowPrice, ...sums } = rest;
  const change = type === 'FULL' ? { priceChange, priceChangePercent, weightedAvgPrice } : {};
  return { symbol, ...change, openPrice, highPrice, lowPrice, lastPrice, ...sums };
}
