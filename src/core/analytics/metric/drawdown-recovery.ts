import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'drawdownRecovery',
  title: 'Drawdown recovery',
  group: 'risk',
  unit: 'ms',
  needs: 'nothing',
  about: 'From the valley of the maximum drawdown until equity was back at the peak; n/a while it is not.',
  compute(record) {
    const deepest = record.tracker.maxDrawdown();
    return deepest?.recoveredAt === undefined ? undefined : deepest.recoveredAt - deepest.valleyAt;
  },
});
