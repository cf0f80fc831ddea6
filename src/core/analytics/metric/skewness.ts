import { defineMetric, type Metric, SIGMA_MIN } from '../metric.ts';
import { deviation, skewness } from '../moments.ts';

export const metric: Metric = defineMetric({
  name: 'skewness',
  title: 'Skewness of days',
  group: 'risk',
  unit: 'ratio',
  needs: 'days',
  about: 'Third central moment of daily returns / cube of their population deviation.',
  compute: (record) => (deviation(record.returns) < SIGMA_MIN ? undefined : skewness(record.returns)),
});
