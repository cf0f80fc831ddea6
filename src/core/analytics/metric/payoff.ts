import { toNumber } from '../../base/decimal.ts';
import { defineMetric, type Metric, over } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'payoff',
  title: 'Payoff',
  group: 'ratios',
  unit: 'ratio',
  needs: 'trades',
  about: 'Average win / average loss, net.',
  compute(record) {
    const { won, lost, wins, losses } = record.tally.all;
    return over(toNumber(won) / wins, -toNumber(lost) / losses);
  },
});
