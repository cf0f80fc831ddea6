import { averageText } from '../amount.ts';
import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'expectancy',
  title: 'Expectancy',
  group: 'ratios',
  unit: 'money',
  needs: 'trades',
  about: 'Mean pnl of a closed trade.',
  compute: (record) => averageText(record.tally.all.pnl, record.trades.length),
});
