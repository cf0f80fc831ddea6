import { text } from '../../base/decimal.ts';
import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'closedProfit',
  title: 'Closed profit',
  group: 'result',
  unit: 'money',
  needs: 'nothing',
  about: 'Sum of the pnl of closed trades: gross - fees + funding.',
  compute: (record) => text(record.tally.all.pnl),
});
