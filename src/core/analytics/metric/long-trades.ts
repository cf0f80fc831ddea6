import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'longTrades',
  title: 'Long trades',
  group: 'trades',
  unit: 'count',
  needs: 'nothing',
  about: 'Closed long positions.',
  compute: (record) => record.tally.longs.trades,
});
