import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'days',
  title: 'Days',
  group: 'days',
  unit: 'count',
  needs: 'nothing',
  about: 'UTC days of the record, the parts at its ends included.',
  compute: (record) => record.returns.length,
});
