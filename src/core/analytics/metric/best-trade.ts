import { text } from '../../base/decimal.ts';
import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'bestTrade',
  title: 'Best trade',
  group: 'trades',
  unit: 'money',
  needs: 'nothing',
  about: 'Highest pnl of a closed trade.',
  compute(record) {
    const { best } = record.tally;
    return best === undefined ? undefined : text(best);
  },
});
