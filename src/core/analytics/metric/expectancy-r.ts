import { defineMetric, type Metric, TRADES_MIN } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'expectancyR',
  title: 'Expectancy in R',
  group: 'ratios',
  unit: 'r',
  needs: 'trades',
  about: 'Mean of pnl / planned risk over the trades that planned one; n/a under 10 of them.',
  compute: (record) => (record.tally.planned < TRADES_MIN ? undefined : record.tally.rSum / record.tally.planned),
});
