import { toNumber } from '../../base/decimal.ts';
import { defineMetric, type Metric } from '../metric.ts';
import { growthOf } from '../record.ts';

export const metric: Metric = defineMetric({
  name: 'totalReturn',
  title: 'Total return',
  group: 'result',
  unit: 'share',
  needs: 'nothing',
  about:
    'Net profit / start balance; with deposits or withdrawals time-weighted: the returns between them, chained. Source: C. R. Bacon, Practical Portfolio Performance Measurement and Attribution (2008).',
  compute(record) {
    const start = toNumber(record.startBalance);
    if (start <= 0) return undefined;
    return record.deposits === undefined ? toNumber(record.netProfit) / start : growthOf(record) - 1;
  },
});
