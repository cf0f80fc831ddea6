import { toNumber } from '../../base/decimal.ts';
import { defineMetric, type Metric, over } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'profitToDrawdown',
  title: 'Profit to drawdown',
  group: 'ratios',
  unit: 'ratio',
  needs: 'trades',
  about: 'Net profit / amount of the maximum drawdown.',
  compute: (record) => over(toNumber(record.netProfit), record.tracker.maxDrawdown()?.amount ?? 0),
});
