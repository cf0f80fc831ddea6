import { builtInInstrument } from '../../src/core/domain/instrument-table.ts';
import type { Listing } from '../../src/core/sandbox/market.ts';
import type { CandleSeries } from '../../src/core/sandbox/source/candles.ts';

const MINUTE_MS = 60_000;

/** A symbol as the stand-in lists it: `BTC/USDT:USDT` is BTCUSDT of USDS-M. */
export function sandboxListing(symbol: string, priceDigits?: number): Listing {
  const instrument = builtInInstrument(symbol, { priceDigits });
  if (instrument === undefined) throw new Error(`${symbol} is no symbol`);
  const { base, quote, kind } = instrument;
  return {
    id: `${base}${quote}`,
    instrument,
    status: 'TRADING',
    fundingHours: kind === 'spot' ? 0 : 8,
    onboardAt: Date.UTC(2020, 0, 1),
  };
}

/** Candles of a price that rises and falls around `base` and pays its tick; the first opens at `startAt`. */
export function waveSeries(
  symbol: string,
  of: { readonly base: number; readonly startAt: number; readonly rows?: number; readonly timeframeMs?: number },
): CandleSeries {
  const { base, startAt, rows = 240, timeframeMs = MINUTE_MS } = of;
  const priceAt = (row: number): number => Math.round(base * (1 + 0.004 * Math.sin(row / 9)) * 10) / 10;
  const column = (value: (row: number) => number): Float64Array =>
    Float64Array.from({ length: rows }, (_, row) => value(row));
  const wick = (row: number): number => Math.round(base * 0.0005 * (1 + (row % 3)) * 10) / 10;
  const columns = {
    openAt: column((row) => startAt + row * timeframeMs),
    open: column(priceAt),
    high: column((row) => Math.round((Math.max(priceAt(row), priceAt(row + 1)) + wick(row)) * 10) / 10),
    low: column((row) => Math.round((Math.min(priceAt(row), priceAt(row + 1)) - wick(row + 1)) * 10) / 10),
    close: column((row) => priceAt(row + 1)),
    volume: column((row) => Math.round(base * (1 + (row % 5))) / 1_000),
  };
  return { listing: sandboxListing(symbol), columns, timeframeMs };
}
