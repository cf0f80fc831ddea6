import { numberText } from '../amount.ts';
import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'maxDrawdownAmount',
  title: 'Max drawdown amount',
  group: 'risk',
  unit: 'money',
  needs: 'nothing',
  about: 'Peak minus valley of the maximum drawdown.',
  compute: (record) => numberText(record.tracker.maxDrawdown()?.amount ?? 0),
});
