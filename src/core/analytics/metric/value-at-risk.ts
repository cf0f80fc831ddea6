import { defineMetric, type Metric } from '../metric.ts';
import { quantile } from '../moments.ts';

export const metric: Metric = defineMetric({
  name: 'valueAtRisk',
  title: 'Value at risk 95 %',
  group: 'risk',
  unit: 'share',
  needs: 'days',
  about:
    'The daily return that was undercut on one day in twenty: 5 % quantile of daily returns, linear between neighbours.',
  compute: (record) => quantile(record.returns, 0.05),
});
