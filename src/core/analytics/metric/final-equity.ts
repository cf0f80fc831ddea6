import { text } from '../../base/decimal.ts';
import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'finalEquity',
  title: 'Final equity',
  group: 'result',
  unit: 'money',
  needs: 'nothing',
  about: 'Balance plus open profit and loss at the end.',
  compute: (record) => text(record.finalEquity),
});
