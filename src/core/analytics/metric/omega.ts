import { defineMetric, type Metric, over } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'omega',
  title: 'Omega',
  group: 'ratios',
  unit: 'ratio',
  needs: 'days',
  about:
    'Sum of daily gains / sum of daily losses, threshold 0. Source: C. Keating, W. F. Shadwick, A Universal Performance Measure (2002).',
  compute(record) {
    let gains = 0;
    let losses = 0;
    for (const change of record.returns) {
      if (change > 0) gains += change;
      else losses -= change;
    }
    return over(gains, losses);
  },
});
