import { toNumber } from '../../base/decimal.ts';
import { defineMetric, type Metric, over } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'turnover',
  title: 'Turnover',
  group: 'costs',
  unit: 'times',
  needs: 'nothing',
  about: 'Traded value / mean of the daily closes of equity.',
  compute: (record) => over(toNumber(record.tally.volume), record.tracker.meanEquity()),
});
