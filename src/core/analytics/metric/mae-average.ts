import { numberText } from '../amount.ts';
import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'maeAverage',
  title: 'Average MAE',
  group: 'trades',
  unit: 'money',
  needs: 'trades',
  about:
    'Mean of the worst open profit or loss of each trade before costs (maximum adverse excursion). Source: J. Sweeney, Maximum Adverse Excursion (1997).',
  compute: (record) => numberText(record.tally.maeSum / record.trades.length),
});
