import { defineMetric, type Metric, TRADES_MIN } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'winRateLong',
  title: 'Win rate long',
  group: 'trades',
  unit: 'share',
  needs: 'trades',
  about: 'Long trades with pnl above 0 / all long trades; n/a under 10 of them.',
  compute(record) {
    const { wins, trades } = record.tally.longs;
    return trades < TRADES_MIN ? undefined : wins / trades;
  },
});
