import { text } from '../../base/decimal.ts';
import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'netDeposits',
  title: 'Net deposits',
  group: 'result',
  unit: 'money',
  needs: 'nothing',
  about: 'Deposits minus withdrawals: neither profit nor loss.',
  compute: (record) => text(record.deposits ?? 0n),
});
