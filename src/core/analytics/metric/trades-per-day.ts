import { DAY_MS } from '../../domain/time.ts';
import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'tradesPerDay',
  title: 'Trades a day',
  group: 'trades',
  unit: 'ratio',
  needs: 'nothing',
  about: 'Closed trades / days of the record.',
  compute: (record) => (record.trades.length * DAY_MS) / (record.to - record.from),
});
