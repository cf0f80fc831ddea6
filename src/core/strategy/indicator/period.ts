/**
 * Checks the length of an indicator, in candles.
 * @throws {RangeError} where it is no whole number from 1 to 100,000: a bug of the strategy, parameters are ranged before.
 */
export function period(indicator: string, bars: number): number {
  if (Number.isInteger(bars) && bars >= 1 && bars <= 100_000) return bars;
  throw new RangeError(
    `${indicator}: expected a whole number of candles from 1 to 100000, found ${typeof bars} ${bars}`,
  );
}
