import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'durationWins',
  title: 'Duration of wins',
  group: 'trades',
  unit: 'ms',
  needs: 'trades',
  about: 'Mean time from entry to exit of the trades that won.',
  compute: (record) => record.tally.winMs / record.tally.all.wins,
});
