import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'winsInRow',
  title: 'Most wins in a row',
  group: 'trades',
  unit: 'count',
  needs: 'nothing',
  about: 'Longest run of trades with pnl above 0, in the order of closing.',
  compute: (record) => record.tally.winsInRow,
});
