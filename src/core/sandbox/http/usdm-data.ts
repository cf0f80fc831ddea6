import { ONE, parse } from '../../base/decimal.ts';
import type { Kline, Listing } from '../market.ts';
import { fixed, share } from './amounts.ts';
import { interval, limit, listing, must, whole, word } from './parameters.ts';
import { digitsOf } from './prices.ts';
import { type Route, route, type Seat } from './route.ts';

const DAY_MS = 86_400_000;
const PERIODS = {
  symbol: must(listing),
  period: must(interval),
  startTime: whole,
  endTime: whole,
  limit: limit(30, 500),
};

interface Wanted {
  readonly symbol: Listing;
  readonly period: number;
  readonly startTime: number | undefined;
  readonly endTime: number | undefined;
  readonly limit: number;
}

/** Statistics by period, which Binance keeps apart from the market (`/futures/data`). They have no weight of their own. */
export const USDM_DATA: readonly Route[] = [
  route('GET /futures/data/openInterestHist', {
    weight: 0,
    ask: PERIODS,
    answer: (asked, seat) => interests(asked, seat),
  }),
  route('GET /futures/data/takerlongshortRatio', {
    weight: 0,
    ask: PERIODS,
    answer: (asked, seat) => periods(asked, seat).map((row) => takers(row, digitsOf(seat.market, asked.symbol).qty)),
  }),
  route('GET /futures/data/basis', {
    weight: 0,
    ask: { ...PERIODS, symbol: listing, pair: must(listing), contractType: must(word) },
    answer: (asked, seat) =>
      asked.contractType === 'PERPETUAL'
        ? periods({ ...asked, symbol: asked.pair }, seat).map(basisOf(asked.pair))
        : [],
  }),
  ...['topLongShortAccountRatio', 'topLongShortPositionRatio', 'globalLongShortAccountRatio'].map((name) =>
    route(`GET /futures/data/${name}`, {
      weight: 0,
      ask: PERIODS,
      // Nobody else has an account here: as many are long as are short.
      answer: (asked: Wanted, seat: Seat) =>
        periods(asked, seat).map(({ openAt }) => ({
          symbol: asked.symbol.id,
          longShortRatio: '1.0000',
          longAccount: '0.5000',
          shortAccount: '0.5000',
          timestamp: openAt,
        })),
    }),
  ),
];

function periods({ symbol, period, startTime: startAt, endTime: endAt, limit: most }: Wanted, { market }: Seat) {
  const query = { limit: most, of: 'trades' as const };
  const from = startAt === undefined ? query : { ...query, startAt };
  return market.klines(symbol.id, period, endAt === undefined ? from : { ...from, endAt });
}

/** A third of the volume of the 24 hours before, as `openInterest` tells it of the present. */
function interests(asked: Wanted, seat: Seat): unknown[] {
  const { symbol, period } = asked;
  const rows = periods(asked, seat);
  const [first] = rows;
  if (first === undefined) return [];
  const span = { ...asked, startTime: first.openAt - DAY_MS, limit: rows.length + Math.ceil(DAY_MS / period) };
  const volumes = periods(span, seat).map(({ openAt, volume }) => ({ openAt, volume: parse(volume) }));
  return rows.map(({ openAt, close }) => {
    const day = volumes.filter((one) => one.openAt > openAt - DAY_MS && one.openAt <= openAt);
    const held = day.reduce((total, one) => total + one.volume, 0n) / 3n;
    return {
      symbol: symbol.id,
      sumOpenInterest: fixed(held, 8),
      sumOpenInterestValue: fixed((held * parse(close)) / ONE, 8),
      CMCCirculatingSupply: '0.00000000',
      timestamp: openAt,
    };
  });
}

/** A contract costs what its index says here. */
const basisOf =
  ({ id }: Listing) =>
  ({ openAt, close }: Kline): unknown => ({
    indexPrice: fixed(parse(close), 8),
    contractType: 'PERPETUAL',
    basisRate: '0.0000',
    futuresPrice: close,
    annualizedBasisRate: '',
    basis: '0.00000000',
    pair: id,
    timestamp: openAt,
  });

/** What takers bought and sold in a period. */
function takers({ openAt, volume, takerBase }: Kline, digits: number): unknown {
  const bought = parse(takerBase);
  const sold = parse(volume) - bought;
  return {
    buySellRatio: fixed(share(bought, sold), 4),
    buyVol: fixed(bought, digits),
    sellVol: fixed(sold, digits),
    timestamp: openAt,
  };
}
