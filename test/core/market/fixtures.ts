import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import type { Bar, Candles } from '../../../src/core/domain/candle.ts';
import { DataError } from '../../../src/core/market/data-error.ts';
import { ROOT } from '../../support/checkout.ts';

/** The folder of real market data beside the checkout. */
export const DATA = resolve(ROOT, '../shared/data');
export const hasData = existsSync(DATA);
/** For names of tests that are left out where the data is. */
export const NEEDS_DATA = hasData ? '' : ' (left out: needs ../shared/data)';

export const MINUTE_MS = 60_000;
/** 2024-01-01T00:00:00Z */
export const START_AT = 1_704_067_200_000;

export const HEADER = 'timestamp_ms,open,high,low,close,volume';

/** Bytes of a text, as a file holds them. */
export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** One row of `[minute, open, high, low, close, volume]`, minutes counted from START_AT. */
export type Row = readonly [number, number, number, number, number, number];

export function candlesOf(rows: readonly Row[], timeframeMs = MINUTE_MS): Candles {
  const column = (index: number): Float64Array => Float64Array.from(rows, (row) => row[index] as number);
  return {
    timeframeMs,
    length: rows.length,
    openAt: column(0).map((minute) => START_AT + minute * MINUTE_MS),
    open: column(1),
    high: column(2),
    low: column(3),
    close: column(4),
    volume: column(5),
  };
}

/** The rows of a series as plain numbers, for comparison. */
export function rowsOf(candles: Candles): number[][] {
  const { openAt, open, high, low, close, volume } = candles;
  return Array.from(openAt, (at, row) => [at, ...[open, high, low, close, volume].map((each) => each[row] as number)]);
}

export const barRow = (bar: Bar): number[] => [bar.openAt, bar.open, bar.high, bar.low, bar.close, bar.volume];

/** The refusal that a call ends in. */
export function refusalOf(call: () => unknown): DataError {
  try {
    call();
  } catch (error) {
    if (error instanceof DataError) return error;
    throw error;
  }
  throw new Error('expected a refusal, found none');
}

/** The refusal that work ends in. */
export async function lateRefusalOf(work: Promise<unknown>): Promise<DataError> {
  const error: unknown = await work.then(
    () => undefined,
    (problem: unknown) => problem,
  );
  if (error instanceof DataError) return error;
  throw error instanceof Error ? error : new Error('expected a refusal, found none');
}

const priceNumber = fc.oneof(
  fc.integer({ min: 1, max: 10_000_000 }).map((ticks) => ticks / 100),
  fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
);
const volumeNumber = fc.oneof(
  fc.integer({ min: 0, max: 1e9 }).map((lots) => lots / 1_000),
  fc.double({ min: 0, max: 1e15, noNaN: true }),
);
const rowNumbers = fc.record({
  prices: fc.tuple(priceNumber, priceNumber, priceNumber, priceNumber),
  volume: volumeNumber,
});

/** Any sound series of one-minute candles that begins within two hours of START_AT, with a gap now and then. */
export const anyCandles: fc.Arbitrary<Candles> = fc
  .tuple(
    fc.integer({ min: 0, max: 120 }),
    fc.array(fc.tuple(fc.constantFrom(1, 1, 1, 1, 1, 2, 7, 40), rowNumbers), { minLength: 2, maxLength: 150 }),
  )
  .map(([first, steps]) => {
    let minute = first;
    return candlesOf(
      steps.map(([step, { prices, volume }]): Row => {
        minute += step;
        const [open, close, ...others] = prices;
        const all = [open, close, ...others];
        return [minute, open, Math.max(...all), Math.min(...all), close, volume];
      }),
    );
  });
