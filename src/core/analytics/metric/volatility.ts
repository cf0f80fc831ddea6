import { defineMetric, type Metric, YEAR_DAYS } from '../metric.ts';
import { deviation } from '../moments.ts';

export const metric: Metric = defineMetric({
  name: 'volatility',
  title: 'Volatility a year',
  group: 'risk',
  unit: 'share',
  needs: 'days',
  about: 'Standard deviation (ddof 1) of daily returns x sqrt(365).',
  compute: (record) => deviation(record.returns) * Math.sqrt(YEAR_DAYS),
});
