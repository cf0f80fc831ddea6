import { toNumber } from '../../base/decimal.ts';
import { defineMetric, type Metric, over } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'profitFactor',
  title: 'Profit factor',
  group: 'ratios',
  unit: 'ratio',
  needs: 'trades',
  about: 'Sum of the pnl of winners / sum of the losses of losers, net; n/a without a loser.',
  compute: (record) => over(toNumber(record.tally.all.won), -toNumber(record.tally.all.lost)),
});
