import { text } from '../../base/decimal.ts';
import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'grossLoss',
  title: 'Lost by losers',
  group: 'trades',
  unit: 'money',
  needs: 'nothing',
  about: 'Sum of the pnl of the trades that lost, net of their costs.',
  compute: (record) => text(record.tally.all.lost),
});
