import { defineMetric, type Metric } from '../metric.ts';
import { mean } from '../moments.ts';

export const metric: Metric = defineMetric({
  name: 'durationAverage',
  title: 'Average duration',
  group: 'trades',
  unit: 'ms',
  needs: 'trades',
  about: 'Mean time from entry to exit of closed trades.',
  compute: (record) => mean(record.tally.durations),
});
