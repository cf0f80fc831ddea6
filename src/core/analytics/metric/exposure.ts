import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'exposure',
  title: 'Exposure',
  group: 'costs',
  unit: 'share',
  needs: 'nothing',
  about:
    'Share of the time with a position open. A record without trades takes the share that was marked on its candles.',
  compute(record) {
    if (record.trades.length === 0 && record.open.length === 0) return record.tracker.exposure();
    return record.tally.heldMs / (record.to - record.from);
  },
});
