import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'maxDrawdown',
  title: 'Max drawdown',
  group: 'risk',
  unit: 'share',
  needs: 'nothing',
  about:
    'Deepest fall of equity from its running peak, as a share of the peak; equity is marked on every candle, and a deposit or withdrawal moves the peak in proportion.',
  compute: (record) => record.tracker.drawdown,
});
