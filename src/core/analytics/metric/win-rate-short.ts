import { defineMetric, type Metric, TRADES_MIN } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'winRateShort',
  title: 'Win rate short',
  group: 'trades',
  unit: 'share',
  needs: 'trades',
  about: 'Short trades with pnl above 0 / all short trades; n/a under 10 of them.',
  compute(record) {
    const { wins, trades } = record.tally.shorts;
    return trades < TRADES_MIN ? undefined : wins / trades;
  },
});
