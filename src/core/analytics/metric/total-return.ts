import { toNumber } from '../../base/decimal.ts';
import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'totalReturn',
  title: 'Total return',
  group: 'result',
  unit: 'share',
  needs: 'nothing',
  about: 'Net profit / start balance.',
  compute(record) {
    const start = toNumber(record.startBalance);
    return start > 0 ? toNumber(record.finalEquity - record.startBalance) / start : undefined;
  },
});
