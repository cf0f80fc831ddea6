import { text } from '../../base/decimal.ts';
import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'shortProfit',
  title: 'Short profit',
  group: 'trades',
  unit: 'money',
  needs: 'nothing',
  about: 'Sum of the pnl of short trades.',
  compute: (record) => text(record.tally.shorts.pnl),
});
