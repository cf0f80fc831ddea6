import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'worstDay',
  title: 'Worst day',
  group: 'days',
  unit: 'share',
  needs: 'nothing',
  about: 'Lowest daily return of equity; a day that begins without any has none.',
  compute: (record) => Math.min(...record.returns.filter((change) => !Number.isNaN(change))),
});
