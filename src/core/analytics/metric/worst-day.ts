import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'worstDay',
  title: 'Worst day',
  group: 'days',
  unit: 'share',
  needs: 'nothing',
  about: 'Lowest daily return of equity.',
  compute: (record) => record.returns.reduce((worst, change) => Math.min(worst, change), Infinity),
});
