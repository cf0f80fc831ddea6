import { numberText } from '../amount.ts';
import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'mfeAverage',
  title: 'Average MFE',
  group: 'trades',
  unit: 'money',
  needs: 'trades',
  about: 'Mean of the best open profit of each trade before costs (maximum favourable excursion).',
  compute: (record) => numberText(record.tally.mfeSum / record.trades.length),
});
