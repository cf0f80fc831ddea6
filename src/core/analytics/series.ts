/**
 * exp, log, power and the normal distribution from + - * / alone: the same bits on every machine and V8, accurate to
 * 1e-12. For reports; decisions need none of them.
 */
const LN2 = Math.LN2;
const SQRT_HALF = Math.SQRT1_2;
const EXP_MAX = 709.782712893384;
const EXP_MIN = -745.1332191019412;

/** e^x: `x = k ln 2 + r`, Taylor's series for `r`, then k doublings. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > EXP_MAX) return Infinity;
  if (x < EXP_MIN) return 0;
  const k = Math.round(x / LN2);
  const r = x - k * LN2;
  let sum = 1;
  let term = 1;
  for (let n = 1; n <= 18; n++) {
    term *= r / n;
    sum += term;
  }
  const factor = k < 0 ? 0.5 : 2;
  for (let i = Math.abs(k); i > 0; i--) sum *= factor;
  return sum;
}

/** Natural logarithm: `x = m 2^k`, then `ln m = 2 artanh((m - 1) / (m + 1))`. NaN under 0. */
export function log(x: number): number {
  if (Number.isNaN(x) || x < 0) return NaN;
  if (x === 0) return -Infinity;
  if (x === Infinity) return Infinity;
  let k = 0;
  let m = x;
  for (; m >= 2 * SQRT_HALF; k++) m /= 2;
  for (; m < SQRT_HALF; k--) m *= 2;
  const t = (m - 1) / (m + 1);
  let sum = 0;
  let power = t;
  for (let n = 1; n <= 31; n += 2) {
    sum += power / n;
    power *= t * t;
  }
  return 2 * sum + k * LN2;
}

/** `base^exponent` for a base that is not negative. */
export function power(base: number, exponent: number): number {
  if (base === 0) return exponent > 0 ? 0 : exponent === 0 ? 1 : Infinity;
  return exp(exponent * log(base));
}

/**
 * Cumulative normal distribution, absolute error under 1e-14.
 * Source: G. Marsaglia, Evaluating the Normal Distribution, J. Stat. Software 11 (2004).
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > 8.3) return 1;
  if (x < -8.3) return 0;
  let sum = x;
  let term = x;
  for (let n = 3; n < 400 && Math.abs(term) > 1e-18 * Math.abs(sum); n += 2) {
    term *= (x * x) / n;
    sum += term;
  }
  const density = exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  return 0.5 + density * sum;
}
