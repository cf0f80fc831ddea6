import { numberText } from '../amount.ts';
import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'maeLargest',
  title: 'Largest MAE',
  group: 'trades',
  unit: 'money',
  needs: 'nothing',
  about: 'Worst open loss that any closed trade saw, before costs.',
  compute: (record) => (record.trades.length === 0 ? undefined : numberText(record.tally.maeMin)),
});
