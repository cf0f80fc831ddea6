import { text } from '../../base/decimal.ts';
import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'fees',
  title: 'Fees',
  group: 'costs',
  unit: 'money',
  needs: 'nothing',
  about: 'Fees paid, those of an open position included.',
  compute: (record) => text(record.tally.fees),
});
