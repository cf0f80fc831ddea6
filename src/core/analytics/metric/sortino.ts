import { defineMetric, type Metric, over, YEAR_DAYS } from '../metric.ts';
import { downside, mean } from '../moments.ts';

export const metric: Metric = defineMetric({
  name: 'sortino',
  title: 'Sortino',
  group: 'ratios',
  unit: 'ratio',
  needs: 'days',
  about:
    'mean / sqrt(sum(min(r, 0)^2) / N) x sqrt(365) of daily returns, N = all days. Source: F. A. Sortino, L. N. Price, Performance Measurement in a Downside Risk Framework (1994), target 0.',
  compute(record) {
    const ratio = over(mean(record.returns), downside(record.returns));
    return ratio === undefined ? undefined : ratio * Math.sqrt(YEAR_DAYS);
  },
});
