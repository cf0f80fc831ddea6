import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'bestDay',
  title: 'Best day',
  group: 'days',
  unit: 'share',
  needs: 'nothing',
  about: 'Highest daily return of equity.',
  compute: (record) => record.returns.reduce((best, change) => Math.max(best, change), -Infinity),
});
