import { text } from '../../base/decimal.ts';
import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'longProfit',
  title: 'Long profit',
  group: 'trades',
  unit: 'money',
  needs: 'nothing',
  about: 'Sum of the pnl of long trades.',
  compute: (record) => text(record.tally.longs.pnl),
});
