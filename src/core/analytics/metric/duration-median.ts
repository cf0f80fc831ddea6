import { defineMetric, type Metric } from '../metric.ts';
import { quantile } from '../moments.ts';

export const metric: Metric = defineMetric({
  name: 'durationMedian',
  title: 'Median duration',
  group: 'trades',
  unit: 'ms',
  needs: 'trades',
  about: 'Median time from entry to exit of closed trades.',
  compute: (record) => quantile(record.tally.durations, 0.5),
});
