import { text } from '../../base/decimal.ts';
import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'worstTrade',
  title: 'Worst trade',
  group: 'trades',
  unit: 'money',
  needs: 'nothing',
  about: 'Lowest pnl of a closed trade.',
  compute(record) {
    const { worst } = record.tally;
    return worst === undefined ? undefined : text(worst);
  },
});
