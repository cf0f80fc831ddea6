import { defineMetric, type Metric } from '../metric.ts';
import { mean } from '../moments.ts';

export const metric: Metric = defineMetric({
  name: 'dailyAverage',
  title: 'Average day',
  group: 'days',
  unit: 'share',
  needs: 'days',
  about: 'Mean daily return of equity.',
  compute: (record) => mean(record.returns),
});
