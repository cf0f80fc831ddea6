import { numberText } from '../amount.ts';
import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'mfeLargest',
  title: 'Largest MFE',
  group: 'trades',
  unit: 'money',
  needs: 'nothing',
  about: 'Best open profit that any closed trade saw, before costs.',
  compute: (record) => (record.trades.length === 0 ? undefined : numberText(record.tally.mfeMax)),
});
