import { text } from '../../base/decimal.ts';
import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'funding',
  title: 'Funding',
  group: 'costs',
  unit: 'money',
  needs: 'nothing',
  about: 'Funding received (paid: under 0), that of an open position included.',
  compute: (record) => text(record.tally.funding),
});
