import { text } from '../../base/decimal.ts';
import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'grossProfit',
  title: 'Won by winners',
  group: 'trades',
  unit: 'money',
  needs: 'nothing',
  about: 'Sum of the pnl of the trades that won, net of their costs.',
  compute: (record) => text(record.tally.all.won),
});
