/** Arithmetic mean; NaN of nothing. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ?? NaN;
  return sum / values.length;
}

/** Sample standard deviation (ddof 1); NaN of fewer than two. */
export function deviation(values: ArrayLike<number>): number {
  if (values.length < 2) return NaN;
  return Math.sqrt(central(values, 2) * (values.length / (values.length - 1)));
}

/** Downside deviation `sqrt(sum(min(r, 0)^2) / N)`, N = all values, losers or not. */
export function downside(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const loss = Math.min(values[i] ?? NaN, 0);
    sum += loss * loss;
  }
  return Math.sqrt(sum / values.length);
}

/** Skewness of the values themselves: third central moment over the cube of the population deviation. */
export function skewness(values: ArrayLike<number>): number {
  const variance = central(values, 2);
  return central(values, 3) / (variance * Math.sqrt(variance));
}

/** Kurtosis (3 for a normal distribution): fourth central moment over the square of the population variance. */
export function kurtosis(values: ArrayLike<number>): number {
  const variance = central(values, 2);
  return central(values, 4) / (variance * variance);
}

/** Quantile `share` (0..1) of values in any order, linear between neighbours (type 7); NaN of nothing, or of a NaN. */
export function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  // It is sorted behind all others, which would be too few.
  if (Number.isNaN(sorted.at(-1))) return NaN;
  const place = (sorted.length - 1) * share;
  const under = Math.floor(place);
  const low = sorted[under] ?? NaN;
  const high = sorted[Math.min(under + 1, sorted.length - 1)] ?? NaN;
  return low + (high - low) * (place - under);
}

/** Population moment of the given order around the mean. */
function central(values: ArrayLike<number>, order: 2 | 3 | 4): number {
  const middle = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const gap = (values[i] ?? NaN) - middle;
    const square = gap * gap;
    sum += order === 2 ? square : order === 3 ? square * gap : square * square;
  }
  return sum / values.length;
}
