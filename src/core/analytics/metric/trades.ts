import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'trades',
  title: 'Trades',
  group: 'trades',
  unit: 'count',
  needs: 'nothing',
  about: 'Closed positions; a flip closes one.',
  compute: (record) => record.trades.length,
});
