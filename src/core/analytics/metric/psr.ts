import { defineMetric, type Metric, over } from '../metric.ts';
import { deviation, kurtosis, mean, skewness } from '../moments.ts';
import { normalCdf } from '../series.ts';

/** From the daily Sharpe ratio, the number of returns, and their skewness and kurtosis (3 is normal). */
export function sharpeIsAboveZero(sharpe: number, count: number, skew: number, kurt: number): number {
  const spread = 1 - skew * sharpe + ((kurt - 1) / 4) * sharpe * sharpe;
  return normalCdf((sharpe * Math.sqrt(count - 1)) / Math.sqrt(spread));
}

export const metric: Metric = defineMetric({
  name: 'psr',
  title: 'Probabilistic Sharpe',
  group: 'ratios',
  unit: 'share',
  needs: 'days',
  about:
    'Probability that the true Sharpe ratio is above 0: N(s sqrt(n - 1) / sqrt(1 - g3 s + (g4 - 1) / 4 s^2)), s = daily Sharpe, g3 skewness, g4 kurtosis. Source: D. Bailey, M. Lopez de Prado, The Sharpe Ratio Efficient Frontier (2012).',
  compute(record) {
    const { returns } = record;
    const sharpe = over(mean(returns), deviation(returns));
    if (sharpe === undefined) return undefined;
    return sharpeIsAboveZero(sharpe, returns.length, skewness(returns), kurtosis(returns));
  },
});
