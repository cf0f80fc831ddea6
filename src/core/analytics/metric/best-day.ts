import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'bestDay',
  title: 'Best day',
  group: 'days',
  unit: 'share',
  needs: 'nothing',
  about: 'Highest daily return of equity; a day that begins without any has none.',
  compute: (record) => Math.max(...record.returns.filter((change) => !Number.isNaN(change))),
});
