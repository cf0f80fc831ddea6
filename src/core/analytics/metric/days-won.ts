import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'daysWon',
  title: 'Days won',
  group: 'days',
  unit: 'count',
  needs: 'nothing',
  about: 'Days on which equity rose.',
  compute: (record) => record.returns.filter((change) => change > 0).length,
});
