import { text } from '../../base/decimal.ts';
import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'netProfit',
  title: 'Net profit',
  group: 'result',
  unit: 'money',
  needs: 'nothing',
  about:
    'Final equity - start balance - deposits + withdrawals: after fees and funding, open profit and loss included.',
  compute: (record) => text(record.netProfit),
});
