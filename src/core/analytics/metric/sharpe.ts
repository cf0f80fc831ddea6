import { defineMetric, type Metric, over, YEAR_DAYS } from '../metric.ts';
import { deviation, mean } from '../moments.ts';

export const metric: Metric = defineMetric({
  name: 'sharpe',
  title: 'Sharpe',
  group: 'ratios',
  unit: 'ratio',
  needs: 'days',
  about:
    'mean / standard deviation (ddof 1) x sqrt(365) of daily UTC returns of equity, open profit and loss included. Source: W. F. Sharpe, The Sharpe Ratio (1994), risk-free rate 0.',
  compute(record) {
    const ratio = over(mean(record.returns), deviation(record.returns));
    return ratio === undefined ? undefined : ratio * Math.sqrt(YEAR_DAYS);
  },
});
