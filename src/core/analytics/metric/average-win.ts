import { averageText } from '../amount.ts';
import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'averageWin',
  title: 'Average win',
  group: 'trades',
  unit: 'money',
  needs: 'trades',
  about: 'Mean pnl of the trades that won.',
  compute: (record) => averageText(record.tally.all.won, record.tally.all.wins),
});
