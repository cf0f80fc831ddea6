/** One measured figure. `limit` is what it must reach, as a person reads it; `isGood` says whether it does. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly limit?: string;
  readonly isGood?: boolean;
  /** What it was measured beside: `C 17.2 ms`. */
  readonly beside?: string;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export const round = (value: number, digits = 2): number => Number(value.toFixed(digits));
