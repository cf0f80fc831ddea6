import { text } from '../../base/decimal.ts';
import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'volume',
  title: 'Traded value',
  group: 'costs',
  unit: 'money',
  needs: 'nothing',
  about: 'Sum of price x quantity of entries and exits.',
  compute: (record) => text(record.tally.volume),
});
