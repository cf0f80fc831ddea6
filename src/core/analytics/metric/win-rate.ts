import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'winRate',
  title: 'Win rate',
  group: 'trades',
  unit: 'share',
  needs: 'trades',
  about: 'Trades with pnl above 0 / all closed trades.',
  compute: (record) => record.tally.all.wins / record.tally.all.trades,
});
