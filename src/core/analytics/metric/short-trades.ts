import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'shortTrades',
  title: 'Short trades',
  group: 'trades',
  unit: 'count',
  needs: 'nothing',
  about: 'Closed short positions.',
  compute: (record) => record.tally.shorts.trades,
});
