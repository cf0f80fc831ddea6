import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'daysLost',
  title: 'Days lost',
  group: 'days',
  unit: 'count',
  needs: 'nothing',
  about: 'Days on which equity fell.',
  compute: (record) => record.returns.filter((change) => change < 0).length,
});
