import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'durationLosses',
  title: 'Duration of losses',
  group: 'trades',
  unit: 'ms',
  needs: 'trades',
  about: 'Mean time from entry to exit of the trades that lost.',
  compute: (record) => record.tally.lossMs / record.tally.all.losses,
});
