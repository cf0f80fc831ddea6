import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'drawdownDuration',
  title: 'Drawdown duration',
  group: 'risk',
  unit: 'ms',
  needs: 'nothing',
  about: 'From the peak of the maximum drawdown until equity was back at it, or to the end.',
  compute(record) {
    const deepest = record.tracker.maxDrawdown();
    return deepest === undefined ? 0 : (deepest.recoveredAt ?? record.to) - deepest.peakAt;
  },
});
