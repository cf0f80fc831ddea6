import { text } from '../../base/decimal.ts';
import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'startBalance',
  title: 'Start balance',
  group: 'result',
  unit: 'money',
  needs: 'nothing',
  about: 'Balance at the start.',
  compute: (record) => text(record.startBalance),
});
