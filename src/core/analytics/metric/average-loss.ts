import { averageText } from '../amount.ts';
import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'averageLoss',
  title: 'Average loss',
  group: 'trades',
  unit: 'money',
  needs: 'trades',
  about: 'Mean pnl of the trades that lost.',
  compute: (record) => averageText(record.tally.all.lost, record.tally.all.losses),
});
