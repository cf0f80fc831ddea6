import { numberText } from '../amount.ts';
import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'givenBack',
  title: 'Average given back',
  group: 'trades',
  unit: 'money',
  needs: 'trades',
  about: 'Mean of best open profit minus gross profit at the exit (end-trade drawdown).',
  compute: (record) => numberText(record.tally.givenBackSum / record.trades.length),
});
